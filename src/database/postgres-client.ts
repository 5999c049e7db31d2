import type pg from 'pg';
import { DatabaseUnreachable } from '../errors.ts';
import type { Db, Param } from './database.ts';
import { explainInUse } from './postgres-errors.ts';

/** One statement over this connection. */
export async function ask<Row>(
  client: pg.ClientBase,
  sql: string,
  params: readonly Param[] = [],
): Promise<Row[]> {
  return (await send(client, sql, params)).rows;
}

/** On a connection that does nothing else meanwhile. */
export async function transact<T>(
  client: pg.ClientBase,
  work: (db: Pick<Db, 'query'>) => Promise<T>,
): Promise<T> {
  await send(client, 'begin');
  try {
    const result = await work({ query: (sql, params) => ask(client, sql, params) });
    const { command } = await send(client, 'commit');
    // What PostgreSQL makes of a commit after a statement that failed: it says so, but not as an error.
    if (command === 'ROLLBACK') throw new Error('a statement of the transaction had failed');
    return result;
  } catch (error) {
    // A connection that is lost has nothing to roll back.
    if (!(error instanceof DatabaseUnreachable)) await send(client, 'rollback');
    throw error;
  }
}

async function send(
  client: pg.ClientBase,
  sql: string,
  params: readonly Param[] = [],
): Promise<pg.QueryResult> {
  try {
    return await client.query(sql, params.map(storable));
  } catch (error) {
    throw explainInUse(error);
  }
}

// NUL is the one character that PostgreSQL's text cannot hold.
function storable(value: Param): Param {
  return typeof value === 'string' ? value.replaceAll('\0', '\ufffd') : value;
}
