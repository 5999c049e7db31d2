import type { Schedule } from './call-schedule.ts';
import { type Draw, drawFor } from './seed.ts';
import { startOfDay } from './times.ts';

/** A call of the sandbox. Times are milliseconds since 1970; null: not yet, or never. */
export interface SandboxCall {
  accountSid: string;
  /** Its place among all calls of the account, and that of the call it is a leg of. SIDs follow from them. */
  number: number;
  parent: number | null;
  direction: 'inbound' | 'outbound-api' | 'outbound-dial';
  from: string;
  to: string;
  status: string;
  createdAt: number;
  startedAt: number | null;
  endedAt: number | null;
  durationSeconds: number | null;
  /** In dollars, and negative: it is taken from the account. */
  price: number | null;
}

export const CREATED_BEFORE_MS = 2000;
export const LONGEST_CALL_MS = 3_600_000;
// Prices come some minutes after a call.
const BILLED_AFTER_MS = 5 * 60_000;

const DIRECTIONS = ['inbound', 'inbound', 'inbound', 'outbound-api', 'outbound-dial'] as const;
const OURS = phoneNumbers('+12125550100', 4);
const CALLERS = phoneNumbers('+14155551000', 400);
const CALLED = phoneNumbers('+16465551000', 400);
const DESKS = [
  'client:alice',
  'client:bob',
  'sip:reception.third-floor@pbx.rossum.example.com',
  '+12125550199',
];
// What becomes of 25 calls in a hundred.
const UNANSWERED = [
  ...Array<string>(10).fill('no-answer'),
  ...Array<string>(7).fill('busy'),
  ...Array<string>(5).fill('failed'),
  ...Array<string>(3).fill('canceled'),
];

/** A call of an account as it is by now. */
export function callOf(
  accountSid: string,
  schedule: Schedule,
  number: number,
  now: number,
): SandboxCall {
  const startsAt = schedule.startOf(number);
  const draw = drawFor(schedule.seedOf(number));
  const direction = draw.oneOf(DIRECTIONS);
  const ours = draw.oneOf(OURS);
  const caller = draw.below(40) === 0 ? 'anonymous' : draw.oneOf(CALLERS);
  const called = draw.oneOf(direction === 'outbound-dial' ? DESKS : CALLED);
  const call: SandboxCall = {
    accountSid,
    number,
    parent: direction === 'outbound-dial' ? parentOf(number, startsAt, schedule) : null,
    direction,
    from: direction === 'inbound' ? caller : ours,
    to: direction === 'inbound' ? ours : called,
    status: 'queued',
    createdAt: startsAt - CREATED_BEFORE_MS,
    startedAt: null,
    endedAt: null,
    durationSeconds: null,
    price: null,
  };
  live(call, startsAt, draw, now);
  return call;
}

/** What becomes of a call in the queue until now. */
function live(call: SandboxCall, startsAt: number, draw: Draw, now: number): void {
  const unanswered = UNANSWERED[draw.below(100)];
  const answeredAt = startsAt + (2 + draw.below(8)) * 1000;
  const talk =
    draw.below(20) === 0 ? 1200 + draw.below(2400) : 5 + draw.below(draw.oneOf([60, 200, 600]));
  const endedAt = unanswered ? answeredAt : startsAt + talk * 1000;

  if (now < startsAt) return;
  call.startedAt = startsAt;
  call.status = 'ringing';
  if (now < answeredAt) return;
  call.status = unanswered ?? 'in-progress';
  if (now < endedAt) return;
  call.endedAt = endedAt;
  if (unanswered) return;
  call.status = 'completed';
  call.durationSeconds = talk;
  if (now < endedAt + BILLED_AFTER_MS) return;
  call.price = -Math.ceil(talk / 60) * (call.direction === 'inbound' ? 0.0085 : 0.014);
}

/** The call before, unless it was on another day: so no log begins with a leg of a call that it does not have. */
function parentOf(number: number, startsAt: number, schedule: Schedule): number | null {
  return startOfDay(schedule.startOf(number - 1)) === startOfDay(startsAt) ? number - 1 : null;
}

function phoneNumbers(first: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `+${Number(first) + index}`);
}
