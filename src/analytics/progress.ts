import type { Scan } from '../database/scans.ts';
import { explainTwilioError, type TwilioProblem } from '../twilio/explain-error.ts';
import { type Day, isDue, lengthOf, type Period } from './days.ts';

/** How far the reading of a period has come. */
export interface Progress {
  status: Scan['status'];
  read: number;
  total: number;
  /** What Twilio said, and the cure. */
  problem: TwilioProblem['page'] | undefined;
}

/** Undefined if there is nothing to wait for: nobody reads, or none of these days is due. */
export function progressOf(
  scan: Scan | undefined,
  days: Period,
  readAt: (day: Day) => number | undefined,
  now: number,
): Progress | undefined {
  if (!scan) return undefined;
  const { status, askedAt, twilioStatus } = scan;
  const total = lengthOf(days);
  let read = 0;
  for (let day = days.first; day <= days.last; day++) {
    if (!isDue(day, readAt(day), { now, askedAt })) read += 1;
  }
  if (read === total) return undefined;
  return {
    status,
    read,
    total,
    problem: twilioStatus === null ? undefined : explainTwilioError({ status: twilioStatus }).page,
  };
}
