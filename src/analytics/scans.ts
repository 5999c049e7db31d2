import { setTimeout as sleep } from 'node:timers/promises';
import type { Source } from '../database/call-totals.ts';
import type { Db } from '../database/database.ts';
import type { Log } from '../log.ts';
import type { CustomerClient } from '../twilio/customer-client.ts';
import { explainTwilioError } from '../twilio/explain-error.ts';
import type { Period } from './days.ts';
import { type Asked, ReadingFailed, scanAccount } from './scan.ts';

/** The reading of one account's days, for however many pages and tabs. */
export interface Scan {
  /** stopped: by the visitor, until they go on, or as the app closes. */
  status: 'running' | 'done' | 'stopped' | 'failed';
  /** When it began, by the app's clock. */
  askedAt: number;
  /** The SDK's error that ended it. */
  problem?: unknown;
  /** Our own error that ended it. */
  fault?: unknown;
  /** Resolves when it has ended; or `ms` milliseconds after its beginning, once Twilio has answered at all. */
  endedWithin(ms: number): Promise<void>;
}

interface OwnScan extends Scan, Asked {
  periods: Period[];
  controller: AbortController;
  failedAt?: number;
}

export interface Scans {
  /** Reads those days of the period that are due: by a new scan, or by the one that is at it for this account. */
  read(source: Source, authorizedSid: string, period: Period): Scan;
  /** What `read` would answer, without beginning anything. */
  find(source: Source): Scan | undefined;
  stop(source: Source): void;
  /** Lets the next `read` begin afresh after a stop or a failure. */
  goOn(source: Source): void;
}

interface Outside {
  db: Db;
  customerClient: CustomerClient;
  log: Log;
  now: () => number;
  /** Stops all scans. */
  closing: AbortSignal;
}

// So that a page which shows the failure does not begin again by itself.
const FAILURE_KEPT_MS = 5_000;

/** The scans of this process. A long one goes on when its visitor has left; what it has stored stays. */
export function createScans({ db, customerClient, log, now, closing }: Outside): Scans {
  const scans = new Map<string, OwnScan>();
  closing.addEventListener('abort', () => {
    for (const scan of scans.values()) stop(scan);
  });

  function find(source: Source): OwnScan | undefined {
    const scan = scans.get(key(source));
    const isOld = scan?.failedAt !== undefined && scan.failedAt <= now() - FAILURE_KEPT_MS;
    return isOld ? undefined : scan;
  }

  function begin(source: Source, authorizedSid: string, period: Period): OwnScan {
    const controller = new AbortController();
    let onPage = () => {};
    const answered = new Promise<void>((resolve) => {
      onPage = resolve;
    });
    const begun = performance.now();
    const scan: OwnScan = {
      status: 'running',
      askedAt: now(),
      periods: [period],
      onPage,
      controller,
      endedWithin: async (ms) => {
        const awake = new AbortController();
        const rest = begun + ms - performance.now();
        const late = sleep(rest, undefined, { signal: awake.signal }).catch(() => undefined);
        await Promise.race([ended, Promise.all([late, answered])]);
        awake.abort();
      },
    };
    const scanned = Promise.resolve(customerClient(authorizedSid)).then((client) =>
      scanAccount(db, client, source, scan, now, controller.signal),
    );
    const ended = scanned.then(
      () => {
        scan.status = 'done';
        if (scans.get(key(source)) === scan) scans.delete(key(source));
      },
      (error: unknown) => fail(scan, error),
    );
    scans.set(key(source), scan);
    return scan;
  }

  function fail(scan: OwnScan, error: unknown): void {
    scan.status = scan.controller.signal.aborted ? 'stopped' : 'failed';
    if (scan.status === 'stopped') return;
    scan.failedAt = now();
    if (error instanceof ReadingFailed) {
      scan.problem = error.cause;
      const { kind, status, code } = explainTwilioError(error.cause);
      log.warn({ kind, status, code }, 'a scan of calls ended early');
    } else {
      scan.fault = error;
      log.error({ err: error }, 'a scan of calls failed');
    }
  }

  return {
    find,
    read(source, authorizedSid, period) {
      const scan = find(source);
      if (!scan) return begin(source, authorizedSid, period);
      const isSame = ({ first, last }: Period) => first === period.first && last === period.last;
      if (!scan.periods.some(isSame)) scan.periods.push(period);
      return scan;
    },
    stop(source) {
      const scan = find(source);
      if (scan) stop(scan);
    },
    goOn(source) {
      if (find(source)?.status !== 'running') scans.delete(key(source));
    },
  };
}

function stop(scan: OwnScan): void {
  if (scan.status !== 'running') return;
  scan.status = 'stopped';
  scan.controller.abort();
  scan.onPage();
}

// Connecting again starts afresh: the permissions, or even the user, may be others.
function key({ connectionId, connectedAt, accountSid }: Source): string {
  return `${connectionId} ${connectedAt} ${accountSid}`;
}
