import { createServer } from 'node:net';

// Below the ports from which a system takes those of outgoing connections: one of them could be gone the next moment.
const [FIRST, COUNT] = [10_000, 20_000];

/** A port of this machine that nobody listens on, at least at this moment. */
export async function freePort(): Promise<number> {
  const port = FIRST + Math.floor(Math.random() * COUNT);
  const server = createServer();
  const isFree = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true));
  });
  if (!isFree) return freePort();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
