import { connect as connectSocket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { findConnection } from '../../src/database/connections.ts';
import { openDatabase } from '../../src/database/database.ts';
import {
  type Agent,
  browser,
  type Customer,
  connect,
  consent,
  disconnectForm,
  pathOf,
  signUp,
} from '../browser.ts';
import { type Instances, startInstances } from '../instances.ts';
import { freshFile } from '../test-database.ts';

const CUSTOMERS: Customer[] = ['rossum', 'bakery', 'newcomer'];
// What the app grants the requests that are under way, and a process its end.
const LIMIT_MS = 10_000;
const END_MS = 1_000;

/** A Twilio that takes its time, or never answers at all. */
const slow = async () => sleep(300);
const never = async () => new Promise<void>(() => undefined);

interface Asked {
  what: string;
  /** Undefined while it is under way. */
  status?: number;
}

/** Visitors who connect, look and disconnect until nobody answers any more. */
async function load(app: Instances, asked: Asked[], statuses: Map<string, string>) {
  const ask = async (what: string, send: () => PromiseLike<{ status: number; text: string }>) => {
    const one: Asked = { what };
    asked.push(one);
    const { status, text } = await send();
    one.status = status;
    return status === 502 ? undefined : text;
  };
  const visitors = await Promise.all(
    CUSTOMERS.map(async (customer) => ({ customer, agent: await signUp(app, `${customer}@a.bc`) })),
  );
  const circle = async (agent: Agent, customer: Customer) => {
    const callback = await consent(agent, customer).catch(() => undefined);
    const accountSid = callback?.searchParams.get('AccountSid');
    if (!callback || !accountSid) return false;
    if (!(await ask('connect', () => agent.get(pathOf(callback))))) return false;
    statuses.set(accountSid, 'active');
    // Tabs of one visitor.
    const pages = ['/calls', '/calls?size=10', '/myapp'];
    await Promise.all(pages.map((page) => ask(page, () => agent.get(page))));
    const mine = await ask('/myapp', () => agent.get('/myapp'));
    if (!mine) return false;
    const form = disconnectForm(mine);
    statuses.delete(accountSid); // until it is acknowledged, either may be so
    if (!(await ask('disconnect', () => agent.post(form)))) return false;
    statuses.set(accountSid, 'disconnected');
    return true;
  };
  return visitors.map(async ({ agent, customer }) => {
    while (await circle(agent, customer));
  });
}

test('SIGTERM under load: what was under way is answered, nothing acknowledged is lost, exit code 0', async () => {
  const databaseUrl = freshFile();
  const app = await startInstances(1, databaseUrl);
  app.upstream.hold = slow;
  const asked: Asked[] = [];
  const statuses = new Map<string, string>();
  const visitors = await load(app, asked, statuses);
  while (asked.length < 30) await sleep(10);

  // Until everybody waits for Twilio: what is under way then has surely reached the app.
  let letGo = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  app.upstream.hold = () => held;
  for (let before = -1; before !== asked.length || app.upstream.waiting === 0; ) {
    before = asked.length;
    await sleep(500);
  }
  const underWay = asked.filter(({ status }) => status === undefined);
  const ended = app.stop(0);
  while ((await browser(app).get('/healthz')).status !== 502) await sleep(10);
  letGo();
  expect(await ended).toBe(0);
  await Promise.all(visitors);
  expect(underWay.length).toBeGreaterThanOrEqual(CUSTOMERS.length);
  expect(underWay.filter(({ status = 0 }) => status < 200 || status > 399)).toEqual([]);
  // The proxy before the app finds nobody any more. Nothing else has failed.
  const failures = new Set(asked.map(({ status = 0 }) => status).filter((status) => status > 399));
  expect(failures).toEqual(new Set([502]));

  const db = await openDatabase(databaseUrl);
  expect(statuses.size).toBeGreaterThan(0);
  for (const [accountSid, status] of statuses) {
    const found = await findConnection(db, accountSid);
    expect(found?.status).toBe(status);
  }
  await db.close();
}, 60_000);

test('SIGTERM while Twilio hangs: the visitor is told so, and the end comes in time', async () => {
  const app = await startInstances(1, freshFile());
  const visitor = await signUp(app, 'a@b.cd');
  await connect(visitor, 'bakery');
  app.upstream.hold = never;
  const page = visitor.get('/calls').expect(503);
  const answered = page.then(({ text }) => expect(text).toContain('Twilio is not answering'));
  while (app.upstream.waiting === 0) await sleep(10);
  const termAt = performance.now();
  expect(await app.stop(0)).toBe(0);
  expect(performance.now() - termAt).toBeLessThan(LIMIT_MS);
  await answered;
}, 60_000);

test('SIGTERM while a visitor does not read on: the end does not wait for them for ever', async () => {
  const app = await startInstances(1, freshFile());
  const [instance] = app.all;
  // Half a request, which keeps its connection busy.
  const socket = connectSocket(instance?.port ?? 0, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write('POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nemail=');
  await browser(app).get('/healthz').expect(200);
  const termAt = performance.now();
  expect(await app.stop(0)).toBe(0);
  expect(performance.now() - termAt).toBeLessThan(LIMIT_MS);
  socket.destroy();
}, 60_000);

test.each(['SIGTERM', 'SIGINT'] as const)(
  'a second %s ends it at once',
  async (signal) => {
    const app = await startInstances(1, freshFile());
    const visitor = await signUp(app, 'a@b.cd');
    await connect(visitor, 'bakery');
    app.upstream.hold = never;
    const page = visitor.get('/calls').then(({ status }) => status);
    while (app.upstream.waiting === 0) await sleep(10);
    const child = app.all[0]?.child;
    child?.kill(signal);
    // It has heard the first one when it takes nobody on any more.
    while ((await browser(app).get('/healthz')).status !== 502) await sleep(10);
    expect(child?.exitCode).toBeNull();
    const secondAt = performance.now();
    child?.kill(signal);
    await app.all[0]?.ended;
    expect(performance.now() - secondAt).toBeLessThan(END_MS);
    expect(child?.signalCode).toBe(signal);
    expect(await page).toBe(502);
  },
  60_000,
);
