import { badInput } from '../errors.ts';

export const CALL_STATUSES = [
  'queued',
  'ringing',
  'in-progress',
  'completed',
  'busy',
  'failed',
  'no-answer',
  'canceled',
] as const;
export type CallStatus = (typeof CALL_STATUSES)[number];

/** Calls on a page, as on Twilio's own. */
export const DEFAULT_SIZE = 50;

/** What the visitor asked for, checked. Days are UTC, `YYYY-MM-DD`, both included. */
export interface CallFilters {
  status?: CallStatus | undefined;
  to?: string | undefined;
  from?: string | undefined;
  startedAfter?: string | undefined;
  startedBefore?: string | undefined;
}

/** Which page: how many calls, and Twilio's page token with the index that belongs to it. */
export interface PageRequest {
  size: number;
  cursor?: string | undefined;
  page: number;
}

type Query = Record<string, unknown>;

/** @throws PageError (400) that names the parameter. An empty one counts as left out: forms send them all. */
export function readFilters(query: Query): CallFilters {
  const status = readOne(query, 'status');
  if (status !== undefined && !isStatus(status)) {
    throw badInput('status', `choose one of ${CALL_STATUSES.join(', ')}.`);
  }
  const startedAfter = readDay(query, 'started-after');
  const startedBefore = readDay(query, 'started-before');
  if (startedAfter && startedBefore && startedAfter > startedBefore) {
    throw badInput('started-after', 'the first day must not come after the last one.');
  }
  return {
    status,
    to: readParty(query, 'to'),
    from: readParty(query, 'from'),
    startedAfter,
    startedBefore,
  };
}

/** @throws PageError (400) that names the parameter */
export function readPageRequest(query: Query): PageRequest {
  const size = readNumber(query, 'size', 1, 1000) ?? DEFAULT_SIZE;
  const cursor = readOne(query, 'cursor');
  // Only ever a token: a page URL from a visitor would send our Auth Token wherever it points.
  if (cursor !== undefined && !/^P[AB]CA[0-9a-f]{32}$/i.test(cursor)) {
    throw badInput('cursor', 'this is no page token of Twilio. Start again at the first page.');
  }
  const page = readNumber(query, 'page', 0, 10_000_000) ?? (cursor ? 1 : 0);
  if (page > 0 && !cursor) {
    throw badInput('page', 'it needs the cursor that leads there. Start again at the first page.');
  }
  return { size, cursor, page };
}

export function newestPage({ size }: PageRequest): PageRequest {
  return { size, page: 0 };
}

/** One value of a query, or undefined if it is left out or empty. */
export function readOne(query: Query, name: string): string | undefined {
  const value = query[name];
  if (value === undefined || value === '') return undefined;
  if (typeof value !== 'string') throw badInput(name, 'give it once.');
  return value.trim() || undefined;
}

function readNumber(query: Query, name: string, from: number, to: number): number | undefined {
  const text = readOne(query, name);
  if (text === undefined) return undefined;
  const number = /^\d{1,8}$/.test(text) ? Number(text) : Number.NaN;
  if (!(number >= from && number <= to)) {
    throw badInput(name, `write a whole number from ${from} to ${to}.`);
  }
  return number;
}

export function readDay(query: Query, name: string): string | undefined {
  const text = readOne(query, name);
  if (text === undefined) return undefined;
  const day = /^[12]\d{3}-\d\d-\d\d$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  // JavaScript reads 30 February as 1 or 2 March.
  if (!day || Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== text) {
    throw badInput(name, 'write a day of the calendar as YYYY-MM-DD, such as 2026-01-31.');
  }
  return text;
}

function readParty(query: Query, name: string): string | undefined {
  // In a link that somebody wrote by hand, the + of a number arrives as a blank.
  const value = query[name];
  const plus = typeof value === 'string' ? value.replace(/^ (?=\d)/, '+') : value;
  const text = readOne({ [name]: plus }, name);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach Twilio
  if (text !== undefined && (text.length > 200 || /[\x00-\x1f\x7f]/.test(text))) {
    throw badInput(
      name,
      'write a phone number such as +15551234567, client:name or sip:name@host.',
    );
  }
  return text;
}

function isStatus(text: string): text is CallStatus {
  return (CALL_STATUSES as readonly string[]).includes(text);
}
