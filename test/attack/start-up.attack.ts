import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { schema } from '../../src/environment.ts';
import { freePort } from '../free-port.ts';
import { folder, startProcess } from '../start-process.ts';

const SID = `AC${'0123456789abcdef'.repeat(2)}`;
const TOKEN = 'canary-token-0123456789abcdef';
const SECRET = 'canary-secret-0123456789abcdef-0123456789';
const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];
const ACCOUNT = {
  TWILIO_ACCOUNT_SID: SID,
  TWILIO_AUTH_TOKEN: TOKEN,
  TWILIO_CONNECT_APP_SID: `CN${'0123456789abcdef'.repeat(2)}`,
  SESSION_SECRET: SECRET,
};

function start(environment: Record<string, string>) {
  return startProcess(['src/server.ts'], { ...ACCOUNT, ...environment });
}

/** As booleans: a failure must not print what it is about. */
function expectNoSecret(output: string): void {
  const pair = Buffer.from(`${SID}:${TOKEN}`).toString('base64');
  const found = [SID, TOKEN, SECRET, pair, 'canary'].map((secret) => output.includes(secret));
  expect(found).not.toContain(true);
}

const FAILURES: Record<string, (port: number) => Record<string, string>> = {
  'every variable wrong': () =>
    Object.fromEntries(Object.keys(schema.shape).map((name) => [name, 'canary !'])),
  'a password in DATABASE_URL': () => ({
    DATABASE_URL: 'postgres://someone:canary-password@127.0.0.1:1/customers',
  }),
  'a password in BASE_URL': () => ({ BASE_URL: 'https://canary:canary@example.com' }),
  'a token that would travel in the clear': () => ({
    NODE_ENV: 'production',
    TWILIO_API_URL: 'http://canary.example',
  }),
  'no token': () => ({ TWILIO_AUTH_TOKEN: '' }),
  'a folder that is a file': () => {
    writeFileSync(path.join(folder(), 'file'), '');
    return { DATABASE_URL: 'file:file/app.db' };
  },
  'a file that is no database': () => {
    writeFileSync(path.join(folder(), 'text.db'), `canary ${TOKEN} `.repeat(200));
    return { DATABASE_URL: 'file:text.db' };
  },
  'a newer database': () => {
    const db = new Database(path.join(folder(), 'newer.db'));
    db.exec(
      'create table schema_version (version integer); insert into schema_version values (99)',
    );
    db.close();
    return { DATABASE_URL: 'file:newer.db' };
  },
  'a damaged session secret': () => {
    mkdirSync(path.join(folder(), 'data'));
    writeFileSync(path.join(folder(), 'data', 'session-secret'), 'canary');
    return { SESSION_SECRET: '' };
  },
  'an address that is not here': () => ({ HOST: '192.0.2.1' }),
};

test.each(Object.entries(FAILURES))(
  '%s: the end says why, and no secret',
  async (name, failure) => {
    const level = LEVELS[Object.keys(FAILURES).indexOf(name) % LEVELS.length] ?? '';
    const environment = { PORT: String(await freePort()), LOG_LEVEL: level };
    const app = start({ ...environment, ...failure(Number(environment.PORT)) });
    expect(await app.ended).toBe(1);
    expect(app.output()).toMatch(
      /^(The app cannot start|DATABASE_URL: |PORT: |data\/session-secret )/m,
    );
    expect(app.output()).not.toMatch(/\n\s+at /);
    expectNoSecret(app.output());
  },
  // One that waits for a database gives up after a while.
  90_000,
);

// A fault of ours with all in it that could be in it, once the app runs.
const CRASH = `
  process.once('SIGUSR2', () => {
    const error = new Error('${TOKEN} of ${SID}', { cause: new Error('${SECRET}') });
    const Authorization = 'Basic ' + Buffer.from('${SID}:${TOKEN}').toString('base64');
    throw Object.assign(error, { config: { headers: { Authorization } } });
  });`;

test.each(LEVELS)('a crash at the log level %s tells no secret', async (level) => {
  const preload = `--import data:text/javascript,${encodeURIComponent(CRASH)}`;
  const port = String(await freePort());
  const app = start({ PORT: port, LOG_LEVEL: level, NODE_OPTIONS: preload });
  await app.says('Open');
  // It is listened for from here on: what follows the greeting is done in the same turn.
  await fetch(`http://127.0.0.1:${port}/healthz`);
  app.child.kill('SIGUSR2');
  expect(await app.ended).toBe(1);
  expect(app.output().includes('ended by an error that nobody caught')).toBe(level !== 'silent');
  expectNoSecret(app.output());
});
