import { readFileSync, statSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { connectApp } from '../src/sandbox/customers.ts';
import { freePort } from './free-port.ts';
import { folder, startProcess } from './start-process.ts';

/** `npm start` in an empty folder, with nothing in the environment but what is given. */
function start(env: Record<string, string>) {
  return startProcess(['src/server.ts'], env);
}

test('starts in an empty folder on the sandbox, keeps its secret to itself, and ends on SIGTERM', async () => {
  const port = await freePort();
  const app = start({ PORT: String(port) });
  await app.says('sandbox');
  expect(app.output()).toBe(
    `Open http://localhost:${port}\nRunning on the sandbox (http://localhost:${port}/sandbox): no Twilio account needed, nothing is billed.\n`,
  );
  const home = await fetch(`http://localhost:${port}/`);
  expect(await home.text()).toContain('Sign in to connect an account');
  const secret = path.join(folder(), 'data', 'session-secret');
  expect(statSync(secret).mode & 0o777).toBe(0o600);
  expect(readFileSync(secret, 'utf8')).toMatch(/^[0-9a-f]{64}$/);

  app.child.kill('SIGTERM');
  expect(await app.ended).toBe(0);
});

test('a restart keeps users, sessions and the sandbox’s authorizations', async () => {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const first = start({ PORT: String(port) });
  await first.says('sandbox');
  const signIn = await fetch(`${url}/sign-in/demo`, { method: 'POST', redirect: 'manual' });
  const cookie = String(signIn.headers.get('set-cookie')).split(';')[0] ?? '';
  const visit = (address: string) => fetch(address, { headers: { cookie }, redirect: 'manual' });
  const button = /id="connect-button" href="([^"]+)"/.exec(await (await visit(url)).text())?.[1];
  const form = new URLSearchParams({
    customer: 'bakery',
    decision: 'allow',
    state: String(new URL(String(button)).searchParams.get('state')),
  });
  const consent = await fetch(String(button), { method: 'POST', body: form, redirect: 'manual' });
  expect((await visit(String(consent.headers.get('location')))).headers.get('location')).toBe(
    '/myapp',
  );
  first.child.kill('SIGTERM');
  expect(await first.ended).toBe(0);

  const second = start({ PORT: String(port) });
  await second.says('sandbox');
  expect(await (await visit(`${url}/calls`)).text()).toContain('Corner Bakery, main account');
});

test('SANDBOX_CALLS brings a customer with that many calls', async () => {
  const port = await freePort();
  const app = start({ PORT: String(port), SANDBOX_CALLS: '1000000' });
  await app.says('sandbox');
  const page = await fetch(`http://localhost:${port}/sandbox/authorize/${connectApp.sid}`);
  expect(await page.text()).toContain('about 1,000,000 calls in a year');
});

test('two that start together make one database', async () => {
  const ports = [await freePort(), await freePort()];
  const apps = ports.map((port) => start({ PORT: String(port) }));
  for (const app of apps) await app.says('sandbox');
  for (const port of ports)
    expect((await fetch(`http://localhost:${port}/healthz`)).status).toBe(200);
});

test('reads .env, and the environment wins', async () => {
  writeFileSync(path.join(folder(), '.env'), 'PORT=none\nLOG_LEVEL=loud\n');
  const app = start({ LOG_LEVEL: 'info' });
  expect(await app.ended).toBe(1);
  expect(app.output()).toContain('PORT: ');
  expect(app.output()).not.toContain('LOG_LEVEL');
});

test('a wrong environment is one message and exit code 1, without a stack trace', async () => {
  const app = start({ PORT: 'x', TRUST_PROXY: 'y' });
  expect(await app.ended).toBe(1);
  expect(app.output()).toMatch(
    /^The app cannot start with this environment \(\.env\):\n {2}- PORT: .*\n {2}- TRUST_PROXY: .*\n$/,
  );
});

test('a taken port is one line that names PORT', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  const app = start({ PORT: String(port) });
  expect(await app.ended).toBe(1);
  expect(app.output()).toMatch(/^PORT: cannot listen on .*EADDRINUSE.*set PORT.*\n$/);
  other.close();
});

test('a database that cannot be written is one line with the cure', async () => {
  writeFileSync(path.join(folder(), 'file'), '');
  const app = start({ DATABASE_URL: 'file:file/app.db' });
  expect(await app.ended).toBe(1);
  expect(app.output()).toMatch(
    /^DATABASE_URL: cannot use the database file:file\/app\.db .*writable.*\n$/,
  );

  writeFileSync(
    path.join(folder(), 'text.db'),
    'This is no database, but a text that is long enough to be read.'.repeat(20),
  );
  const other = start({ DATABASE_URL: 'file:text.db' });
  expect(await other.ended).toBe(1);
  expect(other.output()).toMatch(/^DATABASE_URL: .*no SQLite database.*\n$/);
});

test('production refuses the sandbox', async () => {
  const app = start({ NODE_ENV: 'production', SESSION_SECRET: 's'.repeat(32) });
  expect(await app.ended).toBe(1);
  expect(app.output()).toContain(
    'TWILIO_ACCOUNT_SID: is missing; production runs on a Twilio account',
  );
});
