import type { Call } from './call.ts';
import type { CallFilters } from './filters.ts';
import type { CallPage } from './list.ts';
import { DAY, spanOf } from './span.ts';

/** How many calls a long read will bring, as far as its first page tells. */
export interface Expected {
  /** Undefined where nobody can tell. */
  count: number | undefined;
  text: string;
}

/**
 * Exact if there is no other page. For a range with a first day, calls are taken to go on as densely as on the page;
 * without one, nobody knows how far back they go.
 */
export function expectCalls(
  { calls, next }: Pick<CallPage, 'calls' | 'next'>,
  filters: CallFilters,
): Expected {
  const count = calls.length;
  if (!next) return { count, text: `${number(count)} ${count === 1 ? 'call' : 'calls'}` };

  const { perDay, oldest } = density(calls);
  const more = `more than ${number(count)} calls`;
  if (perDay === undefined) return { count: undefined, text: more };
  const { from } = spanOf(filters);
  if (from === -Infinity)
    return { count: undefined, text: `${more}, about ${number(rounded(perDay))} a day` };
  const all = rounded(count + (perDay * (oldest - from)) / DAY);
  return { count: all, text: `about ${number(all)} calls` };
}

function density(calls: readonly Call[]): { perDay?: number; oldest: number } {
  const times = calls.flatMap(({ startedAt }) => startedAt?.getTime() ?? []);
  const oldest = Math.min(...times);
  const ms = Math.max(...times) - oldest;
  return ms > 0 ? { perDay: (times.length * DAY) / ms, oldest } : { oldest };
}

/** To two digits: nobody knows more. */
function rounded(value: number): number {
  return Number(value.toPrecision(2));
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}
