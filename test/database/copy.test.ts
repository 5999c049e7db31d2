import { afterEach, describe, expect, test } from '@jest/globals';
import { countAttempt } from '../../src/database/attempts.ts';
import { saveDays } from '../../src/database/call-totals.ts';
import { claimConnection } from '../../src/database/connections.ts';
import { copyDatabase } from '../../src/database/copy.ts';
import { type Db, openDatabase, type Param } from '../../src/database/database.ts';
import { TABLES } from '../../src/database/migrations.ts';
import { takeLease } from '../../src/database/scans.ts';
import { writeSession } from '../../src/database/sessions.ts';
import { createUser } from '../../src/database/users.ts';
import { NOON } from '../start-app.ts';
import { freshDatabase, freshFile } from '../test-database.ts';

const opened: Db[] = [];
afterEach(async () => {
  for (const db of opened.splice(0)) await db.close();
});

async function open(url: string): Promise<Db> {
  const db = await openDatabase(url);
  opened.push(db);
  return db;
}

const user = (db: Db, email: string) => createUser(db, { email, passwordHash: 'h', now: NOON });

/** Something in every table, more than is copied at a time, and ids that are not given any more. */
async function fill(db: Db): Promise<void> {
  for (const email of [
    'gone@example.com',
    'ada@example.com',
    'bob €😀@example.com',
    'last@example.com',
  ]) {
    await user(db, email);
  }
  await db.query('delete from users where id in (1, 4)');
  const account = { ownerAccountSid: null, friendlyName: 'Ada\'s\n"accounts"', now: NOON };
  for (const [digit, userId] of [
    ['1', 2],
    ['2', 3],
  ] as const) {
    await claimConnection(db, { ...account, accountSid: `AC${digit.repeat(32)}`, userId });
  }
  await db.transaction(async (inside) => {
    for (let n = 0; n < 450; n++) {
      const session = { sid: `sid-${n}-Ä`, data: JSON.stringify({ n }), expiresAt: NOON + n };
      await writeSession(inside as Db, session);
    }
  });
  await countAttempt(db, { key: 'k', now: NOON, windowMs: 1 });
  const source = { connectionId: 1, connectedAt: NOON, accountSid: `AC${'1'.repeat(32)}` };
  const days = Array.from({ length: 250 }, (_, day) => ({
    day,
    groups: [],
    hours: [],
    lengths: [],
  }));
  await saveDays(db, source, days, NOON);
  await takeLease(db, { ...source, holder: 'h' }, { now: NOON, until: NOON + 1 });
}

/** Every row of every table, in the order of their keys as they are compared here. */
async function contents(db: Db): Promise<Record<string, unknown[]>> {
  const all: Record<string, unknown[]> = {};
  for (const table of Object.keys(TABLES)) {
    const rows = await db.query<object>(`select * from ${table}`);
    all[table] = rows.map((row) => JSON.stringify(Object.entries(row).sort())).sort();
  }
  return all;
}

describe('a copy', () => {
  test('there and back is the same, row by row', async () => {
    const [here, there, back] = [
      await open(freshFile()),
      await open(await freshDatabase()),
      await open(freshFile()),
    ];
    await fill(here);
    const counts = await copyDatabase(here, there);
    expect(Object.fromEntries(counts)).toMatchObject({
      users: 2,
      connections: 2,
      sessions: 450,
      attempts: 1,
      call_totals: 250,
      scans: 1,
    });
    const before = await contents(here);
    expect(await contents(there)).toEqual(before);
    await copyDatabase(there, back);
    expect(await contents(back)).toEqual(before);
  });

  test('gives nobody the number of a user who is gone', async () => {
    const [here, there, back] = [
      await open(freshFile()),
      await open(await freshDatabase()),
      await open(freshFile()),
    ];
    await fill(here);
    await copyDatabase(here, there);
    await copyDatabase(there, back);
    for (const db of [here, there, back]) expect((await user(db, 'new@example.com'))?.id).toBe(5);
  });

  test('of nothing leaves the first number free', async () => {
    const [here, there, back] = [
      await open(freshFile()),
      await open(await freshDatabase()),
      await open(freshFile()),
    ];
    await copyDatabase(here, there);
    await copyDatabase(there, back);
    for (const db of [there, back]) expect((await user(db, 'new@example.com'))?.id).toBe(1);
  });

  test('into a database that is not empty is refused, and changes nothing', async () => {
    const [here, there] = [await open(freshFile()), await open(await freshDatabase())];
    await fill(here);
    await user(there, 'somebody@example.com');
    const before = await contents(there);
    await expect(copyDatabase(here, there)).rejects.toThrow('TO is not empty (users: 1)');
    expect(await contents(there)).toEqual(before);
  });

  test('that fails half-way leaves nothing', async () => {
    const [here, there] = [await open(freshFile()), await open(await freshDatabase())];
    await fill(here);
    const broken = between(here, (sql, rows) => {
      if (sql.includes('from sessions where')) throw new Error('the disk is gone');
      return rows;
    });
    await expect(copyDatabase(broken, there)).rejects.toThrow('the disk is gone');
    for (const rows of Object.values(await contents(there))) expect(rows).toEqual([]);
  });

  test('that would not be whole is refused', async () => {
    const [here, there] = [await open(freshFile()), await open(await freshDatabase())];
    await fill(here);
    const forgetful = between(here, (sql, rows) =>
      sql.startsWith('select * from connections') ? rows.filter(({ id }) => id !== 2) : rows,
    );
    await expect(copyDatabase(forgetful, there)).rejects.toThrow(
      'FROM has 2 rows in connections, and TO would have 1',
    );
    for (const rows of Object.values(await contents(there))) expect(rows).toEqual([]);
  });
});

/** The same database, with something between it and whoever reads it in a transaction. */
function between(db: Db, change: (sql: string, rows: { id?: number }[]) => unknown[]): Db {
  return {
    ...db,
    transaction: (work) =>
      db.transaction(({ query }) =>
        work({
          query: async <Row>(sql: string, params?: readonly Param[]) =>
            change(sql, await query(sql, params)) as Row[],
        }),
      ),
  };
}

test('every table is known with its key, in an order in which it can be filled', async () => {
  const db = await open(freshFile());
  const made = await db.query<{ name: string }>(
    `select name from sqlite_master where type = 'table' and name not like 'sqlite%' and name <> 'schema_version'`,
  );
  expect(made.map(({ name }) => name).sort()).toEqual(Object.keys(TABLES).sort());
  for (const [table, key] of Object.entries(TABLES)) {
    const columns = await db.query<{ name: string; pk: number }>(
      `select name, pk from pragma_table_info('${table}') where pk > 0 order by pk`,
    );
    expect({ table, key: columns.map(({ name }) => name) }).toEqual({ table, key });
    const others = await db.query<{ other: string }>(
      `select "table" as other from pragma_foreign_key_list('${table}')`,
    );
    const names = Object.keys(TABLES);
    for (const { other } of others) expect(names.indexOf(other)).toBeLessThan(names.indexOf(table));
  }
});
