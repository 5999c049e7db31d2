import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** What a Connect button carries to Twilio and back, and when one was shown last (milliseconds since 1970). */
export interface ConnectState {
  value: string;
  shownAt: number;
}

const LIFETIME_MS = 60 * 60 * 1000;
const MINUTE_MS = 60 * 1000;

/**
 * The state for a button that is about to be shown: the session's own one, so that all its tabs work, or a new one
 * where there is none or it has expired. Every button is good for an hour, to the minute.
 */
export function issueState(now: number, current?: ConnectState): ConnectState {
  if (!current || isExpired(now, current)) {
    return { value: randomBytes(32).toString('base64url'), shownAt: now };
  }
  // A page a second is no reason for a write a second.
  return now - current.shownAt < MINUTE_MS ? current : { ...current, shownAt: now };
}

export type StateVerdict = 'valid' | 'missing' | 'mismatched' | 'expired';

/** Compares what came back with what the session expects. Missing is refused before anything is compared. */
export function verifyState(
  now: number,
  expected: ConnectState | undefined,
  given: unknown,
): StateVerdict {
  if (given === undefined || given === '') return 'missing';
  if (!expected || !sameState(expected.value, given)) return 'mismatched';
  return isExpired(now, expected) ? 'expired' : 'valid';
}

function isExpired(now: number, { shownAt }: ConnectState): boolean {
  // A clock that was set back must not make a state live longer.
  return now < shownAt || now - shownAt >= LIFETIME_MS;
}

/** Compares in constant time; both are hashed first, since timingSafeEqual wants equal lengths. */
export function sameState(expected: string, given: unknown): boolean {
  return typeof given === 'string' && timingSafeEqual(digest(expected), digest(given));
}

function digest(value: string): Buffer {
  return createHash('sha256').update(value).digest();
}
