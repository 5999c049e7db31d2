import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { afterAll } from '@jest/globals';
import { selfSigned } from './self-signed.ts';

const closing: (() => void)[] = [];
afterAll(() => {
  for (const close of closing.splice(0)) close();
});

/**
 * Puts TLS before a plain HTTP server of this machine, so that the SDK asks it as it asks Twilio: through its own agent,
 * which is for https alone. Gives the https URL; who makes a client from now on trusts its certificate.
 */
export async function behindTls(url: string): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'tls-'));
  const { key, cert } = selfSigned(folder);
  const { port, pathname } = new URL(url);
  const sockets = new Set<net.Socket>();
  const server = tls.createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (one) => {
    const other = net.connect(Number(port), '127.0.0.1');
    for (const [from, to] of [
      [one, other],
      [other, one],
    ] as const) {
      sockets.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.env.TWILIO_CA_BUNDLE = cert; // the SDK's own variable for this
  closing.push(() => {
    delete process.env.TWILIO_CA_BUNDLE;
    rmSync(folder, { recursive: true });
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port: own } = server.address() as net.AddressInfo;
  return `https://127.0.0.1:${own}${pathname}`;
}
