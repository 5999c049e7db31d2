/** A UTC day, counted from 1 January 1970: the database groups by it, and arithmetic is plain. */
export type Day = number;

/** Days, both ends included. */
export interface Period {
  first: Day;
  last: Day;
}

const DAY_MS = 86_400_000;
// A call lasts 24 hours at most, and its price may come some time after it.
const SETTLED_AFTER_MS = 2 * DAY_MS;
/** A young day that was read so lately need not be read again. */
const FRESH_MS = 60_000;

export function toDay(time: number): Day {
  return Math.floor(time / DAY_MS);
}

/** A `YYYY-MM-DD` of the calendar, as a day. */
export function parseDay(text: string): Day {
  return toDay(Date.parse(`${text}T00:00:00Z`));
}

/** `YYYY-MM-DD`, as Twilio and our own addresses write it. */
export function dayText(day: Day): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** 0 is Monday. */
export function weekdayOf(day: Day): number {
  return (((day + 3) % 7) + 7) % 7;
}

export function lengthOf({ first, last }: Period): number {
  return last - first + 1;
}

/** As many days as in `period`, directly before it. */
export function periodBefore(period: Period): Period {
  return { first: period.first - lengthOf(period), last: period.first - 1 };
}

/**
 * Whether a day that was last read at `readAt` has to be read (again). What was read more than 48 hours after the day's
 * end is final. A younger day is read again, but not if that has just happened: less than a minute ago, or since
 * `askedAt`, when whoever wants to know began to ask. What seems to be read in the time to come was read before the clock
 * was set back, and says nothing.
 */
export function isDue(
  day: Day,
  readAt: number | undefined,
  { now, askedAt }: { now: number; askedAt: number },
): boolean {
  if (readAt === undefined || readAt > now + FRESH_MS) return true;
  const settledAt = (day + 1) * DAY_MS + SETTLED_AFTER_MS;
  return readAt < settledAt && readAt <= now - FRESH_MS && readAt < askedAt;
}

/** The newest days without a gap among `days`, which come newest first. */
export function newestRun(days: readonly Day[]): Period | undefined {
  const [last] = days;
  if (last === undefined) return undefined;
  const length = days.findIndex((day, index) => day !== last - index);
  return { first: length < 0 ? last - days.length + 1 : last - length + 1, last };
}
