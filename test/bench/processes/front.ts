import { readFileSync } from 'node:fs';
import net from 'node:net';
import { Transform } from 'node:stream';
import tls from 'node:tls';
import { options, serve } from './serve.ts';

/** Where a plain HTTP server stands, and what to put before it. */
export interface FrontOptions {
  target: string;
  key: string;
  cert: string;
  /** How long a packet takes there and back, in milliseconds. */
  roundTrip: number;
}

// A server far away: TLS before a plain HTTP server, and a wire before that which delays each direction by half a
// round trip. A connection is one round trip late from the start: TCP's own greeting.
const { target, key, cert, roundTrip } = options<FrontOptions>();
const { hostname, port } = new URL(target);
let connections = 0;

const server = tls.createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (socket) => {
  connections++;
  join(socket, net.connect({ host: hostname, port: Number(port), noDelay: true }));
});
server.on('tlsClientError', () => {});

const wire = net.createServer({ noDelay: true, pauseOnConnect: true }, (socket) => {
  const greet = () => {
    const { port } = server.address() as net.AddressInfo;
    join(socket, net.connect({ host: '127.0.0.1', port, noDelay: true }), roundTrip / 2);
  };
  setTimeout(greet, roundTrip);
});

server.listen(0, '127.0.0.1', () => serve(wire, 'https', () => connections));

function join(one: net.Socket, other: net.Socket, delay = 0): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    // Whoever is left alone hangs up too: a broken connection is no news here.
    from.on('error', () => to.destroy());
    from.on('close', () => to.end());
    if (delay === 0) from.pipe(to);
    else from.pipe(late(delay)).pipe(to);
  }
}

/** Hands on each piece after `ms` milliseconds, in order. */
function late(ms: number): Transform {
  return new Transform({
    transform(chunk, _encoding, done) {
      setTimeout(() => this.push(chunk), ms);
      done();
    },
    flush: (done) => void setTimeout(done, ms),
  });
}
