import type { Twilio } from 'twilio';
import type { Db } from '../database/database.ts';
import { type Lease, markFailed, renewLease, returnLease, takeLease } from '../database/scans.ts';
import type { Log } from '../log.ts';
import { explainTwilioError } from '../twilio/explain-error.ts';
import { type Asked, ReadingFailed, scanAccount } from './scan.ts';

// So long a scan waits for a process that was killed, and so soon one ends that was stopped in another process.
const LEASE_MS = 10_000;
const RENEW_MS = 2_000;
// So that a page which shows the failure does not begin again by itself.
const FAILURE_KEPT_MS = 5_000;

interface Outside {
  db: Db;
  log: Log;
  now: () => number;
}

/**
 * Reads what was asked for; what became of it is in the database. False, and nothing is read, if there is a scan of this
 * account already, in whichever process.
 */
export async function runScan(
  outside: Outside,
  client: Twilio,
  lease: Lease,
  asked: Asked,
  controller: AbortController,
): Promise<boolean> {
  const { db, now } = outside;
  const { askedAt } = asked;
  if (!(await takeLease(db, lease, { now: askedAt, until: askedAt + LEASE_MS }))) return false;

  const renewing = setInterval(async () => {
    // Where the database does not answer, the scan itself will hear of it.
    const isOurs = await renewLease(db, lease, now() + LEASE_MS).catch(() => true);
    if (!isOurs) controller.abort();
  }, RENEW_MS);

  try {
    await scanAccount(db, client, lease, asked, now, controller.signal);
    await returnLease(db, lease);
  } catch (error) {
    if (!controller.signal.aborted) await tell(outside, lease, error);
  } finally {
    clearInterval(renewing);
  }
  return true;
}

/** Says to the log, and to every process, why a scan has ended early. */
async function tell({ db, log, now }: Outside, lease: Lease, error: unknown): Promise<void> {
  const until = now() + FAILURE_KEPT_MS;
  if (error instanceof ReadingFailed) {
    const { kind, status, code } = explainTwilioError(error.cause);
    log.warn({ kind, status, code }, 'a scan of calls ended early');
    await markFailed(db, lease, { twilioStatus: status ?? 0, until });
  } else {
    log.error({ err: error }, 'a scan of calls failed');
    await markFailed(db, lease, { twilioStatus: null, until });
  }
}
