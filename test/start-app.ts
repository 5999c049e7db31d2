import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from '@jest/globals';
import express, { type Request, type RequestHandler, type Response } from 'express';
import { createApp } from '../src/app.ts';
import { type Config, parseConfig } from '../src/config.ts';
import { type Db, openDatabase } from '../src/database/database.ts';
import { createLog, type Log } from '../src/log.ts';
import { createSandbox } from '../src/sandbox/sandbox.ts';
import { createCustomerClient, type TwilioSettings } from '../src/twilio/customer-client.ts';
import { freshDatabase } from './test-database.ts';

export const SESSION_SECRET = 'canary-session-secret-0123456789abcdef';
/** A Wednesday at noon: the clock of the app and of the sandbox, until a test moves it. */
export const NOON = Date.parse('2026-03-11T12:00:00Z');

export interface TestApp {
  url: string;
  config: Config;
  settings: TwilioSettings;
  db: Db;
  /** `METHOD path` of every route that the app has. */
  routes: string[];
  log: Log;
  /** Everything that was logged, at level trace if none is named. */
  logs: string[];
  clock: { now: number };
  /** What stands between the app and the sandbox's API. */
  upstream: Upstream;
  /** As if the process had ended and begun anew: only the database is as it was. */
  restart: () => void;
}

export interface Upstream {
  /** Method and path with query of each API request, in order. */
  requests: string[];
  /** Answers an API request in the sandbox's place; undefined lets it through. */
  answer: ((req: Request, res: Response) => unknown) | undefined;
}

const closing: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const close of closing.splice(0)) await close();
});

/**
 * The app and the sandbox on one port of this machine, as server.ts puts them together, on an empty database. `before`
 * puts something before the API that the app asks, and gives the URL of that.
 */
export async function startApp(
  environment: Record<string, string> = {},
  before = async (apiUrl: string) => apiUrl,
): Promise<TestApp> {
  const root = express();
  const server = createServer(root);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;

  const clock = { now: NOON };
  const now = () => clock.now;
  const config = parseConfig(
    {
      PORT: String(port),
      BASE_URL: url,
      SESSION_SECRET,
      DATABASE_URL: await freshDatabase(),
      ...environment,
    },
    () => '',
  );
  const { sandboxCalls: calls } = config;
  const sandbox = createSandbox({ host: '127.0.0.1', port, appUrl: url, calls, now });
  const settings = config.twilio ?? sandbox.settings;
  const db = await openDatabase(config.databaseUrl);
  const logs: string[] = [];
  const log = createLog(environment.LOG_LEVEL ?? 'trace', [settings.authToken, SESSION_SECRET], {
    write: (line) => void logs.push(line),
  });
  const apiUrl = await before(settings.apiUrl);
  const twilio = { settings, customerClient: createCustomerClient({ ...settings, apiUrl }) };

  const upstream: Upstream = { requests: [], answer: undefined };
  root.use('/sandbox/2010-04-01', between(upstream));
  root.use('/sandbox', sandbox.app);
  let process = new AbortController();
  const create = () => createApp({ config, db, twilio, log, now, closing: process.signal });
  let app = create();
  root.use((req, res, next) => app(req, res, next));

  closing.push(async () => {
    process.abort();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await db.close();
  });
  return {
    url,
    config,
    settings,
    db,
    routes: routesOf(app.router.stack as unknown as Layer[]),
    log,
    logs,
    clock,
    upstream,
    restart: () => {
      process.abort();
      process = new AbortController();
      app = create();
    },
  };
}

function between(upstream: Upstream): RequestHandler {
  return (req, res, next) => {
    upstream.requests.push(`${req.method} ${req.originalUrl.replace('/sandbox', '')}`);
    if (!upstream.answer) return next();
    upstream.answer(req, res);
    if (!res.headersSent && !res.destroyed && !res.locals.held) next();
  };
}

/** An error as Twilio's API tells it. */
export function twilioError(
  res: Response,
  status: number,
  code: number,
  message = 'Twilio says no',
): void {
  const more_info = `https://www.twilio.com/docs/errors/${code}`;
  res.status(status).json({ code, message, more_info, status });
}

interface Layer {
  route?: { path: string; stack: { method: string }[] };
  handle?: { stack?: Layer[] };
}

function routesOf(stack: Layer[]): string[] {
  return stack.flatMap(({ route, handle }) =>
    route
      ? [...new Set(route.stack.map(({ method }) => `${method.toUpperCase()} ${route.path}`))]
      : routesOf(handle?.stack ?? []),
  );
}
