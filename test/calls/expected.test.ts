import { describe, expect, test } from '@jest/globals';
import type { Call } from '../../src/calls/call.ts';
import { expectCalls } from '../../src/calls/expected.ts';
import type { CallFilters } from '../../src/calls/filters.ts';

const NOON = Date.parse('2026-03-11T12:00:00Z');
const HOUR = 3_600_000;

/** What is said of a log whose first page has a call at each of these hours before noon. */
function expected(hoursAgo: (number | null)[], hasNext: boolean, filters: CallFilters = {}) {
  const calls = hoursAgo.map(
    (hours): Partial<Call> => ({
      startedAt: hours === null ? null : new Date(NOON - hours * HOUR),
    }),
  );
  const next = hasNext ? { cursor: 'PA', page: 1 } : undefined;
  return expectCalls({ calls: calls as Call[], next }, filters);
}

const hourly = (count: number) => Array.from({ length: count }, (_, hour) => hour);

describe('where there is no other page', () => {
  test.each([
    [0, '0 calls'],
    [1, '1 call'],
    [999, '999 calls'],
    [1000, '1,000 calls'],
  ])('%i are exactly that', (count, text) => {
    expect(expected(hourly(count), false)).toEqual({ count, text });
  });
});

describe('where there are more', () => {
  test('a first day says how many: as densely as on the page, to two digits', () => {
    const filters = { startedAfter: '2025-12-01' };
    // 100 days and 12 hours, a call an hour.
    expect(expected(hourly(1000), true, filters)).toEqual({
      count: 2400,
      text: 'about 2,400 calls',
    });
  });

  test('without a first day nobody knows how far back they go', () => {
    expect(expected(hourly(1000), true)).toEqual({
      count: undefined,
      text: 'more than 1,000 calls, about 24 a day',
    });
    expect(expected(hourly(1000), true, { startedBefore: '2026-03-11' }).count).toBeUndefined();
  });

  test('nothing is made up from calls of one moment, or of none', () => {
    const filters = { startedAfter: '2026-01-01' };
    for (const hours of [0, null]) {
      expect(expected(Array(1000).fill(hours), true, filters)).toEqual({
        count: undefined,
        text: 'more than 1,000 calls',
      });
    }
  });

  test('calls that have not started count, but say nothing of how densely they lie', () => {
    const filters = { startedAfter: '2025-12-01' };
    expect(expected([...Array(500).fill(null), ...hourly(500)], true, filters).count).toBe(2900);
  });
});
