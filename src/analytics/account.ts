import { readDays, type Source } from '../database/call-totals.ts';
import type { Connection } from '../database/connections.ts';
import type { Db } from '../database/database.ts';
import { explainTwilioError } from '../twilio/explain-error.ts';
import { type Period, periodBefore } from './days.ts';
import type { Scan, Scans } from './scans.ts';

/** So long a page waits for a scan, so that most visitors never see one. */
const PATIENCE_MS = 1_500;

export interface Reading {
  source: Source;
  scan: Scan;
}

export function sourceOf({ id, connectedAt }: Connection, accountSid: string): Source {
  return { connectionId: id, connectedAt, accountSid };
}

/** The days of which a page tells something: those asked for and as many before them. */
export function wholeOf(period: Period): Period {
  return { first: periodBefore(period).first, last: period.last };
}

/**
 * Has the days read that a page needs, and waits a short while for them.
 * @throws the SDK's error if Twilio lets us read nothing and there is nothing from earlier to show, or if it refuses the
 * account
 */
export async function readAccount(
  scans: Scans,
  db: Db,
  connection: Connection,
  accountSid: string,
  period: Period,
): Promise<Reading> {
  const source = sourceOf(connection, accountSid);
  const scan = scans.read(source, connection.accountSid, wholeOf(period));
  await scan.endedWithin(PATIENCE_MS);
  if (scan.problem !== undefined) {
    const isRefusal = ['refused', 'not-found'].includes(explainTwilioError(scan.problem).kind);
    const stored = await readDays(db, source, period);
    if (isRefusal || stored.size === 0) throw scan.problem;
  }
  return { source, scan };
}
