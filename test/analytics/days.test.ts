import { describe, expect, test } from '@jest/globals';
import {
  dayText,
  isDue,
  newestRun,
  parseDay,
  periodBefore,
  toDay,
  weekdayOf,
} from '../../src/analytics/days.ts';

const HOUR = 3_600_000;
const day = parseDay('2026-03-08');
const ends = Date.parse('2026-03-09T00:00:00Z');

test('a day is a UTC day, from midnight to midnight', () => {
  expect(toDay(Date.parse('2026-03-08T00:00:00Z'))).toBe(day);
  expect(toDay(Date.parse('2026-03-08T23:59:59.999Z'))).toBe(day);
  expect(toDay(ends)).toBe(day + 1);
  expect(dayText(day)).toBe('2026-03-08');
  expect(weekdayOf(day)).toBe(6);
  expect(weekdayOf(parseDay('1969-12-29'))).toBe(0);
});

test('the period before is as long, and ends where the other begins', () => {
  expect(periodBefore({ first: 10, last: 16 })).toEqual({ first: 3, last: 9 });
  expect(periodBefore({ first: 10, last: 10 })).toEqual({ first: 9, last: 9 });
});

describe('a day is due', () => {
  const due = (readAt: number | undefined, now: number, askedAt = now) =>
    isDue(day, readAt, { now, askedAt });

  test('if it was never read', () => {
    expect(due(undefined, ends)).toBe(true);
    expect(due(undefined, ends + 10_000 * HOUR)).toBe(true);
  });

  test('if it was read less than 48 hours after its end, however long ago', () => {
    expect(due(ends + 48 * HOUR - 1, ends + 49 * HOUR)).toBe(true);
    expect(due(ends - HOUR, ends + 9_000 * HOUR)).toBe(true);
  });

  test('but not once it was read 48 hours after its end', () => {
    expect(due(ends + 48 * HOUR, ends + 9_000 * HOUR)).toBe(false);
  });

  test('nor within a minute of its last reading', () => {
    expect(due(ends - 59_999, ends)).toBe(false);
    expect(due(ends - 60_000, ends)).toBe(true);
  });

  test('nor a second time in one long reading', () => {
    expect(due(ends, ends + HOUR, ends)).toBe(false);
    expect(due(ends - 1, ends + HOUR, ends)).toBe(true);
  });
});

test('days without a gap are read in one go, the newest first', () => {
  expect(newestRun([])).toBeUndefined();
  expect(newestRun([7])).toEqual({ first: 7, last: 7 });
  expect(newestRun([9, 8, 7])).toEqual({ first: 7, last: 9 });
  expect(newestRun([9, 8, 5, 4])).toEqual({ first: 8, last: 9 });
});
