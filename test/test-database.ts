import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, test } from '@jest/globals';
import pg from 'pg';

/** A PostgreSQL server for tests, as test/with-postgres.sh starts one. Its owner may make schemas and roles. */
export const TEST_DATABASE_URL = process.env.TEST_DATABASE_URL;

let isPostgres = false;
const schemas: string[] = [];
const folders: string[] = [];

/**
 * From here on this test file's databases are schemas of TEST_DATABASE_URL's. Without one it answers false, and leaves
 * a skipped test to say so.
 */
export function usePostgres(): boolean {
  isPostgres = TEST_DATABASE_URL !== undefined;
  if (!isPostgres) test.skip('needs TEST_DATABASE_URL', () => undefined);
  return isPostgres;
}

/** The URL of an empty database that nobody else uses. It is gone when the test file ends. */
export async function freshDatabase(where: 'anywhere' | 'on disk' = 'anywhere'): Promise<string> {
  if (!isPostgres) return where === 'on disk' ? freshFile() : 'file::memory:';
  const schema = `test_${randomBytes(8).toString('hex')}`;
  await asAdmin(`create schema ${schema}`);
  schemas.push(schema);
  const url = new URL(String(TEST_DATABASE_URL));
  url.searchParams.set('options', `-c search_path=${schema}`);
  return url.href;
}

/** The same, of SQLite in any case. */
export function freshFile(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'quickstart-'));
  folders.push(folder);
  return `file:${folder}/data/app.db`;
}

/** Runs SQL beside the app, as whoever keeps the server does. */
export async function asAdmin<Row extends object>(sql: string): Promise<Row[]> {
  const client = new pg.Client(TEST_DATABASE_URL);
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** All rows of a table, of PostgreSQL's, whoever uses it meanwhile. */
export async function rows<Row extends object>(databaseUrl: string, table: string): Promise<Row[]> {
  const schema = String(new URL(databaseUrl).searchParams.get('options')).split('=')[1];
  return asAdmin<Row>(`select * from ${schema}.${table}`);
}

afterAll(async () => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  const all = schemas.splice(0).join(', ');
  if (all) await asAdmin(`drop schema ${all} cascade`);
}, 60_000);
