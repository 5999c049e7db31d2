import type { DayTotals } from '../database/call-totals.ts';
import type { Day, Period } from './days.ts';
import { addUp, type Figures } from './figures.ts';
import { longDay } from './texts.ts';

export interface DayFigures {
  day: Day;
  name: string;
  /** Undefined: not read yet, which is not the same as no calls. */
  figures: Figures | undefined;
}

/** The days of a period, the oldest first. */
export function byDay({ first, last }: Period, totals: ReadonlyMap<Day, DayTotals>): DayFigures[] {
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const day = first + index;
    const read = totals.get(day);
    return { day, name: longDay(day), figures: read && addUp(read.groups) };
  });
}
