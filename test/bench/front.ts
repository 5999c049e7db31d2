import { execFileSync } from 'node:child_process';
import path from 'node:path';
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

function selfSigned(folder: string): { key: string; cert: string } {
  const [key, cert] = [path.join(folder, 'key.pem'), path.join(folder, 'cert.pem')];
  const request = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2';
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
  // openssl tells its progress on stderr.
  execFileSync('openssl', [...request.split(' '), ...names, '-keyout', key, '-out', cert], {
    stdio: 'pipe',
  });
  return { key, cert };
}
