import type { SandboxAccount } from './customers.ts';
import { type Draw, drawFor, sidFor } from './seed.ts';

/** A call of the sandbox. Times are milliseconds since 1970; null: not yet, or never. */
export interface SandboxCall {
  sid: string;
  accountSid: string;
  parentSid: string | null;
  direction: 'inbound' | 'outbound-api' | 'outbound-dial';
  from: string;
  to: string;
  status: string;
  createdAt: number;
  startedAt: number | null;
  endedAt: number | null;
  durationSeconds: number | null;
  price: string | null;
}

const DAY_MS = 86_400_000;
const DAYS = 30;
// Prices come some minutes after a call.
const BILLED_AFTER_MS = 5 * 60_000;
// Sunday to Saturday: offices are quiet at the weekend.
const WEEK = [0.5, 1.2, 1.15, 1.2, 1.2, 1.15, 0.6];

const DIRECTIONS = ['inbound', 'inbound', 'inbound', 'outbound-api', 'outbound-dial'] as const;

/**
 * The calls of an account in the last 30 days, newest first. They follow from the seed and the calendar alone: a day's
 * calls stay as they are, and those of today happen while you watch.
 */
export function callsOf(account: SandboxAccount, now: number): SandboxCall[] {
  const today = Math.floor(now / DAY_MS) * DAY_MS;
  const calls: SandboxCall[] = [];
  for (let day = today; day > today - DAYS * DAY_MS; day -= DAY_MS) {
    const count = Math.round(account.callsADay * (WEEK[new Date(day).getUTCDay()] ?? 1));
    for (let index = count - 1; index >= 0; index--) {
      const call = callAt(account, day, index, count, now);
      if (call) calls.push(call);
    }
  }
  return calls;
}

// The day is cut into as many slots as it has calls; each call starts somewhere in its own one.
function callAt(
  account: SandboxAccount,
  day: number,
  index: number,
  count: number,
  now: number,
): SandboxCall | undefined {
  const name = (slot: number) => `${account.sid} ${day} ${slot}`;
  const draw = drawFor(name(index));
  const slotSeconds = 86_400 / count;
  const startsAt = day + Math.floor(index * slotSeconds + draw.below(slotSeconds)) * 1000;
  const createdAt = startsAt - (1 + draw.below(3)) * 1000;
  if (createdAt > now) return undefined;

  const sid = sidFor('CA', name(index));
  const direction = draw.oneOf(DIRECTIONS);
  const parentSid =
    direction === 'outbound-dial' && index > 0 ? sidFor('CA', name(index - 1)) : null;
  const [from, to] = parties(direction, draw);
  const course = courseOf(draw, direction, startsAt, now);
  return { sid, accountSid: account.sid, parentSid, direction, from, to, createdAt, ...course };
}

type Course = Pick<SandboxCall, 'status' | 'startedAt' | 'endedAt' | 'durationSeconds' | 'price'>;

/** What has become of a call by now. */
function courseOf(
  draw: Draw,
  direction: SandboxCall['direction'],
  startsAt: number,
  now: number,
): Course {
  const fate = draw.below(100);
  const ringing = (2 + draw.below(8)) * 1000;
  const talk =
    draw.below(20) === 0 ? 1200 + draw.below(2400) : 5 + draw.below(draw.oneOf([60, 200, 600]));
  const open = { endedAt: null, durationSeconds: null, price: null };

  if (now < startsAt) return { status: 'queued', startedAt: null, ...open };
  if (now < startsAt + ringing) return { status: 'ringing', startedAt: startsAt, ...open };
  const unanswered = ['no-answer', 'busy', 'failed', 'canceled'][
    [10, 17, 22, 25].findIndex((n) => fate < n)
  ];
  if (unanswered) {
    return { ...open, status: unanswered, startedAt: startsAt, endedAt: startsAt + ringing };
  }
  const endedAt = startsAt + talk * 1000;
  if (now < endedAt) return { status: 'in-progress', startedAt: startsAt, ...open };
  const perMinute = direction === 'inbound' ? 0.0085 : 0.014;
  const cost = (Math.ceil(talk / 60) * perMinute).toFixed(5);
  const price = now < endedAt + BILLED_AFTER_MS ? null : `-${cost}`;
  return { status: 'completed', startedAt: startsAt, endedAt, durationSeconds: talk, price };
}

function parties(direction: SandboxCall['direction'], draw: Draw): [from: string, to: string] {
  const outside = draw.below(40) === 0 ? 'anonymous' : `+1415555${1000 + draw.below(400)}`;
  const ours = `+1212555010${draw.below(4)}`;
  const desk = draw.oneOf([
    'client:alice',
    'client:bob',
    'sip:reception@pbx.example.com',
    '+12125550199',
  ]);
  if (direction === 'inbound') return [outside, ours];
  return direction === 'outbound-dial' ? [ours, desk] : [ours, `+1646555${1000 + draw.below(400)}`];
}
