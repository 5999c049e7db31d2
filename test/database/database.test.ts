import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Db, openDatabase } from '../../src/database/database.ts';
import { deleteExpiredSessions, readSession, writeSession } from '../../src/database/sessions.ts';

let folder: string;
let db: Db;
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'quickstart-'));
  db = await openDatabase(`file:${folder}/data/app.db`);
});
afterEach(async () => {
  await db.close();
  rmSync(folder, { recursive: true });
});

test('keeps the rules that SQLite leaves off by default', async () => {
  expect(await db.query('pragma journal_mode')).toEqual([{ journal_mode: 'wal' }]);
  expect(await db.query('pragma foreign_keys')).toEqual([{ foreign_keys: 1 }]);
  expect(await db.query('pragma busy_timeout')).toEqual([{ timeout: 5000 }]);
  expect(statSync(path.join(folder, 'data')).mode & 0o777).toBe(0o700);
  const strict = await db.query<{ name: string }>(
    `select name from pragma_table_list where schema = 'main' and strict = 0 and name not like 'sqlite%'`,
  );
  expect(strict).toEqual([]);
  const orphan = `insert into connections
    (account_sid, user_id, status, friendly_name, connected_at, changed_at) values ('AC', 7, 'active', '', 0, 0)`;
  await expect(db.query(orphan)).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT_FOREIGNKEY' });
});

test('is opened again as it was', async () => {
  await db.query(`insert into users (email, created_at) values ('a@b', 1)`);
  const again = await openDatabase(`file:${folder}/data/app.db`);
  expect(await again.query('select email from users')).toEqual([{ email: 'a@b' }]);
  await again.close();
});

test('a database from a newer version is refused with the cure', async () => {
  await db.query('update schema_version set version = 99');
  await expect(openDatabase(`file:${folder}/data/app.db`)).rejects.toThrow(
    /newer version .*Start that version/,
  );
});

test('a transaction happens as a whole, and others wait for it', async () => {
  const insert = 'insert into users (email, created_at) values ($1, 0)';
  let beside: Promise<unknown> = Promise.resolve();
  const failed = db.transaction(async ({ query }) => {
    await query(insert, ['inside@example.com']);
    beside = db.query(insert, ['beside@example.com']);
    await new Promise((resolve) => setImmediate(resolve));
    throw new Error('no');
  });
  await expect(failed).rejects.toThrow('no');
  await beside;
  expect(await db.query('select email from users')).toEqual([{ email: 'beside@example.com' }]);
});

test('expired sessions are gone at once, and cleaned away', async () => {
  await writeSession(db, { sid: 'a', data: '{}', expiresAt: 10 });
  await writeSession(db, { sid: 'b', data: '{}', expiresAt: 20 });
  expect(await readSession(db, 'a', 9)).toBe('{}');
  expect(await readSession(db, 'a', 10)).toBeUndefined();
  await deleteExpiredSessions(db, 10);
  expect(await db.query('select sid from sessions')).toEqual([{ sid: 'b' }]);
});
