import type { Db } from './database.ts';

/** An account as one connection reads it. What is kept belongs to the connection, and so to one user. */
export interface Source {
  connectionId: number;
  /** Tells the connection from a later one of the same account, which may be another user's. */
  connectedAt: number;
  accountSid: string;
}

/**
 * Calls of a day that have the same status, direction and currency ('' where Twilio says nothing), their seconds of
 * talk, and their price in units of 0.00001: negative, as Twilio writes what it charges.
 */
export type Group = [
  status: string,
  direction: string,
  currency: string,
  calls: number,
  seconds: number,
  price: number,
];

/**
 * What the calls of a day add up to. A day is kept as a whole, in one row: a page about a year reads some hundred rows
 * then, where a row for each group and hour would make it a hundred thousand.
 */
export interface DayTotals {
  day: number;
  groups: readonly Group[];
  /** Calls that began in each of the 24 hours, UTC. */
  hours: readonly number[];
  /** Completed calls by their duration: see LENGTHS in analytics/totals.ts. */
  lengths: readonly number[];
}

interface Days {
  first: number;
  last: number;
}

const CURRENT = `id = $1 and connected_at = $2 and status in ('active', 'refused')`;
const IN_RANGE = 'connection_id = $1 and account_sid = $2 and day between $3 and $4';

/** Whether the connection is still the one through which we began to read. */
export async function isCurrent(db: Db, { connectionId, connectedAt }: Source): Promise<boolean> {
  const sql = `select id from connections where ${CURRENT}`;
  return (await db.query(sql, [connectionId, connectedAt])).length > 0;
}

/**
 * Stores the totals of days, in place of what is there, all or none of them. False, and nothing is stored, if the
 * connection has ended meanwhile.
 */
export async function saveDays(
  db: Db,
  { connectionId, connectedAt, accountSid }: Source,
  days: readonly DayTotals[],
  readAt: number,
): Promise<boolean> {
  return db.transaction(async ({ query }) => {
    // Changes nothing, but locks the row: whoever ends the connection now waits, and then deletes these totals too.
    const lock = `update connections set changed_at = changed_at where ${CURRENT} returning id`;
    if ((await query(lock, [connectionId, connectedAt])).length === 0) return false;
    for (const { day, groups, hours, lengths } of days) {
      await query(
        `insert into call_totals (connection_id, account_sid, day, read_at, totals)
         values ($1, $2, $3, $4, $5)
         on conflict (connection_id, account_sid, day) do update set
           read_at = excluded.read_at, totals = excluded.totals`,
        [connectionId, accountSid, day, readAt, JSON.stringify({ groups, hours, lengths })],
      );
    }
    return true;
  });
}

/** When each of the days was read; those that never were are missing. */
export async function readDays(db: Db, source: Source, days: Days): Promise<Map<number, number>> {
  const sql = `select day, read_at as "readAt" from call_totals where ${IN_RANGE}`;
  const rows = await db.query<{ day: number; readAt: number }>(sql, range(source, days));
  return new Map(rows.map(({ day, readAt }) => [day, readAt]));
}

/** The totals of the days that have been read, by day. */
export async function readTotals(
  db: Db,
  source: Source,
  days: Days,
): Promise<Map<number, DayTotals & { readAt: number }>> {
  const sql = `select day, read_at as "readAt", totals from call_totals where ${IN_RANGE}`;
  const rows = await db.query<{ day: number; readAt: number; totals: string }>(
    sql,
    range(source, days),
  );
  return new Map(
    rows.map(({ day, readAt, totals }) => [day, { day, readAt, ...JSON.parse(totals) }]),
  );
}

function range({ connectionId, accountSid }: Source, { first, last }: Days) {
  return [connectionId, accountSid, first, last];
}
