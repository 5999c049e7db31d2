import { invalidParameter } from './api-error.ts';
import type { CallLog } from './call-log.ts';
import { LONGEST_CALL_MS, type SandboxCall } from './calls.ts';
import type { Selection } from './sequence.ts';
import { DAY_MS, parseTime, startOfDay } from './times.ts';

type Query = Record<string, unknown>;
type Filter = (value: string, log: CallLog) => Selection<SandboxCall>;

const STATUSES = 'queued ringing in-progress completed busy failed no-answer canceled'.split(' ');

/** The query parameters of the call list, in the order in which Twilio repeats them in its page URIs. */
const FILTERS: Record<string, Filter> = {
  Status: (value) => {
    // A choice: what Twilio does with a status that is none is not documented.
    if (!STATUSES.includes(value)) throw invalidParameter('Status');
    return { test: (call) => call.status === value };
  },
  To: (value) => ({ test: (call) => call.to === value }),
  From: (value) => ({ test: (call) => call.from === value }),
  // A call has one leg at most, and that is the next one.
  ParentCallSid: (value, log) => {
    const position = log.positionOf(value);
    return { from: position - 1, to: position, test: (call) => call.parent !== null };
  },
  ...timeFilters('StartTime', (log, from, before) => log.started(from, before)),
  ...timeFilters('EndTime', (log, from, before) => ({
    ...log.started(from - LONGEST_CALL_MS, before),
    test: ({ endedAt }) => endedAt !== null && endedAt >= from && endedAt < before,
  })),
};

/** Which calls of a log a query asks for, and its filters as the page URIs repeat them. */
export function readCallFilters(query: Query, log: CallLog) {
  const repeated: [string, string][] = [];
  const given: Selection<SandboxCall>[] = [];
  for (const [name, filter] of Object.entries(FILTERS)) {
    const value = query[name];
    if (value === undefined || value === '') continue;
    if (typeof value !== 'string') throw invalidParameter(name);
    repeated.push([name, value]);
    given.push(filter(value, log));
  }
  return { selection: intersection(given, log.length), repeated };
}

function intersection(given: Selection<SandboxCall>[], length: number): Selection<SandboxCall> {
  const tests = given.flatMap(({ test }) => test ?? []);
  return {
    from: Math.max(0, ...given.map(({ from = 0 }) => from)),
    to: Math.min(length, ...given.map(({ to = length }) => to)),
    test: tests.length > 0 ? (call) => tests.every((test) => test(call)) : undefined,
  };
}

/**
 * Twilio's own boundaries, all UTC: equality is "on this day", `<` takes in midnight of the day it names, `>` begins
 * with it. A choice: a call without that time passes no time filter.
 */
function timeFilters(
  name: string,
  select: (log: CallLog, from: number, before: number) => Selection<SandboxCall>,
): Record<string, Filter> {
  const read = (value: string) => {
    const time = parseTime(value);
    // A choice: what Twilio does with a time that is none, or a day that no calendar has, is not documented.
    if (time === undefined) throw invalidParameter(name);
    return time;
  };
  return {
    [name]: (value, log) => {
      const day = startOfDay(read(value));
      return select(log, day, day + DAY_MS);
    },
    [`${name}<`]: (value, log) => select(log, Number.NEGATIVE_INFINITY, read(value) + 1),
    [`${name}>`]: (value, log) => select(log, read(value), Number.POSITIVE_INFINITY),
  };
}
