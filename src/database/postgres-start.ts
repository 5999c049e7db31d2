import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { explainAtStart } from './postgres-errors.ts';

const RETRY_MS = 500;
const CONNECT_MS = 10_000;

/** What every connection to the database at `url` has in common. */
export function settings(driver: typeof pg, url: string): pg.ClientConfig {
  const connection = new URL(url);
  // Then sslmode means what it means to psql. pg would take each for verify-full, and print a warning.
  if (connection.searchParams.has('sslmode')) {
    connection.searchParams.set('uselibpqcompat', 'true');
  }
  // Times and counts are numbers, as with SQLite.
  const types = new driver.TypeOverrides();
  types.setTypeParser(driver.types.builtins.INT8, Number);
  types.setTypeParser(driver.types.builtins.NUMERIC, Number);
  return {
    connectionString: connection.href,
    types,
    application_name: 'twilio-connect-quickstart',
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
  };
}

/** The first connection. A server that is still starting gets up to `waitMs`; `tell` hears why, once. */
export async function connectAtStart(
  driver: typeof pg,
  config: pg.ClientConfig,
  waitMs: number,
  tell: (reason: string) => void,
): Promise<pg.Client> {
  const until = Date.now() + waitMs;
  for (let attempt = 1; ; attempt++) {
    const client = new driver.Client(config);
    client.on('error', heardByTheQuery);
    try {
      await client.connect();
      return client;
    } catch (error) {
      void client.end();
      const { reason, mayPass } = explainAtStart(error);
      if (!mayPass || Date.now() >= until) throw error;
      if (attempt === 1) tell(reason);
    }
    await sleep(RETRY_MS);
  }
}

/** A connection that breaks tells it as an event too, which would end the process if nobody listened. */
export function heardByTheQuery(): void {}
