import { createServer, type RequestListener, type Server } from 'node:http';
import dotenv from 'dotenv';
import express from 'express';
import { createApp } from './app.ts';
import { parseConfig } from './config.ts';
import { deleteEndedAttempts } from './database/attempts.ts';
import { type Db, openDatabase, passwordsIn } from './database/database.ts';
import { deleteExpiredSessions } from './database/sessions.ts';
import { StartError } from './errors.ts';
import { createLog, type Log } from './log.ts';
import { keptSessionSecret } from './session-secret.ts';
import { customerClientOnDemand } from './twilio/on-demand.ts';

const HOUR_MS = 3_600_000;
// No page takes longer; and after ten seconds many a supervisor kills.
const CLOSING_MS = 9_000;

/** START HERE: environment -> config -> database -> sandbox if there is no account -> app -> listen -> close. */
async function start(): Promise<void> {
  dotenv.config({ quiet: true });
  const config = parseConfig(process.env, keptSessionSecret);
  const { host, port, baseUrl } = config;
  const db = await openDatabase(config.databaseUrl, console.log);

  const root = express().disable('x-powered-by');
  const greeting = [`Open ${baseUrl}`];
  let settings = config.twilio;

  // THE SANDBOX stands in for Twilio where there is no account. To remove it: src/sandbox, this block.
  if (!settings) {
    const { createSandbox } = await import('./sandbox/sandbox.ts');
    const { sandboxCalls: calls } = config;
    const sandbox = createSandbox({
      host,
      port,
      appUrl: baseUrl,
      file: 'data/sandbox.json',
      calls,
    });
    settings = sandbox.settings;
    root.use('/sandbox', sandbox.app);
    greeting.push(
      `Running on the sandbox (${sandbox.url}): no Twilio account needed, nothing is billed.`,
    );
  }
  if (!settings) throw new StartError('Set the three TWILIO_ variables: see .env.example.');

  const secrets = [
    settings.authToken,
    ...config.sessionSecrets,
    ...passwordsIn(config.databaseUrl),
  ];
  const log = createLog(config.logLevel, secrets);
  const { customerClient, load } = customerClientOnDemand(settings);
  const twilio = { settings, customerClient };
  const closing = new AbortController();
  root.use(createApp({ config, db, twilio, log, now: Date.now, closing: closing.signal }));
  const server = await listen(root, host, port);
  console.log(greeting.join('\n'));
  void load(); // Twilio's SDK, now that nobody waits for it
  if (config.production && !baseUrl.startsWith('https:')) {
    log.warn(
      'BASE_URL is not https: cookies are not Secure, and signatures of Twilio will not fit',
    );
  }
  setInterval(() => {
    const old = [deleteExpiredSessions(db, Date.now()), deleteEndedAttempts(db, Date.now())];
    Promise.all(old).catch((err) => log.error({ err }, 'kept old sessions or attempts'));
  }, HOUR_MS).unref();
  closeOnSignal(server, closing, db, log);
}

function listen(handler: RequestListener, host: string, port: number): Promise<Server> {
  const server = createServer(handler);
  // Longer than the proxies keep a connection (60 s), or they ask on one that is just being closed, and answer 502.
  server.keepAliveTimeout = 65_000;
  return new Promise((resolve, reject) => {
    server.once('listening', () => resolve(server)).listen(port, host);
    server.once('error', ({ code }: NodeJS.ErrnoException) => {
      const cure = code === 'EADDRINUSE' ? 'Another program uses it: set' : 'Set';
      const message = `PORT: cannot listen on ${host}, port ${port} (${code}). ${cure} PORT (or HOST) to another value.`;
      reject(new StartError(message));
    });
  });
}

/** Requests that are under way are answered first. A second signal ends the process at once. */
function closeOnSignal(server: Server, closing: AbortController, db: Db, log: Log): void {
  const close = () => {
    for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, close);
    closing.abort();
    setTimeout(() => server.closeAllConnections(), CLOSING_MS).unref();
    server.close(() => void db.close().finally(() => process.exit(0)));
    server.closeIdleConnections();
  };
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, close);
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'ended by an error that nobody caught');
    process.exit(1);
  });
}

start().catch((error: Error) => {
  console.error(error instanceof StartError ? error.message : error);
  process.exit(1);
});
