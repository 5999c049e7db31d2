import { connect, type Socket } from 'node:net';
import type { TestApp } from '../start-app.ts';

/** What came back, as it stood on the wire. */
export interface RawAnswer {
  /** 0: the connection was closed without an answer. */
  status: number;
  /** Each line of the head, but for the first. */
  headers: string[];
  body: string;
}

/**
 * Sends a request byte by byte, with nothing mended by a client on the way: the text stands for bytes (latin1). Ends
 * with the connection, so it has to ask for that.
 * @throws if that takes longer than `limitMs`
 */
export async function sendRaw(app: TestApp, request: string, limitMs = 1000): Promise<RawAnswer> {
  const socket = open(app);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  try {
    await new Promise<void>((resolve, reject) => {
      const hung = () => reject(new Error(`no answer within ${limitMs} ms`));
      const timer = setTimeout(hung, limitMs);
      // Where the server closes before it has read everything, a reset may follow its answer.
      socket.on('error', () => {});
      socket.on('close', () => {
        clearTimeout(timer);
        resolve();
      });
      socket.write(request, 'latin1');
    });
  } finally {
    socket.destroy();
  }
  // "100 Continue" comes before the answer and is none.
  const text = Buffer.concat(chunks)
    .toString('latin1')
    .replace(/^HTTP\/1\.1 1\d\d .*?\r\n\r\n/s, '');
  const end = text.indexOf('\r\n\r\n');
  const [first = '', ...headers] = text.slice(0, Math.max(end, 0)).split('\r\n');
  return { status: Number(first.split(' ')[1] ?? 0), headers, body: text.slice(end + 4) };
}

/** A connection on which nothing has been sent. */
export function open(app: TestApp): Socket {
  const { hostname, port } = new URL(app.url);
  return connect(Number(port), hostname);
}

/** A POST of a form, with the headers that belong to it. */
export function formPost(path: string, form: string, headers: readonly string[] = []): string {
  const length = Buffer.byteLength(form, 'latin1');
  const own = [
    'Content-Type: application/x-www-form-urlencoded',
    `Content-Length: ${length}`,
    'Connection: close',
  ];
  return `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${[...own, ...headers].join('\r\n')}\r\n\r\n${form}`;
}
