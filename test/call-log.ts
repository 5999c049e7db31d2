import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Twilio } from 'twilio';
import { createCustomerClient } from '../src/twilio/customer-client.ts';

/** One call of a log: seconds since 1970, or null if it never started. */
export interface LoggedCall {
  sid: string;
  start: number | null;
  status: string;
}

export interface CallLog {
  url: string;
  client: Twilio;
  /** Newest first, as Twilio lists them. */
  calls: LoggedCall[];
  /** The queries of the requests, in order. */
  queries: URLSearchParams[];
  /** Requests that have come and not been answered, and the most there ever were of them. */
  inFlight: number;
  mostInFlight: number;
  /** Answers a request in the log's place if it says true. `nth` counts from 0. */
  answer:
    | ((req: IncomingMessage, res: ServerResponse, nth: number) => boolean | undefined)
    | undefined;
  /** Gets each answer to send it when it likes. */
  hold: ((go: () => void, res: ServerResponse) => void) | undefined;
  close(): Promise<void>;
}

export interface LogOptions {
  latencyMs?: number;
  /** Its time filters heed the day of a date-time and nothing more. */
  daysOnly?: boolean;
  /** Rows of the real thing's width, about 2 KB. */
  isWide?: boolean;
}

export const ACCOUNT = `AC${'7'.repeat(32)}`;
const DAY = 86_400;

export function sid(number: number): string {
  return `CA${number.toString(16).padStart(32, '0')}`;
}

/** `count` calls of the `days` before `end` (a day), two thirds of them... weekend days with half the calls. */
export function spread(count: number, days: number, end = '2026-03-12'): LoggedCall[] {
  const last = Date.parse(`${end}T00:00:00Z`) / 1000;
  const weights = Array.from({ length: days }, (_, index) => {
    const weekday = new Date((last - (index + 1) * DAY) * 1000).getUTCDay();
    return weekday % 6 === 0 ? 0.5 : 1;
  });
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  const calls: LoggedCall[] = [];
  let due = 0;
  for (const [index, weight] of weights.entries()) {
    due += (count * weight) / whole;
    const today = Math.round(due) - calls.length;
    for (let n = 0; n < today; n++) {
      const start = last - index * DAY - 1 - Math.floor(((n + 0.5) / today) * (DAY - 1));
      calls.push({ sid: sid(calls.length), start, status: 'completed' });
    }
  }
  return calls;
}

/** A server that lists calls as Twilio does, at any size. */
export async function startLog(calls: LoggedCall[], options: LogOptions = {}): Promise<CallLog> {
  const server = createServer((req, res) => {
    const { searchParams } = new URL(String(req.url), 'http://localhost');
    const nth = log.queries.push(searchParams) - 1;
    log.mostInFlight = Math.max(log.mostInFlight, ++log.inFlight);
    res.once('close', () => log.inFlight--);
    if (log.answer?.(req, res, nth)) return;
    const go = () => {
      const { searchParams: query } = new URL(String(req.url), 'http://localhost');
      const body = JSON.stringify(list(log.calls, query, options));
      res.writeHead(200, { 'Content-Type': 'application/json' }).end(body);
    };
    if (log.hold) log.hold(go, res);
    else setTimeout(go, options.latencyMs ?? 0);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const log: CallLog = {
    url,
    client: clientFor(url),
    calls,
    queries: [],
    inFlight: 0,
    mostInFlight: 0,
    answer: undefined,
    hold: undefined,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return log;
}

export function clientFor(apiUrl: string): Twilio {
  const sids = { accountSid: ACCOUNT, connectAppSid: 'CN', authorizeUrl: 'unused' };
  return createCustomerClient({ apiUrl, authToken: 'token', ...sids })(ACCOUNT);
}

function list(calls: LoggedCall[], query: URLSearchParams, { daysOnly, isWide }: LogOptions) {
  const limit = (name: string) => {
    const value = query.get(name);
    return value === null ? null : Date.parse(daysOnly ? value.slice(0, 10) : value) / 1000;
  };
  const [to, from, status] = [limit('StartTime<'), limit('StartTime>'), query.get('Status')];
  const size = Number(query.get('PageSize') ?? 50);
  const token = query.get('PageToken');
  const page = Number(query.get('Page') ?? 0);
  let index = token ? Number(indexOf(calls).positions.get(token.slice(2))) + 1 : 0;
  // The log is long: skip to its first call that may fit.
  if (!token && to !== null) index = firstAtMost(calls, to);
  const slice: LoggedCall[] = [];
  let hasNext = false;
  for (; index < calls.length && !hasNext; index++) {
    const call = calls[index] as LoggedCall;
    if (status !== null && call.status !== status) continue;
    if ((to !== null || from !== null) && call.start === null) continue;
    if (to !== null && (call.start as number) > to) continue;
    if (from !== null && call.start !== null && call.start < from) break;
    if (slice.length < size) slice.push(call);
    else hasNext = true;
  }
  const next = new URLSearchParams(query);
  next.set('Page', String(page + 1));
  next.set('PageToken', `PA${slice.at(-1)?.sid}`);
  return {
    calls: slice.map((call) => row(call, isWide)),
    page,
    next_page_uri: hasNext ? `/2010-04-01/Accounts/${ACCOUNT}/Calls.json?${next}` : null,
  };
}

interface Index {
  positions: Map<string, number>;
  /** The positions of the calls that have started, newest first. */
  started: number[];
}
const indexes = new WeakMap<LoggedCall[], Index>();

function indexOf(calls: LoggedCall[]): Index {
  let index = indexes.get(calls);
  if (index?.positions.size !== calls.length) {
    index = {
      positions: new Map(calls.map(({ sid }, position) => [sid, position])),
      started: calls.flatMap(({ start }, position) => (start === null ? [] : position)),
    };
    indexes.set(calls, index);
  }
  return index;
}

/** Where the first call stands that started at `to` or before. */
function firstAtMost(calls: LoggedCall[], to: number): number {
  const { started } = indexOf(calls);
  let [low, high] = [0, started.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (Number(calls[Number(started[middle])]?.start) > to) low = middle + 1;
    else high = middle;
  }
  return started[low] ?? calls.length;
}

function row({ sid, start, status }: LoggedCall, isWide = false) {
  const time = (seconds: number | null) =>
    seconds === null ? null : new Date(seconds * 1000).toUTCString().replace('GMT', '+0000');
  const uri = `/2010-04-01/Accounts/${ACCOUNT}/Calls/${sid}`;
  const names =
    'notifications recordings payments events siprec streams transcriptions messages'.split(' ');
  return {
    sid,
    parent_call_sid: null,
    account_sid: ACCOUNT,
    direction: 'inbound',
    from: '+15551230000',
    to: '+15551239999',
    status,
    start_time: time(start),
    end_time: time(start === null ? null : start + 61),
    duration: start === null ? null : '61',
    price: start === null ? null : '-0.01700',
    price_unit: 'USD',
    ...(isWide && {
      date_created: time(start),
      date_updated: time(start),
      to_formatted: '(555) 123-9999',
      from_formatted: '(555) 123-0000',
      phone_number_sid: `PN${'1'.repeat(32)}`,
      answered_by: null,
      api_version: '2010-04-01',
      forwarded_from: null,
      group_sid: null,
      caller_name: null,
      queue_time: '0',
      trunk_sid: null,
      uri: `${uri}.json`,
      subresource_uris: Object.fromEntries(names.map((name) => [name, `${uri}/${name}.json`])),
    }),
  };
}

/** Whole numbers below the one given, the same for the same seed. */
export function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return Math.floor((((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}
