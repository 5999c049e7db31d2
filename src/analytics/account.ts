import { readDays, type Source } from '../database/call-totals.ts';
import type { Connection } from '../database/connections.ts';
import type { Db } from '../database/database.ts';
import type { Scan } from '../database/scans.ts';
import { explainTwilioError } from '../twilio/explain-error.ts';
import { type Period, periodBefore } from './days.ts';
import type { Scans } from './scans.ts';

/** So long a page waits for a scan, so that most visitors never see one. */
const PATIENCE_MS = 1_500;

export interface Reading {
  source: Source;
  /** Undefined once it has read all. */
  scan: Scan | undefined;
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
 * @throws an error with Twilio's status if Twilio lets us read nothing and there is nothing from earlier to show, or if
 * it refuses the account
 */
export async function readAccount(
  scans: Scans,
  db: Db,
  connection: Connection,
  accountSid: string,
  period: Period,
): Promise<Reading> {
  const source = sourceOf(connection, accountSid);
  const { accountSid: authorizedSid } = connection;
  const scan = await scans.read(source, authorizedSid, wholeOf(period), PATIENCE_MS);
  if (typeof scan?.twilioStatus === 'number') {
    const error = Object.assign(new Error('a scan of calls ended early'), {
      status: scan.twilioStatus,
    });
    const isRefusal = ['refused', 'not-found'].includes(explainTwilioError(error).kind);
    const stored = await readDays(db, source, period);
    if (isRefusal || stored.size === 0) throw error;
  }
  return { source, scan };
}
