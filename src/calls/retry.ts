import { explainTwilioError } from '../twilio/explain-error.ts';

const MOST_THROTTLED = 7;
const MOST_FAILURES = 2;
const LONGEST_WAIT_MS = 15_000;
const LONGEST_RETRY_AFTER_MS = 60_000;

/** How often a request failed in a row. */
export interface Tries {
  throttled: number;
  failed: number;
}

/**
 * How many milliseconds to wait before a request goes out again; undefined if it should not. A 429 gets seven more
 * tries, no answer or a 5xx gets two, a refusal none: it would be the same. Waits double and are spread at random, so
 * that requests which failed together do not come back together. `baseMs` is the first one.
 */
export function waitBeforeRetry(
  error: unknown,
  { throttled, failed }: Tries,
  baseMs: number,
): number | undefined {
  const { kind } = explainTwilioError(error);
  if (kind === 'unreachable' && failed < MOST_FAILURES) return spread(baseMs * 2 ** failed);
  if (kind !== 'throttled' || throttled >= MOST_THROTTLED) return undefined;
  const asked = retryAfterMs((error as { retryAfter?: unknown }).retryAfter, Date.now());
  // Nobody waits exactly as long as was asked: that would bring all back at once.
  if (asked !== undefined) return asked + Math.random() * baseMs;
  return spread(Math.min(baseMs * 2 ** throttled, LONGEST_WAIT_MS));
}

/** Retry-After in milliseconds from `now`: seconds or an HTTP date, a minute at most. Undefined if it is neither. */
export function retryAfterMs(value: unknown, now: number): number | undefined {
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const ms = /^\s*\d+\s*$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(0, ms), LONGEST_RETRY_AFTER_MS);
}

function spread(ms: number): number {
  return ms / 2 + (Math.random() * ms) / 2;
}
