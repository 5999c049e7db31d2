import type pg from 'pg';
import { DatabaseUnreachable, StartError } from '../errors.ts';
import type { Db } from './database.ts';
import { postgres as dialect } from './dialects.ts';
import { migrate } from './migrations.ts';
import { ask, transact } from './postgres-client.ts';
import { explainAtStart } from './postgres-errors.ts';
import { connectAtStart, heardByTheQuery, settings } from './postgres-start.ts';

// The server gives up first, unless it is gone altogether.
const STATEMENT_MS = 5_000;
const ANSWER_MS = 6_000;
/** A choice: so many connections for each process. PostgreSQL allows 100 in all where nobody has changed that. */
const CONNECTIONS = 10;

/**
 * Connects to PostgreSQL. Where the server is not there yet, `tell` hears so once, and it waits.
 * @throws StartError if it cannot be used, or not within `waitMs`
 */
export async function openPostgres(
  url: string,
  tell: (line: string) => void,
  waitMs: number,
): Promise<Db> {
  const { protocol, host, pathname } = new URL(url);
  const place = `${protocol}//${host}${pathname}`;
  const driver = await loadDriver(place);
  try {
    const config = settings(driver, url);
    // A client of its own, since a migration may take longer than any query of a page.
    const client = await connectAtStart(driver, config, waitMs, (reason) =>
      tell(`Waiting up to ${waitMs / 1000} seconds for ${place} (${reason}).`),
    );
    await migrate({ dialect, transaction: (work) => transact(client, work) }).finally(() =>
      client.end(),
    );
    return overPool(
      new driver.Pool({
        ...config,
        max: CONNECTIONS,
        query_timeout: ANSWER_MS,
        // As a query, not a parameter of the connection: PgBouncer refuses those that it does not know.
        onConnect: async (client) => {
          await client.query(`set statement_timeout = ${STATEMENT_MS}`);
        },
      }),
    );
  } catch (error) {
    if (error instanceof StartError) throw error;
    const { reason, cure } = explainAtStart(error);
    throw new StartError(`DATABASE_URL: cannot use ${place} (${reason}): ${cure}.`);
  }
}

/** `pg` is an optional dependency: nobody needs it for SQLite. */
async function loadDriver(place: string): Promise<typeof pg> {
  try {
    return (await import('pg')).default;
  } catch {
    throw new StartError(
      `DATABASE_URL: cannot use ${place} (the package pg is not installed): run npm install pg.`,
    );
  }
}

function overPool(pool: pg.Pool): Db {
  pool.on('connect', (client) => client.on('error', heardByTheQuery));
  // An idle connection has ended: the pool makes another when one is needed.
  pool.on('error', heardByTheQuery);

  async function withClient<T>(work: (client: pg.ClientBase) => Promise<T>): Promise<T> {
    const client = await pool.connect().catch((error) => {
      throw new DatabaseUnreachable(explainAtStart(error).reason);
    });
    let isBroken = false;
    try {
      return await work(client);
    } catch (error) {
      isBroken = error instanceof DatabaseUnreachable;
      throw error;
    } finally {
      client.release(isBroken);
    }
  }

  let closed: Promise<void> | undefined;
  return {
    dialect,
    query: (sql, params) => withClient((client) => ask(client, sql, params)),
    transaction: (work) => withClient((client) => transact(client, work)),
    close: () => {
      closed ??= pool.end();
      return closed;
    },
  };
}
