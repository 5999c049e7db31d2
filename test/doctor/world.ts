import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from '@jest/globals';
import type { World } from '../../src/doctor/check.ts';
import { CHECKS } from '../../src/doctor/checks.ts';
import { type Report, runChecks } from '../../src/doctor/run-checks.ts';

const closing: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const close of closing.splice(0)) await close();
});

export type Variables = Record<string, string>;

/** What the doctor says in this world, by the id of the check. */
export async function examine(world: Partial<World> & { environment: Variables }) {
  const reports = await runChecks(CHECKS, {
    shell: {},
    envFile: '/nowhere/.env',
    nodeVersion: process.versions.node,
    now: Date.now,
    ...world,
  });
  return Object.fromEntries(reports.map((report) => [report.id, report])) as Record<string, Report>;
}

/** Listens on a port of this machine until the tests have ended. Gives the address. */
export async function serve(
  listener: (req: IncomingMessage, res: ServerResponse) => void,
): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A proxy or tunnel in front of an app. `path` and `answer` are what it does to the way there and back. */
export interface FrontProxy {
  url: string;
  target: string;
  path: (path: string) => string;
  answer: (headers: IncomingMessage['headers']) => IncomingMessage['headers'];
}

export async function startProxy(): Promise<FrontProxy> {
  const proxy: FrontProxy = {
    url: '',
    target: 'http://127.0.0.1:9',
    path: (path) => path,
    answer: (headers) => headers,
  };
  proxy.url = await serve((req, res) => {
    const forwardedFor = [req.headers['x-forwarded-for'], req.socket.remoteAddress];
    const options = {
      method: String(req.method),
      headers: { ...req.headers, 'x-forwarded-for': forwardedFor.filter(Boolean).join(', ') },
    };
    const onward = request(proxy.target + proxy.path(String(req.url)), options, (answer) => {
      res.writeHead(Number(answer.statusCode), proxy.answer(answer.headers));
      answer.pipe(res);
    });
    onward.on('error', () => res.writeHead(502).end('Bad gateway'));
    req.pipe(onward);
  });
  return proxy;
}
