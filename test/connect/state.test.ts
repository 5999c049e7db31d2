import { expect, test } from '@jest/globals';
import { connectUrl } from '../../src/connect/connect-url.ts';
import { issueState, verifyState } from '../../src/connect/state.ts';

const MINUTE = 60_000;

test('a state is 32 random bytes in base64url, each time others', () => {
  const values = new Set(Array.from({ length: 100 }, () => issueState(0).value));
  expect(values.size).toBe(100);
  for (const value of values) expect(Buffer.from(value, 'base64url')).toHaveLength(32);
});

test('keeps its value while it lives, and lives an hour from when a button last showed it', () => {
  const state = issueState(0);
  expect(issueState(MINUTE - 1, state)).toBe(state);
  const later = issueState(59 * MINUTE, state);
  expect(later).toEqual({ value: state.value, shownAt: 59 * MINUTE });
  expect(verifyState(118 * MINUTE, later, state.value)).toBe('valid');
  expect(issueState(60 * MINUTE, state).value).not.toBe(state.value);
  expect(issueState(-1, state).value).not.toBe(state.value);
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
