import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { countAttempt, deleteEndedAttempts, forgetAttempt } from '../../src/database/attempts.ts';
import {
  type DayTotals,
  isCurrent,
  readDays,
  readTotals,
  type Source,
  saveDays,
} from '../../src/database/call-totals.ts';
import {
  type Connection,
  claimConnection,
  disconnect,
  findConnection,
  listConnections,
  markDeauthorized,
  markReadable,
} from '../../src/database/connections.ts';
import { type Db, openDatabase } from '../../src/database/database.ts';
import {
  allowScan,
  findScan,
  markFailed,
  renewLease,
  returnLease,
  stopScan,
  takeLease,
} from '../../src/database/scans.ts';
import {
  deleteExpiredSessions,
  endSession,
  readSession,
  writeSession,
} from '../../src/database/sessions.ts';
import { createUser, findUser } from '../../src/database/users.ts';
import { NOON } from '../start-app.ts';
import { freshDatabase } from '../test-database.ts';

// What the app expects of a database, whichever it is.

let url: string;
let db: Db;
const open: Db[] = [];
beforeEach(async () => {
  url = await freshDatabase('on disk');
  db = await openDatabase(url);
});
afterEach(async () => {
  for (const each of [db, ...open.splice(0)]) await each.close();
});

async function user(name: string): Promise<number> {
  const made = await createUser(db, {
    email: `${name}@example.com`,
    passwordHash: null,
    now: NOON,
  });
  return Number(made?.id);
}

const ACCOUNT = { accountSid: `AC${'1'.repeat(32)}`, ownerAccountSid: null, friendlyName: 'Ada’s' };

describe('opening', () => {
  test('finds everything as it was', async () => {
    await user('ada');
    const again = await openDatabase(url);
    open.push(again);
    expect(await again.query('select email from users')).toEqual([{ email: 'ada@example.com' }]);
  });

  test('a database of a newer version is refused with the cure', async () => {
    await db.query('update schema_version set version = 99');
    await expect(openDatabase(url)).rejects.toThrow(/newer version .*Start that version/);
  });

  test('closing twice is closing once, and a closed one answers no more', async () => {
    await db.close();
    await db.close();
    await expect(db.query('select 1 as one')).rejects.toThrow();
  });
});

describe('a transaction', () => {
  const insert = 'insert into users (email, created_at) values ($1, 0)';
  const emails = async () =>
    (await db.query<{ email: string }>('select email from users order by email')).map(
      ({ email }) => email,
    );

  test('happens as a whole, and gives what its work gives', async () => {
    const given = await db.transaction(async ({ query }) => {
      await query(insert, ['one']);
      await query(insert, ['two']);
      return 'done';
    });
    expect(given).toBe('done');
    expect(await emails()).toEqual(['one', 'two']);
  });

  test('that fails leaves nothing, and takes nothing else with it', async () => {
    let beside: Promise<unknown> = Promise.resolve();
    const failed = db.transaction(async ({ query }) => {
      await query(insert, ['inside']);
      beside = db.query(insert, ['beside']);
      await new Promise((resolve) => setImmediate(resolve));
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    await beside;
    expect(await emails()).toEqual(['beside']);
    await db.transaction(({ query }) => query(insert, ['after']));
    expect(await emails()).toEqual(['after', 'beside']);
  });

  test('many at once lose nothing', async () => {
    await db.query(insert, ['counter']);
    const add = 'update users set created_at = created_at + 1 returning created_at as n';
    const work = () => db.transaction(({ query }) => query(add));
    await Promise.all(Array.from({ length: 40 }, work));
    expect(await db.query('select created_at as n from users')).toEqual([{ n: 40 }]);
  });
});

describe('values', () => {
  test('times, counts, sums and texts come back as they went in', async () => {
    const far = Date.parse('9999-12-31T23:59:59Z');
    const email = 'ä€😀\'"\\%';
    await db.query('insert into users (email, created_at) values ($1, $2)', [email, far]);
    const sql = 'select email, created_at as at, password_hash as hash from users';
    expect(await db.query(sql)).toEqual([{ email, at: far, hash: null }]);
    const sums =
      'select count(*) as count, sum(created_at) as sum, max(created_at) as max from users';
    expect(await db.query(sums)).toEqual([{ count: 1, sum: far, max: far }]);
  });

  test('a character that no text may hold is no error', async () => {
    const made = await createUser(db, { email: 'a\0b@c', passwordHash: null, now: 0 });
    expect(await findUser(db, 'a\0b@c')).toMatchObject({ id: made?.id });
  });
});

describe('a user', () => {
  test('is made once for an e-mail, however many try', async () => {
    const all = await Promise.all(
      Array.from({ length: 8 }, () => createUser(db, { email: 'a@b', passwordHash: 'h', now: 1 })),
    );
    expect(all.filter((made) => made !== undefined)).toHaveLength(1);
    expect(await findUser(db, 'a@b')).toMatchObject({ email: 'a@b', passwordHash: 'h' });
    expect(await findUser(db, 'A@b')).toBeUndefined();
  });

  test('never gets the number of one who is gone', async () => {
    const gone = await user('gone');
    await db.query('delete from users where id = $1', [gone]);
    expect(await user('next')).toBeGreaterThan(gone);
  });
});

describe('a claim on an account', () => {
  const claim = (userId: number, now = NOON) => claimConnection(db, { ...ACCOUNT, userId, now });

  test('is won by one user alone, however many claim at once', async () => {
    const users = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map(user));
    const claims = await Promise.all(users.map((id) => claim(id)));
    const won = claims.filter((connection) => connection !== undefined);
    expect(won).toHaveLength(1);
    expect(await findConnection(db, ACCOUNT.accountSid)).toEqual(won[0]);
  });

  test('by the same user twice at once is one row', async () => {
    const ada = await user('ada');
    const both = await Promise.all([claim(ada), claim(ada)]);
    expect(both.map((connection) => connection?.userId)).toEqual([ada, ada]);
    expect(await listConnections(db, ada)).toHaveLength(1);
  });

  test('is kept until Twilio itself ends it, then free for one other', async () => {
    const [ada, bob, eve] = [await user('ada'), await user('bob'), await user('eve')];
    const { id } = (await claim(ada)) as Connection;
    expect(await disconnect(db, { id, userId: bob, now: NOON })).toBeUndefined();
    expect(await disconnect(db, { id, userId: ada, now: NOON + 1 })).toMatchObject({
      status: 'disconnected',
      changedAt: NOON + 1,
    });
    expect(await claim(bob)).toBeUndefined();
    expect(await markDeauthorized(db, ACCOUNT.accountSid, NOON + 2)).toBe(true);
    expect(await markDeauthorized(db, ACCOUNT.accountSid, NOON + 3)).toBe(false);
    const claims = await Promise.all([claim(bob, NOON + 4), claim(eve, NOON + 4)]);
    expect(claims.filter((connection) => connection !== undefined)).toHaveLength(1);
    expect(await listConnections(db, ada)).toEqual([]);
  });

  test('that Twilio refuses is readable again when Twilio says so, but an ended one is not', async () => {
    const ada = await user('ada');
    const connection = (await claim(ada)) as Connection;
    const status = async () => (await findConnection(db, ACCOUNT.accountSid))?.status;
    await markReadable(db, connection, false, NOON + 1);
    expect(await status()).toBe('refused');
    await markReadable(db, connection, true, NOON + 2);
    expect(await status()).toBe('active');
    await disconnect(db, { id: connection.id, userId: ada, now: NOON + 3 });
    await markReadable(db, connection, true, NOON + 4);
    expect(await status()).toBe('disconnected');
  });

  test('needs a user and a status that exist', async () => {
    const says = (text: RegExp) => ({ message: expect.stringMatching(text) });
    await expect(claim(4711)).rejects.toMatchObject(says(/foreign key constraint/i));
    await claim(await user('ada'));
    const gone = db.query(`update connections set status = 'gone'`);
    await expect(gone).rejects.toMatchObject(says(/check constraint/i));
  });

  test('the newest comes first', async () => {
    const ada = await user('ada');
    for (const [digit, at] of [
      ['1', 20],
      ['2', 30],
      ['3', 10],
      ['4', 30],
    ] as const) {
      await claimConnection(db, {
        ...ACCOUNT,
        accountSid: `AC${digit.repeat(32)}`,
        userId: ada,
        now: at,
      });
    }
    const order = (await listConnections(db, ada)).map(({ accountSid }) => accountSid[2]);
    expect(order).toEqual(['4', '2', '1', '3']);
  });
});

describe('a session', () => {
  test('that has expired is gone at once, and cleaned away', async () => {
    await writeSession(db, { sid: 'a', data: '{}', expiresAt: 10 });
    await writeSession(db, { sid: 'b', data: '{}', expiresAt: 20 });
    expect(await readSession(db, 'a', 9)).toBe('{}');
    expect(await readSession(db, 'a', 10)).toBeUndefined();
    await deleteExpiredSessions(db, 10);
    expect(await db.query('select sid from sessions')).toEqual([{ sid: 'b' }]);
  });

  test('that was ended is not brought back by a request still under way', async () => {
    await writeSession(db, { sid: 'a', data: '{"n":1}', expiresAt: 10 });
    await writeSession(db, { sid: 'a', data: '{"n":2}', expiresAt: 20 });
    expect(await readSession(db, 'a', 15)).toBe('{"n":2}');
    await endSession(db, 'a');
    await writeSession(db, { sid: 'a', data: '{"n":3}', expiresAt: 20 });
    expect(await readSession(db, 'a', 5)).toBeUndefined();
  });
});

describe('attempts', () => {
  const count = (key: string, now: number) => countAttempt(db, { key, now, windowMs: 100 });

  test('are counted one by one, however many come at once, each key by itself', async () => {
    const all = await Promise.all(Array.from({ length: 12 }, () => count('a', 1000)));
    expect(all.map((each) => each.count).sort((a, b) => a - b)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
    ]);
    expect(await count('b', 1000)).toEqual({ count: 1, endsAt: 1100 });
  });

  test('have a window that ends when it was said, and then begin anew', async () => {
    await count('a', 1000);
    expect(await count('a', 1099)).toEqual({ count: 2, endsAt: 1100 });
    expect(await count('a', 1100)).toEqual({ count: 1, endsAt: 1200 });
  });

  test('that were none are taken back, but never below nothing', async () => {
    await count('a', 1000);
    for (let n = 0; n < 3; n++) await forgetAttempt(db, 'a');
    await forgetAttempt(db, 'unknown');
    expect(await count('a', 1000)).toEqual({ count: 1, endsAt: 1100 });
  });

  test('are cleaned away when their window has ended', async () => {
    await count('a', 1000);
    await count('b', 1050);
    await deleteEndedAttempts(db, 1100);
    expect(await db.query('select key from attempts')).toEqual([{ key: 'b' }]);
  });
});

/** An account as a connection of a user's own reads it. */
async function source(name = 'ada'): Promise<Source> {
  const claim = { ...ACCOUNT, userId: await user(name), now: NOON };
  const connection = await claimConnection(db, claim);
  return {
    connectionId: Number(connection?.id),
    connectedAt: NOON,
    accountSid: ACCOUNT.accountSid,
  };
}

describe('the totals of days', () => {
  const day = (number: number, calls: number): DayTotals => ({
    day: number,
    groups: [['completed', 'inbound', 'USD', calls, 60, -850]],
    hours: Array(24).fill(calls),
    lengths: Array(8).fill(0),
  });
  const days = { first: 20_000, last: 20_010 };

  test('come back as they went in, each day as it was read last', async () => {
    const ours = await source();
    expect(await saveDays(db, ours, [day(20_000, 1), day(20_010, 2)], NOON)).toBe(true);
    expect(await saveDays(db, ours, [day(20_010, 3), day(20_011, 4)], NOON + 1)).toBe(true);
    expect([...(await readTotals(db, ours, days)).values()]).toEqual([
      { ...day(20_000, 1), readAt: NOON },
      { ...day(20_010, 3), readAt: NOON + 1 },
    ]);
    expect([...(await readDays(db, ours, days))]).toEqual([
      [20_000, NOON],
      [20_010, NOON + 1],
    ]);
  });

  test('end with the connection, and none are stored after it', async () => {
    const ours = await source();
    await saveDays(db, ours, [day(20_000, 1)], NOON);
    const { id, userId } = (await findConnection(db, ours.accountSid)) as Connection;
    await disconnect(db, { id, userId, now: NOON + 1 });
    expect(await isCurrent(db, ours)).toBe(false);
    expect(await saveDays(db, ours, [day(20_001, 1)], NOON)).toBe(false);
    expect(await db.query('select day from call_totals')).toEqual([]);
  });
});

describe('the lease of a scan', () => {
  const LEASE = { now: NOON, until: NOON + 10 };
  const isTaken = async (ours: Source, holder: string, lease = LEASE) =>
    takeLease(db, { ...ours, holder }, lease);

  test('has one holder, however many want it at once', async () => {
    const ours = await source();
    const all = Array.from({ length: 12 }, (_, n) => isTaken(ours, `holder ${n}`));
    expect((await Promise.all(all)).filter(Boolean)).toHaveLength(1);
    expect(await findScan(db, ours, NOON)).toEqual({
      status: 'running',
      askedAt: NOON,
      twilioStatus: null,
    });
  });

  test('is another’s when it was not renewed in time, and then the first one knows', async () => {
    const ours = await source();
    expect(await isTaken(ours, 'killed')).toBe(true);
    expect(await renewLease(db, { ...ours, holder: 'killed' }, NOON + 20)).toBe(true);
    expect(await isTaken(ours, 'next', { now: NOON + 19, until: NOON + 30 })).toBe(false);
    expect(await findScan(db, ours, NOON + 20)).toBe(undefined);
    expect(await isTaken(ours, 'next', { now: NOON + 20, until: NOON + 30 })).toBe(true);
    expect(await renewLease(db, { ...ours, holder: 'killed' }, NOON + 99)).toBe(false);
    await returnLease(db, { ...ours, holder: 'killed' });
    await markFailed(db, { ...ours, holder: 'killed' }, { twilioStatus: 500, until: NOON + 99 });
    expect(await findScan(db, ours, NOON + 20)).toMatchObject({ status: 'running' });
  });

  test('is free at once when it is given back', async () => {
    const ours = await source();
    await isTaken(ours, 'first');
    await returnLease(db, { ...ours, holder: 'first' });
    expect(await findScan(db, ours, NOON)).toBe(undefined);
    expect(await isTaken(ours, 'second')).toBe(true);
  });

  test('is nobody’s after a stop, until the visitor goes on', async () => {
    const ours = await source();
    await stopScan(db, ours);
    expect(await findScan(db, ours, NOON)).toBe(undefined);
    await isTaken(ours, 'first');
    await allowScan(db, ours);
    await stopScan(db, ours);
    expect(await renewLease(db, { ...ours, holder: 'first' }, NOON + 20)).toBe(false);
    const later = NOON + 365 * 86_400_000;
    expect(await findScan(db, ours, later)).toMatchObject({ status: 'stopped' });
    expect(await isTaken(ours, 'second', { now: later, until: later + 10 })).toBe(false);
    await allowScan(db, ours);
    expect(await isTaken(ours, 'second')).toBe(true);
  });

  test('is nobody’s for a while after a failure, and all know why', async () => {
    const ours = await source();
    await isTaken(ours, 'first');
    await markFailed(db, { ...ours, holder: 'first' }, { twilioStatus: 429, until: NOON + 5 });
    expect(await findScan(db, ours, NOON + 4)).toEqual({
      status: 'failed',
      askedAt: NOON,
      twilioStatus: 429,
    });
    expect(await isTaken(ours, 'second', { now: NOON + 4, until: NOON + 10 })).toBe(false);
    expect(await isTaken(ours, 'second', { now: NOON + 5, until: NOON + 10 })).toBe(true);
    expect(await findScan(db, ours, NOON + 5)).toMatchObject({ twilioStatus: null });
  });

  test('ends with the connection; one of a later claim takes the place of an old one', async () => {
    const ours = await source();
    await isTaken(ours, 'first');
    const later = { ...ours, connectedAt: NOON + 1 };
    expect(await findScan(db, later, NOON)).toBe(undefined);
    expect(await isTaken(later, 'second')).toBe(true);
    expect(await isTaken(ours, 'first')).toBe(false);
    await markDeauthorized(db, ours.accountSid, NOON + 2);
    expect(await db.query('select holder from scans')).toEqual([]);
  });
});
