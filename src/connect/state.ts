import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** What a Connect button carries to Twilio and back, and when it was made (milliseconds since 1970). */
export interface ConnectState {
  value: string;
  issuedAt: number;
}

const LIFETIME_MS = 60 * 60 * 1000;
const WORTH_SHARING_MS = 50 * 60 * 1000;

/**
 * The state for a button: the session's own one, so that all its tabs work, or a new one if there is none or if the
 * visitor might outlast it on Twilio's page.
 */
export function issueState(now: number, current?: ConnectState): ConnectState {
  if (current && now >= current.issuedAt && now - current.issuedAt < WORTH_SHARING_MS)
    return current;
  return { value: randomBytes(32).toString('base64url'), issuedAt: now };
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
  const age = now - expected.issuedAt;
  return age >= 0 && age < LIFETIME_MS ? 'valid' : 'expired';
}

/** Compares in constant time; both are hashed first, since timingSafeEqual wants equal lengths. */
export function sameState(expected: string, given: unknown): boolean {
  return typeof given === 'string' && timingSafeEqual(digest(expected), digest(given));
}

function digest(value: string): Buffer {
  return createHash('sha256').update(value).digest();
}
