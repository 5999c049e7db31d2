import net from 'node:net';
import { options, serve } from './serve.ts';

export interface LoadOptions {
  /** The same page, on as many servers. */
  urls: string[];
  cookie?: string;
  connections: number;
}

export interface Load {
  requestsPerSecond: number;
  /** Answers that were not 200. */
  failed: number;
}

// Asks for one page as fast as the servers answer, on kept-alive connections, each of which waits for its answer. It
// works on bare sockets: a whole HTTP client would be slower than the server that it is to measure.
const { urls, cookie = '', connections } = options<LoadOptions>();
let answered = 0;
let failed = 0;

// It listens to nobody; the address only says that it is ready.
serve(net.createServer(), 'tcp', async (seconds): Promise<Load> => {
  [answered, failed] = [0, 0];
  const start = performance.now();
  const until = start + Number(seconds) * 1000;
  await Promise.all(
    Array.from({ length: connections }, (_, n) => ask(urls[n % urls.length], until)),
  );
  return { requestsPerSecond: (answered / (performance.now() - start)) * 1000, failed };
});

/** Asks on one connection, again and again until the time is over. */
async function ask(url = '', until = 0): Promise<void> {
  const { pathname, host, hostname, port } = new URL(url);
  const request = `GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\n${cookie && `Cookie: ${cookie}\r\n`}\r\n`;
  const socket = net.connect({ host: hostname, port: Number(port), noDelay: true });
  let missing = 0; // bytes of the answer that are still to come
  socket.on('data', (chunk) => {
    missing = missing === 0 ? missingAfterHead(chunk) : missing - chunk.length;
    if (missing > 0) return;
    answered++;
    if (performance.now() < until) socket.write(request);
    else socket.end();
  });
  socket.write(request);
  await new Promise((resolve, reject) => socket.once('close', resolve).once('error', reject));
}

/** Reads the head of an answer, and how much of its body did not come along. */
function missingAfterHead(chunk: Buffer): number {
  const end = chunk.indexOf('\r\n\r\n') + 4;
  const head = chunk.toString('latin1', 0, end);
  if (!head.startsWith('HTTP/1.1 200 ')) failed++;
  return end + Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1]) - chunk.length;
}
