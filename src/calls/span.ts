import type { Call } from './call.ts';
import type { CallFilters } from './filters.ts';

export const SECOND = 1000;
export const DAY = 86_400_000;

/** Start times, milliseconds since 1970: from <= time < to. An end that is open is infinite. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The days of the filters, both included. */
export function spanOf({ startedAfter, startedBefore }: CallFilters): Span {
  return {
    from: startedAfter ? Date.parse(startedAfter) : -Infinity,
    to: startedBefore ? Date.parse(startedBefore) + DAY : Infinity,
  };
}

/** A call that has not started belongs to no time, so no span keeps it out. */
export function isWithin({ from, to }: Span, { startedAt }: Call): boolean {
  return startedAt === null || (startedAt.getTime() >= from && startedAt.getTime() < to);
}

/** A time as Twilio's filters take it: as a day where it is midnight UTC, for only days are documented. */
export function timeText(time: number): string {
  const text = new Date(time).toISOString();
  return time % DAY === 0 ? text.slice(0, 10) : `${text.slice(0, 19)}Z`;
}
