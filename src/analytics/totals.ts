import type { Call } from '../calls/call.ts';
import type { DayTotals, Group } from '../database/call-totals.ts';
import { type Day, toDay } from './days.ts';

/** The shortest duration of each class of durations, in seconds. Add classes and what is stored has to be read anew. */
export const LENGTHS = [0, 10, 30, 60, 120, 300, 900, 3600] as const;

/** Adds up the calls of one day. Nothing of a call is kept but what it adds. */
export interface DayCount {
  add(call: Call): void;
  totals(): DayTotals;
}

export function countDay(day: Day): DayCount {
  const groups = new Map<string, Group>();
  const hours = Array.from({ length: 24 }, () => 0);
  const lengths = LENGTHS.map(() => 0);

  function add(call: Call): void {
    const { status, direction, currency } = call;
    const key = [status, direction, currency].join('\n');
    const group = groups.get(key) ?? [status, direction ?? '', currency ?? '', 0, 0, 0];
    groups.set(key, group);
    const seconds = Math.round(call.durationSeconds || 0);
    group[3] += 1;
    group[4] += seconds;
    group[5] += priceUnits(call.price);
    addOne(hours, call.startedAt?.getUTCHours() ?? 0);
    // Unanswered calls have no duration, or one of 0, which is no short talk.
    if (status === 'completed' && call.durationSeconds !== null) {
      addOne(
        lengths,
        LENGTHS.findLastIndex((least) => least <= seconds),
      );
    }
  }

  return { add, totals: () => ({ day, groups: [...groups.values()], hours, lengths }) };
}

/** The day on which a call counts: that on which it began. Undefined if it has not begun. */
export function dayOf(call: Call): Day | undefined {
  return call.startedAt ? toDay(call.startedAt.getTime()) : undefined;
}

/**
 * Twilio's price in units of 0.00001, read digit by digit: sums of fractions would drift. A sixth digit is rounded, half
 * away from zero. No price yet, or none that can be read, adds nothing.
 */
export function priceUnits(price: string | null): number {
  const [, sign, whole = '', fraction = ''] = /^([-+]?)(\d*)\.?(\d*)$/.exec(price ?? '') ?? [];
  if (whole + fraction === '') return 0;
  const units = Number(whole + fraction.slice(0, 5).padEnd(5, '0'));
  const rounded = units + (Number(fraction[5] ?? 0) >= 5 ? 1 : 0);
  if (!Number.isSafeInteger(rounded)) return 0;
  return sign === '-' && rounded > 0 ? -rounded : rounded;
}

function addOne(counts: number[], index: number): void {
  counts[index] = (counts[index] ?? 0) + 1;
}
