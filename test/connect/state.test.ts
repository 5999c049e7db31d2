import { expect, test } from '@jest/globals';
import { connectUrl } from '../../src/connect/connect-url.ts';
import { issueState, verifyState } from '../../src/connect/state.ts';

const MINUTE = 60_000;

test('a state is 32 random bytes in base64url, each time others', () => {
  const values = new Set(Array.from({ length: 100 }, () => issueState(0).value));
  expect(values.size).toBe(100);
  for (const value of values) expect(Buffer.from(value, 'base64url')).toHaveLength(32);
});

test('is shared for as long as a visitor has time left to use it', () => {
  const state = issueState(0);
  expect(issueState(49 * MINUTE, state)).toBe(state);
  expect(issueState(50 * MINUTE, state)).not.toBe(state);
  expect(issueState(-1, state)).not.toBe(state);
});

test.each([
  [0, 'valid'],
  [60 * MINUTE - 1, 'valid'],
  [60 * MINUTE, 'expired'],
  [-1, 'expired'],
] as const)('at %i ms it is %s', (now, verdict) => {
  const state = issueState(0);
  expect(verifyState(now, state, state.value)).toBe(verdict);
});

test('missing comes before anything is compared, and no expectation matches nothing', () => {
  expect(verifyState(0, undefined, undefined)).toBe('missing');
  expect(verifyState(0, issueState(0), '')).toBe('missing');
  expect(verifyState(0, undefined, 'x')).toBe('mismatched');
  const state = issueState(0);
  expect(verifyState(0, state, [state.value])).toBe('mismatched');
  expect(verifyState(0, state, `${state.value} `)).toBe('mismatched');
});

test('the button leads to Twilio’s consent page with the state', () => {
  const app = { authorizeUrl: 'https://www.twilio.com/authorize', connectAppSid: 'CN1' };
  expect(connectUrl(app, 'a&b')).toBe('https://www.twilio.com/authorize/CN1?state=a%26b');
});
