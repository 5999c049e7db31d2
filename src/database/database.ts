import type { Dialect } from './dialects.ts';
import { openPostgres } from './postgres.ts';
import { openSqlite } from './sqlite.ts';

export type Param = string | number | null;

/** The only thing the rest of the app knows of a database. One SQL text, `$1` for the first of `params`. */
export interface Db {
  /** @throws DatabaseUnreachable if the database does not answer */
  query<Row>(sql: string, params?: readonly Param[]): Promise<Row[]>;
  /**
   * Everything `work` asks of the Db it is given happens, or nothing of it. With SQLite other queries wait for it to
   * end; PostgreSQL goes on with them, so decide in one statement what must not change between two.
   */
  transaction<T>(work: (db: Pick<Db, 'query'>) => Promise<T>): Promise<T>;
  close(): Promise<void>;
  /** For those who make or copy tables. */
  readonly dialect: Dialect;
}

/**
 * Opens the database that DATABASE_URL names (file:PATH or postgres://...) and brings its tables up to date. A server
 * that does not answer yet gets up to `waitMs` milliseconds; `tell` hears so, once.
 * @throws StartError if it cannot be opened or written
 */
export async function openDatabase(
  url: string,
  tell: (line: string) => void = () => {},
  waitMs = 30_000,
): Promise<Db> {
  if (url.startsWith('file:')) return openSqlite(url.slice('file:'.length));
  return openPostgres(url, tell, waitMs);
}

/** The password in a database's URL, as the log must never show it. One that short is a word of every line. */
export function passwordsIn(url: string): string[] {
  if (url.startsWith('file:')) return [];
  const { password, searchParams } = new URL(url);
  const all = [password, decodeURIComponent(password), searchParams.get('password') ?? ''];
  return all.filter(({ length }) => length >= 8);
}
