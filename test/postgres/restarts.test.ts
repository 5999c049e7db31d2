import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { findConnection } from '../../src/database/connections.ts';
import { type Db, openDatabase } from '../../src/database/database.ts';
import {
  type Agent,
  browser,
  type Customer,
  connect,
  consent,
  pathOf,
  signUp,
} from '../browser.ts';
import { type Instances, startInstances } from '../instances.ts';
import { freshDatabase, usePostgres } from '../test-database.ts';
import { startPostgres } from './own-server.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const CUSTOMERS: Customer[] = ['rossum', 'bakery', 'newcomer'];

interface Load {
  /** What the app has said that it did, so far. */
  acknowledged: number;
  /** What it said and then was not so. */
  lost: string[];
  /** The answers that were none, by their status. */
  failures: Record<number, number>;
  end(): Promise<void>;
}

/** Users who connect an account and disconnect it, over and over; each "done" is compared with the database. */
async function load(app: Instances, databaseUrl: string): Promise<Load> {
  const db = await openDatabase(databaseUrl);
  closing.push(() => db.close());
  const result: Load = { acknowledged: 0, lost: [], failures: {}, end: async () => {} };
  let isOver = false;

  // One user for each account, which is nobody else's then.
  const agents = CUSTOMERS.map((customer) => signUp(app, `${customer}@example.com`));
  const working = (await Promise.all(agents)).map(async (agent, n) => {
    while (!isOver) await onceAround(agent, CUSTOMERS[n] ?? 'rossum', db, result);
  });
  result.end = async () => {
    isOver = true;
    await Promise.all(working);
  };
  return result;
}

async function onceAround(agent: Agent, customer: Customer, db: Db, result: Load): Promise<void> {
  const isDone = ({ status }: { status: number }) => {
    if (status !== 303) result.failures[status] = (result.failures[status] ?? 0) + 1;
    return status === 303;
  };
  const compare = async (accountSid: string, status: string) => {
    result.acknowledged++;
    const found = await whenItAnswers(() => findConnection(db, accountSid));
    if (found?.status !== status) result.lost.push(`${status}, but it is ${found?.status}`);
    return found?.id;
  };
  const home = await agent.get('/');
  if (home.status !== 200) return void isDone(home);
  const callback = await consent(agent, customer).catch(() => undefined);
  if (!callback) return;
  if (!isDone(await agent.get(pathOf(callback)))) return;
  const accountSid = String(callback.searchParams.get('AccountSid'));
  const id = await compare(accountSid, 'active');
  if (isDone(await agent.post(`/connections/${id}/disconnect`))) {
    await compare(accountSid, 'disconnected');
  }
}

async function whenItAnswers<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch {
      await sleep(100);
    }
  }
}

/** Waits until so much more was acknowledged: the app works. */
async function until(result: Load, more: number): Promise<void> {
  const enough = result.acknowledged + more;
  while (result.acknowledged < enough) await sleep(50);
}

function describeRestarts(): void {
  test('a rolling restart loses nothing that was acknowledged', async () => {
    const database = await freshDatabase();
    const app = await startInstances(3, database);
    const result = await load(app, database);
    await until(result, 8);
    for (let place = 0; place < 3; place++) {
      expect(await app.stop(place)).toBe(0);
      await until(result, 4);
      await app.start(place);
      await until(result, 4);
    }
    await result.end();
    expect(result.lost).toEqual([]);
    // The proxy's own, for requests that a closing process had not taken on.
    expect(Object.keys(result.failures).filter((status) => status !== '502')).toEqual([]);
  }, 180_000);

  test.each(['fast', 'immediate'])(
    'PostgreSQL stopped (%s) under load: pages say so, then everything goes on by itself',
    async (mode) => {
      const { url, control, close } = await startPostgres();
      closing.push(close);
      const app = await startInstances(2, url);
      const result = await load(app, url);
      const visitor = await signUp(app, 'visitor@example.com');
      await connect(visitor, 'clinic');
      let letThrough = () => {};
      const gate = new Promise<void>((resolve) => {
        letThrough = resolve;
      });
      app.upstream.hold = (path) => (path.includes('/Calls.json') ? gate : undefined);
      const analytics = visitor.get('/analytics').then(() => undefined);
      while (app.upstream.waiting === 0) await sleep(50);
      await until(result, 8);

      await control('stop', '--mode', mode);
      for (let n = 0; n < 2; n++) {
        const page = await visitor.get('/myapp').expect(503);
        expect(page.text).toContain('The database does not answer');
        await browser(app).get('/healthz').expect(503);
      }
      // What was being read can be stored nowhere.
      letThrough();
      await analytics;
      await control('start');
      await until(result, 8);
      for (let n = 0; n < 2; n++) {
        await visitor.get('/myapp').expect(200, /visitor@example\.com/);
        await browser(app).get('/healthz').expect(200);
      }
      let page = '';
      while (!page.includes('id="calls-a-day"') || page.includes('id="progress-button"')) {
        page = (await visitor.get('/analytics')).text;
        await sleep(100);
      }
      await result.end();
      expect(result.lost).toEqual([]);
      expect(Object.keys(result.failures).filter((status) => status !== '503')).toEqual([]);
      for (const { child, output } of app.all) {
        expect(child.exitCode).toBe(null);
        expect(output()).not.toContain(new URL(url).password);
      }
    },
    180_000,
  );
}

if (usePostgres()) describe('restarts', describeRestarts);
