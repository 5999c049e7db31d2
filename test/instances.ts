import {
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from '@jest/globals';
import { startSandbox } from '../src/sandbox/start-sandbox.ts';
import { freePort } from './free-port.ts';
import { SESSION_SECRET } from './start-app.ts';
import { startProcess } from './start-process.ts';

export type Instance = ReturnType<typeof startProcess> & { port: number };

export interface Instances {
  /** The one address of all of them: each request goes to the next. `x-served-by` says to which. */
  url: string;
  all: Instance[];
  /** The Auth Token of the app's Twilio account. */
  authToken: string;
  connectAppSid: string;
  /** What stands between all of them and Twilio's API. */
  upstream: Upstream;
  /** Starts one, in the place of the one that was there, and waits until it listens. */
  start(place: number): Promise<void>;
  /** Ends one as a deployment does, and gives its exit code. */
  stop(place: number): Promise<number | null>;
}

interface Upstream {
  /** The path with query of each request, in order. */
  requests: string[];
  /** How many are kept back, and their askers still wait. */
  waiting: number;
  /** Keeps a request back for as long as it says. */
  hold: ((path: string) => Promise<void> | undefined) | undefined;
}

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/**
 * Several processes of the app on one database, started together, behind one address. A sandbox by itself is their
 * Twilio; a test reaches its consent page through the same address, as it would in the app's own sandbox.
 */
export async function startInstances(count: number, databaseUrl: string): Promise<Instances> {
  const all: Instance[] = [];
  const [balancer, url] = await listen();
  const { settings, ...sandbox } = await startSandbox({ appUrl: url });
  balancer.on('request', balance(all, new URL(settings.authorizeUrl)));
  const upstream: Upstream = { requests: [], waiting: 0, hold: undefined };
  const [gate, apiUrl] = await listen();
  gate.on('request', between(upstream, new URL(settings.apiUrl).port));
  closing.push(sandbox.close, () => {
    for (const server of [balancer, gate]) server.close().closeAllConnections();
  });

  async function start(place: number): Promise<void> {
    const port = all[place]?.port ?? (await freePort());
    const instance = startProcess(['src/server.ts'], {
      PORT: String(port),
      BASE_URL: url,
      TRUST_PROXY: '1',
      DATABASE_URL: databaseUrl,
      SESSION_SECRET,
      TWILIO_ACCOUNT_SID: settings.accountSid,
      TWILIO_AUTH_TOKEN: settings.authToken,
      TWILIO_CONNECT_APP_SID: settings.connectAppSid,
      TWILIO_API_URL: apiUrl,
      TWILIO_AUTHORIZE_URL: settings.authorizeUrl,
    });
    all[place] = { ...instance, port };
    await instance.says('Open ');
  }

  async function stop(place: number): Promise<number | null> {
    all[place]?.child.kill('SIGTERM');
    return all[place]?.ended ?? null;
  }

  // In turn would hide what happens when all make their tables at once.
  await Promise.all(Array.from({ length: count }, (_, place) => start(place)));
  const { authToken, connectAppSid } = settings;
  return { url, all, authToken, connectAppSid, upstream, start, stop };
}

async function listen(): Promise<[Server, string]> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return [server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`];
}

function between(upstream: Upstream, port: string) {
  return async (req: IncomingMessage, res: ServerResponse) => {
    const { url: path = '', headers } = req;
    upstream.requests.push(path);
    const isLeft = new Promise((resolve) => res.once('close', resolve));
    upstream.waiting += 1;
    await Promise.race([upstream.hold?.(path), isLeft]);
    upstream.waiting -= 1;
    if (res.destroyed) return;
    const onward = request({ host: '127.0.0.1', port, path, headers, agent: false });
    onward.on('response', (answer) => {
      res.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(res);
    });
    onward.on('error', () => res.destroy());
    onward.end();
  };
}

/** Round robin. One that refuses the connection has got nothing, so the next one is asked; all else is a 502. */
function balance(all: Instance[], consent: URL) {
  let turn = 0;
  return async (req: IncomingMessage, res: ServerResponse) => {
    const body = Buffer.concat(await req.toArray());
    const forward = (attempt: number) => {
      const isConsent = req.url?.startsWith(`${consent.pathname}/`);
      const place = isConsent ? 'twilio' : turn++ % all.length;
      const onward = request({
        port: place === 'twilio' ? consent.port : all[place]?.port,
        host: '127.0.0.1',
        method: req.method,
        path: req.url,
        headers: { ...req.headers, connection: 'close', 'x-forwarded-for': '192.0.2.1' },
        agent: false,
      });
      onward.on('response', (answer) => {
        res.writeHead(answer.statusCode ?? 502, { ...answer.headers, 'x-served-by': place });
        answer.pipe(res);
      });
      onward.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ECONNREFUSED' && attempt < all.length) return forward(attempt + 1);
        if (!res.headersSent) res.writeHead(502);
        res.end();
      });
      onward.end(body);
    };
    forward(1);
  };
}
