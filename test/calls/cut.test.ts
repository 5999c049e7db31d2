import { describe, expect, test } from '@jest/globals';
import { learn, newerEndOfRest, olderEnd } from '../../src/calls/cut.ts';
import { DAY } from '../../src/calls/span.ts';

const at = (text: string) => Date.parse(text);
const perDay = (calls: number) => ({ calls, ms: DAY });
const iso = (time: number | undefined) => time && new Date(time).toISOString();

describe('a window', () => {
  const end = (from: number, to: string, calls: number, dateTimes = false) =>
    iso(olderEnd({ from, to: at(to) }, perDay(calls), 1000, dateTimes));

  test('holds about three pages in whole days', () => {
    expect(end(-Infinity, '2026-03-12', 1000)).toBe('2026-03-09T00:00:00.000Z');
    expect(end(-Infinity, '2026-03-12', 1300)).toBe('2026-03-10T00:00:00.000Z');
    expect(end(-Infinity, '2026-03-12', 100)).toBe('2026-02-10T00:00:00.000Z');
  });
  test('holds one day at least, where only days count', () => {
    expect(end(-Infinity, '2026-03-12', 12_000)).toBe('2026-03-11T00:00:00.000Z');
  });
  test('is shorter than a day where a day holds too much', () => {
    expect(end(-Infinity, '2026-03-12', 12_000, true)).toBe('2026-03-11T18:00:00.000Z');
    expect(end(-Infinity, '2026-03-12', 1e12, true)).toBe('2026-03-11T23:59:59.000Z');
  });
  test('goes back to a midnight as soon as days hold less', () => {
    expect(end(-Infinity, '2026-03-11T18:00:00Z', 1000, true)).toBe('2026-03-09T00:00:00.000Z');
  });
  test('does not go beyond its range', () => {
    expect(end(at('2026-03-11'), '2026-03-12', 10)).toBe('2026-03-11T00:00:00.000Z');
  });
});

describe('the rest of a span', () => {
  const rest = (from: number, to: number, calls: number, dateTimes = true) =>
    iso(newerEndOfRest({ from, to }, at('2026-03-11T13:14:15Z'), perDay(calls), 1000, dateTimes));

  test('begins at the end of the day that was reached', () => {
    expect(rest(-Infinity, Infinity, 1000)).toBe('2026-03-12T00:00:00.000Z');
    expect(rest(at('2026-03-01'), at('2026-03-12'), 1000)).toBe('2026-03-12T00:00:00.000Z');
  });
  test('begins at the end of the second that was reached, where a day holds too much', () => {
    expect(rest(-Infinity, Infinity, 12_000)).toBe('2026-03-11T13:14:16.000Z');
    expect(rest(-Infinity, Infinity, 12_000, false)).toBe('2026-03-12T00:00:00.000Z');
  });
  test('is not cut off if a few pages hold it, or if it all lies on one day', () => {
    expect(rest(at('2026-03-08'), Infinity, 1000)).toBeUndefined();
    expect(rest(at('2026-03-11'), Infinity, 12_000, false)).toBeUndefined();
  });
  test('is not cut off where all calls began in the same second', () => {
    const moment = { calls: 1000, ms: 0 };
    const span = { from: -Infinity, to: Infinity };
    expect(newerEndOfRest(span, at('2026-03-11'), moment, 1000, true)).toBeUndefined();
  });
});

test('what was learned weeks away counts less', () => {
  const near = learn({ calls: 1000, ms: DAY }, { calls: 3000, ms: DAY });
  expect(near).toEqual({ calls: 4000, ms: 2 * DAY });
  const far = learn({ calls: 1500, ms: 15 * DAY }, { calls: 10, ms: DAY });
  expect(far).toEqual({ calls: 760, ms: 8.5 * DAY });
});
