import { type Day, weekdayOf } from './days.ts';

export const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const UNITS = 100_000;

const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const cents = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });
const plain = new Intl.NumberFormat('en', { maximumSignificantDigits: 6 });

export function count(value: number): string {
  // A page about a year has thousands of small numbers, and Intl takes its time.
  return value < 1000 ? String(value) : grouped.format(value);
}

/** `one` or `more` with its number: "1 call", "2 calls". */
export function counted(value: number, one: string, more = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : more}`;
}

/** A number that need not be whole. */
export function about(value: number): string {
  return value < 100 ? String(Math.round(value * 10) / 10) : count(Math.round(value));
}

export function minutes(seconds: number): string {
  return about(seconds / 60);
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** A number beside an axis. */
export function tick(value: number): string {
  return value >= 10_000 ? short.format(value) : plain.format(value);
}

/** An amount in units of 0.00001 with all its digits, at least two. */
export function exactMoney(units: number): string {
  const digits = String(Math.abs(units) % UNITS)
    .padStart(5, '0')
    .replace(/0{1,3}$/, '');
  const whole = count(Math.floor(Math.abs(units) / UNITS));
  return `${units < 0 ? '−' : ''}${whole}.${digits}`;
}

/** The same for a headline: to the cent, but an amount of less than one in full. */
export function money(units: number): string {
  return Math.abs(units) < UNITS
    ? exactMoney(units)
    : cents.format(units / UNITS).replace('-', '−');
}

/** "Wed 11 Mar 2026" */
export function longDay(day: Day): string {
  return `${WEEKDAYS[weekdayOf(day)]} ${shortDay(day)} ${dateOf(day).getUTCFullYear()}`;
}

/** "11 Mar" */
export function shortDay(day: Day): string {
  return `${dateOf(day).getUTCDate()} ${monthName(day)}`;
}

/** "Mar"; a January is told by its year. */
export function monthOrYear(day: Day): string {
  const date = dateOf(day);
  return date.getUTCMonth() === 0 ? String(date.getUTCFullYear()) : monthName(day);
}

export function dateOf(day: Day): Date {
  return new Date(day * 86_400_000);
}

function monthName(day: Day): string {
  return MONTHS[dateOf(day).getUTCMonth()] ?? '';
}
