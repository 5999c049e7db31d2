import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { DatabaseUnreachable, DatabaseUnwritable, StartError } from '../errors.ts';
import type { Db, Param } from './database.ts';
import { sqlite as dialect } from './dialects.ts';
import { migrate } from './migrations.ts';

const CURES: Record<string, string> = {
  SQLITE_NOTADB: 'the file is no SQLite database; name another file',
  SQLITE_BUSY: 'another program keeps it locked; close that program',
  SQLITE_FULL: 'the disk is full; make room',
  // Compiled for another Node, or not at all.
  ERR_DLOPEN_FAILED: 'better-sqlite3 does not fit this Node; run npm rebuild better-sqlite3',
  NO_BINDINGS: 'better-sqlite3 was not built; run npm rebuild better-sqlite3',
};

/** Opens (or makes) the file `path`; ':memory:' is a database that ends with the process. */
export async function openSqlite(path: string): Promise<Db> {
  try {
    if (path !== ':memory:') makeForOwner(path);
    const db = wrap(new Database(path));
    await migrate(db);
    return db;
  } catch (error) {
    if (error instanceof StartError) throw error;
    const code = codeOf(error as Error & { code?: string });
    const cure = CURES[code] ?? 'make the folder and the file writable, or name another place';
    throw new StartError(`DATABASE_URL: cannot use the database file:${path} (${code}): ${cure}.`);
  }
}

/** Only the owner may look inside: it holds AccountSids and sessions. SQLite's files beside it get the mode of this one. */
function makeForOwner(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  closeSync(openSync(path, 'a', 0o600));
}

function codeOf({ code, message }: Error & { code?: string }): string {
  return code ?? (message.includes('bindings file') ? 'NO_BINDINGS' : message);
}

function explain(error: { code?: string }): never {
  const { code = '' } = error;
  // Another process has kept the file for longer than busy_timeout.
  if (code.startsWith('SQLITE_BUSY')) throw new DatabaseUnreachable(code);
  if (code === 'SQLITE_FULL') throw new DatabaseUnwritable(code, 'make room on its disk');
  if (/^SQLITE_(READONLY|CANTOPEN|IOERR_(WRITE|\w*FSYNC|TRUNCATE|SHM))/.test(code)) {
    throw new DatabaseUnwritable(code, 'make its folder and files writable, and see to its disk');
  }
  throw error;
}

function wrap(sqlite: Database.Database): Db {
  sqlite.exec(`
    pragma journal_mode = WAL;
    pragma synchronous = FULL;
    pragma busy_timeout = 5000;
    pragma foreign_keys = ON;
  `);

  // Kept for good, not only to prepare each once: built against the headers of Node 24.19 or later, better-sqlite3 12 can
  // end the process when a statement is collected (https://github.com/nodejs/node/issues/65446).
  const statements = new Map<string, Database.Statement>();
  async function query<Row>(sql: string, params: readonly Param[] = []): Promise<Row[]> {
    const statement = statements.get(sql) ?? sqlite.prepare(sql);
    statements.set(sql, statement);
    // To SQLite `$1` is a parameter with the name "1".
    const named = Object.fromEntries(params.map((value, index) => [index + 1, value]));
    if (statement.reader) return statement.all(named) as Row[];
    statement.run(named);
    return [];
  }

  // One connection: whatever comes while a transaction is open waits until that has ended.
  let last: Promise<unknown> = Promise.resolve();
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = last.then(work).catch(explain);
    last = result.catch(() => undefined);
    return result;
  }

  return {
    dialect,
    query: (sql, params) => inTurn(() => query(sql, params)),
    transaction: (work) =>
      inTurn(async () => {
        sqlite.exec('begin immediate');
        try {
          const result = await work({ query });
          sqlite.exec('commit');
          return result;
        } catch (error) {
          if (sqlite.inTransaction) sqlite.exec('rollback');
          throw error;
        }
      }),
    close: () => inTurn(async () => void sqlite.close()),
  };
}
