import { expect, test } from '@jest/globals';
import { retryAfterMs, waitBeforeRetry } from '../../src/calls/retry.ts';

const NOW = Date.parse('2026-03-11T12:00:00Z');
const NONE = { throttled: 0, failed: 0 };

test.each([
  ['0', 0],
  ['3', 3000],
  [' 3 ', 3000],
  ['Wed, 11 Mar 2026 12:00:05 GMT', 5000],
  ['Wed, 11 Mar 2026 11:59:00 GMT', 0],
  ['86400', 60_000],
  ['Thu, 12 Mar 2026 12:00:00 GMT', 60_000],
  ['soon', undefined],
  ['', undefined],
  [undefined, undefined],
  [3, undefined],
])('Retry-After %p is a wait of %p ms', (value, ms) => {
  expect(retryAfterMs(value, NOW)).toBe(ms);
});

test('a 429 waits longer each time, at random, up to a bound, and gives up after seven waits', () => {
  const waits = Array.from({ length: 9 }, (_, throttled) =>
    waitBeforeRetry({ status: 429 }, { ...NONE, throttled }, 250),
  );
  const most = [250, 500, 1000, 2000, 4000, 8000, 15_000];
  for (const [index, ms] of most.entries()) {
    expect(waits[index]).toBeGreaterThanOrEqual(ms / 2);
    expect(waits[index]).toBeLessThanOrEqual(ms);
  }
  expect(waits.slice(7)).toEqual([undefined, undefined]);
  const again = Array.from({ length: 20 }, () => waitBeforeRetry({ status: 429 }, NONE, 250));
  expect(new Set(again).size).toBeGreaterThan(1);
});

test('Retry-After comes first, however often it was said', () => {
  const wait = waitBeforeRetry({ status: 429, retryAfter: '7' }, { ...NONE, throttled: 6 }, 250);
  expect(wait).toBeGreaterThanOrEqual(7000);
  expect(wait).toBeLessThan(7250);
});

test.each([
  ['a reset', { code: 'ECONNRESET' }, [true, true, false]],
  ['a 500', { status: 500 }, [true, true, false]],
  ['a 503', { status: 503 }, [true, true, false]],
  ['a 400', { status: 400 }, [false]],
  ['a 401', { status: 401 }, [false]],
  ['a 403', { status: 403 }, [false]],
  ['a 404', { status: 404 }, [false]],
] as const)('%s is tried again twice, or not at all', (_name, error, again) => {
  const waits = again.map((_, failed) => waitBeforeRetry(error, { ...NONE, failed }, 250));
  expect(waits.map((wait) => wait !== undefined)).toEqual(again);
});
