import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Source } from '../database/call-totals.ts';
import type { Db } from '../database/database.ts';
import {
  allowScan,
  findScan,
  type Lease,
  returnLease,
  type Scan,
  stopScan,
} from '../database/scans.ts';
import type { Log } from '../log.ts';
import type { CustomerClient } from '../twilio/customer-client.ts';
import type { Period } from './days.ts';
import { runScan } from './run-scan.ts';
import type { Asked } from './scan.ts';

/** A scan of this process, for however many pages and tabs. */
interface OwnScan extends Asked {
  lease: Lease;
  periods: Period[];
  controller: AbortController;
  /** By performance.now(). */
  begunAt: number;
  /** Twilio has answered at all. */
  answered: Promise<void>;
  /** False if another process is at it. */
  ended: Promise<boolean>;
}

export interface Scans {
  /**
   * Reads those days of the period that are due: by a new scan, or by the one that is at it for this account, in
   * whichever process. Waits for its end; or `ms` milliseconds after its beginning, once Twilio has answered at all.
   * Gives what `find` would then.
   */
  read(
    source: Source,
    authorizedSid: string,
    period: Period,
    ms: number,
  ): Promise<Scan | undefined>;
  /** Undefined if nothing is being read, and nothing is to be said of the last time. */
  find(source: Source): Promise<Scan | undefined>;
  stop(source: Source): Promise<void>;
  /** Lets the next `read` begin afresh after a stop or a failure. */
  goOn(source: Source): Promise<void>;
}

interface Outside {
  db: Db;
  customerClient: CustomerClient;
  log: Log;
  now: () => number;
  /** Stops this process's scans; another may go on with them. */
  closing: AbortSignal;
}

const LOOK_EVERY_MS = 250;

/** Scans, one at a time for an account. A long one goes on when its visitor has left; what it has stored stays. */
export function createScans({ db, customerClient, log, now, closing }: Outside): Scans {
  const own = new Map<string, OwnScan>();
  closing.addEventListener('abort', () => {
    for (const { controller, lease } of own.values()) {
      controller.abort();
      returnLease(db, lease).catch(() => undefined); // it ends by itself
    }
  });

  const find = (source: Source) => findScan(db, source, now());

  async function read(source: Source, authorizedSid: string, period: Period, ms: number) {
    const until = performance.now() + ms;
    const isSame = ({ first, last }: Period) => first === period.first && last === period.last;
    for (;;) {
      const scan = own.get(key(source)) ?? begin(source, authorizedSid);
      if (!scan.periods.some(isSame)) scan.periods.push(period);
      const isOurs = await endOf(scan, ms);
      const found = await find(source);
      if (isOurs || (found && found.status !== 'running')) return found;
      // Another process is at it, perhaps for other days: when it has ended it is our turn.
      const isLong = found && now() >= found.askedAt + ms;
      if (isLong || performance.now() >= until) return found;
      await sleep(LOOK_EVERY_MS);
    }
  }

  function begin(source: Source, authorizedSid: string): OwnScan {
    let onPage = () => {};
    const answered = new Promise<void>((resolve) => {
      onPage = resolve;
    });
    const scan: OwnScan = {
      lease: { ...source, holder: randomUUID() },
      askedAt: now(),
      periods: [],
      controller: new AbortController(),
      begunAt: performance.now(),
      onPage,
      answered,
      ended: Promise.resolve(true),
    };
    own.set(key(source), scan);
    scan.ended = Promise.resolve(customerClient(authorizedSid))
      .then((client) => runScan({ db, log, now }, client, scan.lease, scan, scan.controller))
      .catch((err) => {
        log.error({ err }, 'a scan of calls failed');
        return true;
      })
      .finally(() => forget(scan));
    return scan;
  }

  function forget(scan: OwnScan): void {
    if (own.get(key(scan.lease)) === scan) own.delete(key(scan.lease));
  }

  return {
    find,
    read,
    async stop(source) {
      await stopScan(db, source);
      const scan = own.get(key(source));
      scan?.controller.abort();
      if (scan) forget(scan);
    },
    goOn: (source) => allowScan(db, source),
  };
}

/** False if the scan has ended because another process is at it. */
async function endOf({ begunAt, ended, answered }: OwnScan, ms: number): Promise<boolean> {
  const awake = new AbortController();
  const rest = begunAt + ms - performance.now();
  const late = sleep(rest, undefined, { signal: awake.signal }).catch(() => undefined);
  const isOurs = await Promise.race([ended, Promise.all([late, answered]).then(() => true)]);
  awake.abort();
  return isOurs;
}

// Connecting again starts afresh: the permissions, or even the user, may be others.
function key({ connectionId, connectedAt, accountSid }: Source): string {
  return `${connectionId} ${connectedAt} ${accountSid}`;
}
