import type { Twilio } from 'twilio';
import type { Call } from '../calls/call.ts';
import { readAllCalls } from '../calls/read-all.ts';
import {
  type DayTotals,
  isCurrent,
  readDays,
  type Source,
  saveDays,
} from '../database/call-totals.ts';
import type { Db } from '../database/database.ts';
import { type Day, dayText, isDue, newestRun, type Period } from './days.ts';
import { countDay, type DayCount, dayOf } from './totals.ts';

// A choice: Twilio lists calls newest first, but does not say by which of their times, and a call may wait in a queue
// between being created and being started. So a day counts as complete only when calls from two days before it arrive.
const SLACK_DAYS = 1;
/** Days stored in one transaction, so that no other query waits long. */
const DAYS_AT_ONCE = 31;

/** Twilio ended the reading, not we: the SDK's error is its cause. */
export class ReadingFailed extends Error {
  override name = 'ReadingFailed';
}

export interface Asked {
  periods: readonly Period[];
  /** When it was asked, by the app's clock. */
  askedAt: number;
  /** Called when Twilio has answered. */
  onPage: () => void;
}

/**
 * Reads and stores the days that are due, the newest first, until none of the `periods` has any; they may become more
 * meanwhile. Ends early, and quietly, if the connection does.
 * @throws ReadingFailed, or the signal's reason
 */
export async function scanAccount(
  db: Db,
  client: Twilio,
  source: Source,
  { periods, askedAt, onPage }: Asked,
  now: () => number,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    const asked = periods.length;
    const due = new Set<Day>();
    for (const period of periods) {
      const readAt = await readDays(db, source, period);
      for (let day = period.last; day >= period.first; day--) {
        if (isDue(day, readAt.get(day), { now: now(), askedAt })) due.add(day);
      }
    }
    const run = newestRun([...due].sort((a, b) => b - a));
    if (run && !(await scanRun(db, client, source, run, now(), onPage, signal))) return;
    if (!run && periods.length === asked) return;
  }
}

/** Reads days that follow each other, and stores them as they are complete. False if the connection has ended. */
async function scanRun(
  db: Db,
  client: Twilio,
  source: Source,
  { first, last }: Period,
  readAt: number,
  onPage: () => void,
  signal: AbortSignal,
): Promise<boolean> {
  const counts = new Map<Day, DayCount>();
  let next = last;

  async function storeBackTo(oldest: Day): Promise<boolean> {
    while (next >= oldest) {
      const days: DayTotals[] = [];
      for (; next >= oldest && days.length < DAYS_AT_ONCE; next--) {
        days.push((counts.get(next) ?? countDay(next)).totals());
        counts.delete(next);
      }
      if (!(await saveDays(db, source, days, readAt))) return false;
    }
    return true;
  }

  const filters = { startedAfter: dayText(first), startedBefore: dayText(last) };
  const pages = readAllCalls(client, source.accountSid, filters, { signal });
  for await (const calls of blamingTwilio(pages)) {
    onPage();
    if (!(await isCurrent(db, source))) return false;
    let oldest = last;
    for (const call of calls) {
      const day = dayOf(call);
      if (day === undefined || day < first || day > next) continue;
      const count = counts.get(day) ?? countDay(day);
      counts.set(day, count);
      count.add(call);
      oldest = Math.min(oldest, day);
    }
    if (!(await storeBackTo(oldest + SLACK_DAYS + 1))) return false;
  }
  signal.throwIfAborted();
  return storeBackTo(first);
}

async function* blamingTwilio(pages: AsyncGenerator<Call[]>): AsyncGenerator<Call[]> {
  try {
    yield* pages;
  } catch (cause) {
    throw new ReadingFailed('Twilio could not be read', { cause });
  }
}
