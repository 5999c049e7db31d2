import type { SandboxAccount } from './customers.ts';
import { scramble } from './seed.ts';

const { floor } = Math; // as in seed.ts

const HOUR_MS = 3_600_000;
const WEEK_MS = 168 * HOUR_MS;
const FIRST_SUNDAY = Date.parse('1970-01-04T00:00:00Z');

// Sunday to Saturday: offices are quiet at the weekend.
const DAYS = [0.5, 1.2, 1.15, 1.2, 1.2, 1.15, 0.6];
// From 0 to 23 o'clock UTC: they open in the morning, go to lunch, and close in the evening.
const HOURS = [1, 1, 1, 1, 1, 1, 3, 8, 30, 52, 62, 58, 46, 50, 60, 62, 54, 44, 30, 18, 8, 4, 3, 2];

/** Which share of a week's calls starts before each of its hours. */
const SHARES = sumsOf(DAYS.flatMap((day) => HOURS.map((hour) => day * hour)));

/** When the calls of an account start. They are numbered from the first week of 1970 on. */
export interface Schedule {
  /** 32 bits for all that is random about a call. */
  seedOf(number: number): number;
  startOf(number: number): number;
  /** The number of the first call that starts at a time or after it. */
  firstFrom(time: number): number;
}

/**
 * A week has as many calls as its account makes on average; call n starts when n and a random fraction of the next
 * one are due. So a start follows from the number alone, and a higher number never starts earlier.
 */
export function scheduleOf({ sid, callsADay, hoursLater }: SandboxAccount): Schedule {
  const callsAWeek = callsADay * 7;
  const begin = FIRST_SUNDAY + hoursLater * HOUR_MS;
  const accountSeed = Number.parseInt(sid.slice(2, 10), 16);
  const seedOf = (number: number) => scramble(accountSeed, number);

  const startOf = (number: number) => {
    const weeks = (number + seedOf(number) / 2 ** 32) / callsAWeek;
    const week = floor(weeks);
    const share = weeks - week;
    const hour = firstThat(0, 167, (candidate) => (SHARES[candidate + 1] ?? 1) > share);
    const [from = 0, to = 1] = [SHARES[hour], SHARES[hour + 1]];
    const seconds = floor((hour + (share - from) / (to - from)) * 3600);
    return begin + week * WEEK_MS + seconds * 1000;
  };
  const firstFrom = (time: number) => {
    const due = Math.ceil(callsAWeek * (1 + (time - begin) / WEEK_MS));
    return firstThat(0, Math.max(0, due), (number) => startOf(number) >= time);
  };
  return { seedOf, startOf, firstFrom };
}

/** The first whole number from `low` on for which `holds`, and does for all after it; `high` if there is none before. */
export function firstThat(low: number, high: number, holds: (number: number) => boolean): number {
  let [from, to] = [low, high];
  while (from < to) {
    const middle = floor((from + to) / 2);
    if (holds(middle)) to = middle;
    else from = middle + 1;
  }
  return from;
}

/** `[0, …, 1]`: what the first 0, 1, 2, … values add up to, as a share of the whole. */
function sumsOf(values: readonly number[]): number[] {
  const sums = [0];
  for (const value of values) sums.push((sums.at(-1) ?? 0) + value);
  const whole = sums.at(-1) ?? 1;
  return sums.map((sum) => sum / whole);
}
