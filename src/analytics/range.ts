import { readDay, readOne } from '../calls/filters.ts';
import { badInput } from '../errors.ts';
import { type Day, lengthOf, type Period, parseDay } from './days.ts';

export const PRESETS = [7, 30, 90] as const;
const DEFAULT_DAYS = 30;
/** A leap year. */
const MOST_DAYS = 366;

/** What the visitor asked for: the last so many days, or the days of two dates. */
export interface Range {
  /** Days that have begun; today is the last one at the latest. */
  period: Period;
  /** How our own addresses and forms say it. */
  query: Record<string, string>;
}

type Query = Record<string, unknown>;

/**
 * `days` wins over the two dates: the form has both, and sends a button's `days` along with whatever is in the dates.
 * @throws PageError (400) that names the parameter
 */
export function readRange(query: Query, today: Day): Range {
  const text = readOne(query, 'days');
  const hasDates = readOne(query, 'started-after') ?? readOne(query, 'started-before');
  if (text === undefined && hasDates) return readDates(query, today);

  const days =
    text === undefined ? DEFAULT_DAYS : PRESETS.find((preset) => String(preset) === text);
  if (days === undefined) throw badInput('days', `choose one of ${PRESETS.join(', ')}.`);
  return { period: { first: today - days + 1, last: today }, query: { days: String(days) } };
}

function readDates(query: Query, today: Day): Range {
  const startedAfter = readDay(query, 'started-after');
  const startedBefore = readDay(query, 'started-before');
  if (!startedAfter) throw badInput('started-after', 'it is missing; a range has two dates.');
  if (!startedBefore) throw badInput('started-before', 'it is missing; a range has two dates.');
  const period = { first: parseDay(startedAfter), last: parseDay(startedBefore) };
  if (period.first > period.last) {
    throw badInput('started-after', 'the first day must not come after the last one.');
  }
  if (lengthOf(period) > MOST_DAYS) {
    throw badInput('started-before', `a range has at most ${MOST_DAYS} days.`);
  }
  if (period.first > today) throw badInput('started-after', 'that day is still to come.');
  return {
    period: { first: period.first, last: Math.min(period.last, today) },
    query: { 'started-after': startedAfter, 'started-before': startedBefore },
  };
}

/** Our own address of an account's analytics, or of what belongs to that page. */
export function analyticsUrl(key: string, query: Record<string, string> = {}, path = ''): string {
  return `/analytics${path}?${new URLSearchParams({ account: key, ...query })}`;
}
