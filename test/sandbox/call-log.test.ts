import { describe, expect, test } from '@jest/globals';
import { callLog } from '../../src/sandbox/call-log.ts';
import { LONGEST_CALL_MS, type SandboxCall } from '../../src/sandbox/calls.ts';
import { inventCustomers, type SandboxAccount } from '../../src/sandbox/customers.ts';
import { NOON } from '../start-app.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MILLION = 1_000_000;

function account(id: string, calls = MILLION): SandboxAccount {
  const main = inventCustomers(calls).find((customer) => customer.id === id)?.accounts[0];
  if (!main) throw new Error(`No customer ${id}`);
  return main;
}

function callsOf(id: string, now: number): SandboxCall[] {
  const log = callLog(account(id), now);
  return Array.from({ length: log.length }, (_, position) => log.at(position));
}

/** Some positions all over a log, both ends among them. */
function places(length: number): number[] {
  return Array.from({ length: 101 }, (_, step) => Math.floor(((length - 1) * step) / 100));
}

describe.each(['rossum', 'metropolis'])('a SID of %s', (id) => {
  const log = callLog(account(id), NOON);

  test('leads back to its call', () => {
    const sids = places(log.length).map((position) => log.sidAt(position));
    expect(sids.map((sid) => log.positionOf(sid))).toEqual(places(log.length));
    expect(new Set(sids).size).toBe(101);
    for (const sid of sids) expect(sid).toMatch(/^CA[0-9a-f]{32}$/);
  });

  test('says nothing of its place', () => {
    for (const digit of [2, 17, 33]) {
      const digits = places(log.length).map((position) => log.sidAt(position)[digit]);
      expect(new Set(digits).size).toBeGreaterThan(10);
    }
  });

  test('leads nowhere when a digit is wrong, in capitals, or on another account', () => {
    const sid = log.sidAt(7);
    for (let digit = 2; digit < sid.length; digit++) {
      const wrong = sid[digit] === '0' ? '1' : '0';
      expect(log.positionOf(sid.slice(0, digit) + wrong + sid.slice(digit + 1))).toBe(-1);
    }
    for (const none of [sid.toUpperCase(), `AC${sid.slice(2)}`, `${sid}0`, '', 'CA']) {
      expect(log.positionOf(none)).toBe(-1);
    }
    const other = callLog({ ...account(id), sid: account('bakery').sid }, NOON);
    expect(other.positionOf(sid)).toBe(-1);
    expect(log.positionOf(other.sidAt(7))).toBe(-1);
  });

  test('leads nowhere before the call, and when it is too old', () => {
    const oldest = log.sidAt(log.length - 1);
    const newest = log.sidAt(0);
    expect(callLog(account(id), NOON + DAY).positionOf(oldest)).toBe(-1);
    expect(callLog(account(id), log.at(0).createdAt - 1).positionOf(newest)).toBe(-1);
    expect(callLog(account(id), log.at(0).createdAt).positionOf(newest)).toBe(0);
  });
});

test('exactly the calls that exist by now are there, newest first, back to midnight 29 days ago', () => {
  const midnight = NOON + 12 * HOUR;
  const friday = NOON + 2 * DAY + 9 * HOUR;
  for (const now of [NOON, midnight, midnight - 1, NOON + 1234567, friday]) {
    const calls = callsOf('rossum', now);
    const created = calls.map(({ createdAt }) => createdAt);
    expect(created).toEqual([...created].sort((a, b) => b - a));

    const first = Math.floor(now / DAY) * DAY - 29 * DAY;
    const around = [...callsOf('rossum', now + 12 * HOUR), ...callsOf('rossum', now - 2 * DAY)];
    const existing = around.filter(
      ({ createdAt }) => createdAt <= now && createdAt + 2000 >= first,
    );
    expect(around.length).toBeGreaterThan(existing.length);
    expect(new Set(calls.map(({ number }) => number))).toEqual(
      new Set(existing.map(({ number }) => number)),
    );
  }
});

test('a call that is over and billed is the same a day later', () => {
  const settled = (calls: SandboxCall[]) =>
    calls.filter(({ createdAt }) => createdAt > NOON - 28 * DAY && createdAt < NOON - 2 * HOUR);
  const calls = settled(callsOf('rossum', NOON));
  expect(calls.length).toBeGreaterThan(3000);
  expect(settled(callsOf('rossum', NOON + DAY))).toEqual(calls);
});

test('a leg’s call is the one before, of the same day, and in the log', () => {
  const calls = callsOf('rossum', NOON);
  const dayOf = (call?: SandboxCall) => new Date(Number(call?.startedAt)).getUTCDate();
  const legs = calls.filter(({ parent }) => parent !== null);
  expect(legs.length).toBeGreaterThan(400);
  for (const leg of legs) {
    expect(leg.direction).toBe('outbound-dial');
    expect(leg.parent).toBe(leg.number - 1);
    const parent = calls.find(({ number }) => number === leg.parent);
    expect(dayOf(parent)).toBe(dayOf(leg));
  }
});

test('no call lasts longer than a search by its end reckons with', () => {
  const ended = callsOf('rossum', NOON).filter(({ endedAt }) => endedAt !== null);
  const longest = Math.max(
    ...ended.map(({ startedAt, endedAt }) => Number(endedAt) - Number(startedAt)),
  );
  expect(longest).toBeLessThanOrEqual(LONGEST_CALL_MS);
  expect(longest).toBeGreaterThan(LONGEST_CALL_MS / 2);
});

describe('the positions of a span of time', () => {
  const calls = callsOf('rossum', NOON);
  const log = callLog(account('rossum'), NOON);
  const some = Number(calls[1234]?.startedAt);
  const midnight = Date.parse('2026-03-05T00:00:00Z');

  test.each([
    ['all', Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    ['a day', midnight, midnight + DAY],
    ['up to a start', Number.NEGATIVE_INFINITY, some],
    ['up to a start and with it', Number.NEGATIVE_INFINITY, some + 1],
    ['from a start', some, Number.POSITIVE_INFINITY],
    ['after a start', some + 1, Number.POSITIVE_INFINITY],
    ['before the log', 0, NOON - 40 * DAY],
    ['after now', NOON + 1, NOON + DAY],
  ])('%s', (_, from, before) => {
    const expected = calls.filter(
      ({ startedAt }) => startedAt !== null && startedAt >= from && startedAt < before,
    );
    const span = log.started(from, before);
    expect(calls.slice(span.from, span.to)).toEqual(expected);
  });

  test('a call in the queue has not started', () => {
    const now = some - 1000;
    const queue = callLog(account('rossum'), now);
    expect(queue.at(0)).toMatchObject({ status: 'queued', startedAt: null });
    expect(queue.started(0, Number.POSITIVE_INFINITY)).toEqual({ from: 1, to: queue.length });
  });
});

test.each([1000, MILLION, 10 * MILLION])('%i calls a year are that many within 1 %%', (calls) => {
  for (let hours = 0; hours < 8 * 24; hours += 7) {
    const { length } = callLog(account('metropolis', calls), NOON + hours * HOUR);
    expect(Math.abs(length - calls) / calls).toBeLessThan(0.01);
  }
});

test('the first customer has the 4,000 calls that the consent page promises', () => {
  const { accounts, description } = inventCustomers()[0] ?? { accounts: [], description: '' };
  expect(description).toContain('about 4,000 calls in 30 days');
  const calls = accounts.reduce((sum, each) => sum + callLog(each, NOON).length, 0);
  expect(Math.round(calls / 500) * 500).toBe(4000);
});

test('offices call by day and on weekdays', () => {
  const calls = callsOf('rossum', NOON).map(({ createdAt }) => new Date(createdAt));
  const share = (test: (date: Date) => boolean) => calls.filter(test).length / calls.length;
  expect(share((date) => date.getUTCHours() >= 8 && date.getUTCHours() < 20)).toBeGreaterThan(0.9);
  expect(share((date) => date.getUTCHours() === 12)).toBeLessThan(
    share((date) => date.getUTCHours() === 10),
  );
  const sundays = share((date) => date.getUTCDay() === 0);
  expect(sundays).toBeGreaterThan(0.04);
  expect(sundays).toBeLessThan(0.1);
});

test('the night shift calls by night', () => {
  const night = inventCustomers()[0]?.accounts[2] as SandboxAccount;
  const log = callLog(night, NOON);
  const hours = Array.from({ length: log.length }, (_, position) =>
    new Date(log.at(position).createdAt).getUTCHours(),
  );
  const byNight = hours.filter((hour) => hour >= 20 || hour < 8).length;
  expect(night.friendlyName).toBe('Rossum Night Shift');
  expect(byNight / hours.length).toBeGreaterThan(0.8);
});
