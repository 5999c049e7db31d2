import { chmodSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { type Db, openDatabase } from '../../src/database/database.ts';
import { DatabaseUnreachable } from '../../src/errors.ts';
import { freshDatabase } from '../test-database.ts';

let file: string;
let db: Db;
beforeEach(async () => {
  const url = await freshDatabase('on disk');
  file = url.replace('file:', '');
  db = await openDatabase(url);
});
afterEach(() => db.close());

test('keeps the rules that SQLite leaves off by default', async () => {
  expect(await db.query('pragma journal_mode')).toEqual([{ journal_mode: 'wal' }]);
  expect(await db.query('pragma foreign_keys')).toEqual([{ foreign_keys: 1 }]);
  expect(await db.query('pragma busy_timeout')).toEqual([{ timeout: 5000 }]);
  const strict = await db.query<{ name: string }>(
    `select name from pragma_table_list where schema = 'main' and strict = 0 and name not like 'sqlite%'`,
  );
  expect(strict).toEqual([]);
});

test('only its owner may look inside, whoever may look into a folder that was there before', async () => {
  expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
  const open = path.join(path.dirname(file), 'open');
  mkdirSync(open);
  chmodSync(open, 0o755);
  const other = await openDatabase(`file:${open}/app.db`);
  const modes = readdirSync(open).map((name) => statSync(path.join(open, name)).mode & 0o777);
  expect(modes).toEqual([0o600, 0o600, 0o600]);
  await other.close();
});

test('a file that another process keeps locked is a database that does not answer', async () => {
  await db.query('pragma busy_timeout = 1');
  const other = new Database(file);
  other.exec('begin immediate');
  const insert = `insert into users (email, created_at) values ('a@b', 1)`;
  await expect(db.query(insert)).rejects.toBeInstanceOf(DatabaseUnreachable);
  await expect(db.transaction(({ query }) => query(insert))).rejects.toBeInstanceOf(
    DatabaseUnreachable,
  );
  other.exec('commit');
  other.close();
  await db.query(insert);
});
