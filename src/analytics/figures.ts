import type { Group } from '../database/call-totals.ts';

/** How the charts tell calls apart: by status, those that go on in one, and what Twilio may invent as "other". */
export const SERIES = [
  'completed',
  'under way',
  'no-answer',
  'busy',
  'failed',
  'canceled',
  'other',
] as const;

/** What calls come to. */
export interface Figures {
  calls: number;
  /** The calls of each of the SERIES. */
  bySeries: number[];
  answered: number;
  /** Calls that were answered, or will not be any more. */
  decided: number;
  seconds: number;
  /** What Twilio charges, positive, in units of 0.00001, by currency. */
  costs: Map<string, number>;
}

// A choice: a call is answered if Twilio says that it was completed or is going on. Those that still ring are left out
// of the share.
const ANSWERED = ['completed', 'in-progress'];
const UNDECIDED = ['queued', 'ringing'];
const UNDER_WAY = ['queued', 'ringing', 'in-progress'];

export function addUp(groups: readonly Group[]): Figures {
  const figures = none();
  for (const group of groups) {
    const [status, currency, calls, price] = [group[0], group[2], group[3], group[5]];
    figures.calls += calls;
    figures.seconds += group[4];
    add(figures.bySeries, seriesOf(status), calls);
    if (ANSWERED.includes(status)) figures.answered += calls;
    if (!UNDECIDED.includes(status)) figures.decided += calls;
    // Calls without a price may have no currency either: that is no sum of money.
    if (currency || price) addCost(figures, currency, -price);
  }
  return figures;
}

export function addAll(parts: Iterable<Figures>): Figures {
  const all = none();
  for (const { calls, bySeries, answered, decided, seconds, costs } of parts) {
    all.calls += calls;
    all.answered += answered;
    all.decided += decided;
    all.seconds += seconds;
    for (const [place, value] of bySeries.entries()) add(all.bySeries, place, value);
    for (const [currency, cost] of costs) addCost(all, currency, cost);
  }
  return all;
}

/** The answered share, from 0 to 1; undefined without a call that counts. */
export function answeredShare({ answered, decided }: Figures): number | undefined {
  return decided > 0 ? answered / decided : undefined;
}

function none(): Figures {
  const bySeries = SERIES.map(() => 0);
  return { calls: 0, bySeries, answered: 0, decided: 0, seconds: 0, costs: new Map() };
}

function seriesOf(status: string): number {
  const name = UNDER_WAY.includes(status) ? 'under way' : status;
  const place = (SERIES as readonly string[]).indexOf(name);
  return place < 0 ? SERIES.indexOf('other') : place;
}

function add(values: number[], place: number, value: number): void {
  values[place] = (values[place] ?? 0) + value;
}

function addCost({ costs }: Figures, currency: string, cost: number): void {
  costs.set(currency, (costs.get(currency) ?? 0) + cost);
}
