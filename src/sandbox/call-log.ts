import { firstThat, scheduleOf } from './call-schedule.ts';
import { callNumber, callSid } from './call-sid.ts';
import { CREATED_BEFORE_MS, callOf, type SandboxCall } from './calls.ts';
import type { SandboxAccount } from './customers.ts';
import type { Sequence } from './sequence.ts';
import { DAY_MS, startOfDay } from './times.ts';

/** The calls of an account, newest first. */
export interface CallLog extends Sequence<SandboxCall> {
  /** The positions of the calls that started from one time until before another; those in the queue have not. */
  started(from: number, before: number): { from: number; to: number };
}

/**
 * The calls of an account's last days, today as far as it goes. They follow from the seed and the calendar alone, and
 * each is made when it is asked for: a log of a million calls costs no more than one of three.
 */
export function callLog(account: SandboxAccount, now: number): CallLog {
  const schedule = scheduleOf(account);
  const oldest = schedule.firstFrom(startOfDay(now) - (account.days - 1) * DAY_MS);
  const newest = schedule.firstFrom(now + CREATED_BEFORE_MS + 1) - 1;
  const length = newest - oldest + 1;
  const firstBefore = (time: number) =>
    firstThat(0, length, (position) => schedule.startOf(newest - position) < time);
  return {
    length,
    at: (position) => callOf(account.sid, schedule, newest - position, now),
    sidAt: (position) => callSid(account.sid, newest - position),
    positionOf(sid) {
      const number = callNumber(account.sid, sid) ?? -1;
      return number >= oldest && number <= newest ? newest - number : -1;
    },
    started: (from, before) => ({
      from: firstBefore(Math.min(before, now + 1)),
      to: firstBefore(from),
    }),
  };
}
