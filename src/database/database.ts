import { openSqlite } from './sqlite.ts';

export type Param = string | number | null;

/** The only thing the rest of the app knows of a database. One SQL text, `$1` for the first of `params`. */
export interface Db {
  query<Row>(sql: string, params?: readonly Param[]): Promise<Row[]>;
  /** Everything `work` asks of the Db it is given happens, or nothing of it. Other queries wait for it to end. */
  transaction<T>(work: (db: Pick<Db, 'query'>) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/**
 * Opens the database that DATABASE_URL names and brings its tables up to date.
 * @throws StartError if it cannot be opened or written
 */
export async function openDatabase(url: string): Promise<Db> {
  return openSqlite(url.replace(/^file:/, ''));
}
