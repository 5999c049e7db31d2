import { expect, test } from '@jest/globals';
import { parseDay } from '../../src/analytics/days.ts';
import { countDay, dayOf, priceUnits } from '../../src/analytics/totals.ts';
import type { Call } from '../../src/calls/call.ts';

function call(more: Partial<Call>): Call {
  return {
    sid: 'CA1',
    parentSid: null,
    endedAt: null,
    direction: 'inbound',
    from: '+15550001111',
    to: 'client:ann',
    status: 'completed',
    startedAt: new Date('2026-03-08T09:59:59Z'),
    durationSeconds: 61,
    price: '-0.01700',
    currency: 'USD',
    ...more,
  };
}

test.each([
  ['-0.01400', -1400],
  ['-0.00001', -1],
  ['-0.200', -20000],
  ['0.5', 50000],
  ['+1', 100000],
  ['-12.', -1200000],
  ['-.5', -50000],
  // Floating point makes 1.005 * 100000 something else.
  ['-1.00500', -100500],
  ['-4503599627.37049', -450359962737049],
  ['-0.000015', -2],
  ['-0.0000149', -1],
  ['-0.000004', 0],
  ['0', 0],
  ['', 0],
  ['free', 0],
  ['-', 0],
  ['1e3', 0],
  ['9'.repeat(40), 0],
  [null, 0],
])('the price %j is %i units of 0.00001', (price, units) => {
  expect(priceUnits(price)).toBe(units);
});

test('a day’s calls are added up by status, direction and currency', () => {
  const day = countDay(1);
  for (const more of [
    {},
    { startedAt: new Date('2026-03-08T10:00:00Z'), durationSeconds: 9, price: '-0.00850' },
    { status: 'busy', durationSeconds: null, price: null, currency: null },
    { direction: null, durationSeconds: 3600, price: null },
    { currency: 'JPY', price: '-3' },
    { status: 'in-progress', durationSeconds: null, price: null },
  ]) {
    day.add(call(more));
  }
  const { groups, hours, lengths } = day.totals();
  expect(groups).toEqual([
    ['completed', 'inbound', 'USD', 2, 70, -2550],
    ['busy', 'inbound', '', 1, 0, 0],
    ['completed', '', 'USD', 1, 3600, 0],
    ['completed', 'inbound', 'JPY', 1, 61, -300000],
    ['in-progress', 'inbound', 'USD', 1, 0, 0],
  ]);
  expect(hours.slice(8, 12)).toEqual([0, 5, 1, 0]);
  expect(hours).toHaveLength(24);
  expect(lengths).toEqual([1, 0, 0, 2, 0, 0, 0, 1]);
});

test('a call that was not answered has no duration, not even one of 0', () => {
  const day = countDay(1);
  day.add(call({ status: 'failed', durationSeconds: 0 }));
  day.add(call({ durationSeconds: Number.NaN, price: null }));
  expect(day.totals().lengths).toEqual([1, 0, 0, 0, 0, 0, 0, 0]);
});

test('a call counts on the day on which it began, whenever it ended', () => {
  const midnight = new Date('2026-03-09T00:00:00Z');
  expect(dayOf(call({ startedAt: midnight }))).toBe(parseDay('2026-03-09'));
  const late = new Date(midnight.getTime() - 1);
  expect(dayOf(call({ startedAt: late, durationSeconds: 7200 }))).toBe(parseDay('2026-03-08'));
  expect(dayOf(call({ startedAt: null }))).toBeUndefined();
});
