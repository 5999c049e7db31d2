import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Store } from 'express-rate-limit';
import { type Db, openDatabase } from '../src/database/database.ts';
import { limitStore } from '../src/limit-store.ts';
import { NOON } from './start-app.ts';

const clock = { now: NOON };
let db: Db;
let queries: number;
beforeEach(async () => {
  clock.now = NOON;
  queries = 0;
  db = await openDatabase('file::memory:');
});
afterEach(() => db.close());

/** As one of several processes has it. */
function store(name = 'sign-ins'): Store {
  const counting: Db = {
    ...db,
    query: (sql, params) => {
      queries++;
      return db.query(sql, params);
    },
  };
  const now = () => clock.now;
  return limitStore({ db: counting, now }, { name, limit: 3, windowMs: 60_000 });
}

async function hits(counted: Store, key = 'ada@example.com'): Promise<number> {
  return (await counted.increment(key)).totalHits;
}

test('processes count together, and each name by itself', async () => {
  const [one, other] = [store(), store()];
  expect([await hits(one), await hits(other), await hits(one)]).toEqual([1, 2, 3]);
  expect(await hits(store('sign-ups'))).toBe(1);
  await other.decrement('ada@example.com');
  expect(await hits(one)).toBe(3);
});

test('a flood over the limit is written once a second, until the window ends', async () => {
  const one = store();
  for (let n = 0; n < 4; n++) await hits(one);
  queries = 0;
  for (let n = 0; n < 1000; n++) expect(await hits(one)).toBe(4);
  expect(queries).toBe(0);
  clock.now += 1000;
  for (let n = 0; n < 1000; n++) expect(await hits(one)).toBe(5);
  expect(queries).toBe(1);
  clock.now = NOON + 60_000;
  expect(await hits(one)).toBe(1);
});

test('an attempt that was none lets the next one in, a second later at most', async () => {
  const one = store();
  for (let n = 0; n < 4; n++) await hits(one);
  for (let n = 0; n < 3; n++) await store().decrement('ada@example.com');
  clock.now += 1000;
  expect(await hits(one)).toBe(2);
});

test('the wait is told in the time of this machine, whatever the app’s clock says', async () => {
  const { resetTime } = await store().increment('ada@example.com');
  const wait = Number(resetTime) - Date.now();
  expect(wait).toBeLessThanOrEqual(60_000);
  expect(wait).toBeGreaterThan(30_000);
});

test('what is stored is short and does not say whose it is', async () => {
  await hits(store(), `${'a'.repeat(16_000)}@example.com`);
  const [row] = await db.query<{ key: string }>('select key from attempts');
  expect(row?.key).toMatch(/^[\w-]{43}$/);
});
