import { expect, test } from '@jest/globals';
import { type Call, jsonToCall } from '../../src/calls/call.ts';
import { expectCalls } from '../../src/calls/expected.ts';

/** So many calls, one each quarter of an hour, the newest at noon of March 11. */
function page(count: number): Call[] {
  const newest = Date.parse('2026-03-11T12:00:00Z');
  return Array.from({ length: count }, (_, index) =>
    jsonToCall({ sid: 'CA', start_time: new Date(newest - index * 900_000).toISOString() }),
  );
}
const next = { cursor: 'PA', page: 1 };

test('a page with no other is counted', () => {
  expect(expectCalls({ calls: page(0), next: undefined }, {})).toEqual({
    count: 0,
    text: '0 calls',
  });
  expect(expectCalls({ calls: page(1), next: undefined }, {})).toEqual({
    count: 1,
    text: '1 call',
  });
  expect(expectCalls({ calls: page(999), next: undefined }, {})).toEqual({
    count: 999,
    text: '999 calls',
  });
});

test('a range with a first day goes on as densely as the page', () => {
  // 1,000 calls at 96 a day reach back to March 1, 02:15; there are 20 days and as much before it.
  const expected = expectCalls({ calls: page(1000), next }, { startedAfter: '2026-02-09' });
  expect(expected).toEqual({ count: 2900, text: 'about 2,900 calls' });
  // The page reaches back as far as the range does.
  const short = expectCalls({ calls: page(1000), next }, { startedAfter: '2026-03-01' });
  expect(short).toEqual({ count: 1000, text: 'about 1,000 calls' });
});

test('without a first day nobody knows how far back calls go, but how many a day', () => {
  expect(expectCalls({ calls: page(1000), next }, {})).toEqual({
    count: undefined,
    text: 'more than 1,000 calls, about 96 a day',
  });
});

test('calls that never started, or all at once, tell nothing', () => {
  const undated = [...page(1), ...Array.from({ length: 9 }, () => jsonToCall({ sid: 'CA' }))];
  const none = { count: undefined, text: 'more than 10 calls' };
  expect(expectCalls({ calls: undated, next }, { startedAfter: '2026-02-09' })).toEqual(none);
  expect(expectCalls({ calls: undated.slice(1), next }, {})).toEqual({
    ...none,
    text: 'more than 9 calls',
  });
});
