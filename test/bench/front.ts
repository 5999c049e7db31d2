import { selfSigned } from '../self-signed.ts';
import type { Helper, Lab } from './lab.ts';
import type { FrontOptions } from './processes/front.ts';

export interface Front extends Helper {
  /** The file with the certificate that whoever asks has to trust. */
  cert: string;
}

/** Puts TLS, and a wire of a given length, before a plain HTTP server of this machine. */
export async function startFront(lab: Lab, target: string, roundTrip = 0): Promise<Front> {
  const { key, cert } = selfSigned(lab.folder());
  const options: FrontOptions = { target, key, cert, roundTrip };
  return { ...(await lab.start('front.ts', { ...options })), cert };
}
