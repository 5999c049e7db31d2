import { invalidParameter } from './api-error.ts';
import type { SandboxCall } from './calls.ts';
import { parseTime, startOfDay } from './times.ts';

type Query = Record<string, unknown>;
type Test = (call: SandboxCall) => boolean;

const STATUSES = 'queued ringing in-progress completed busy failed no-answer canceled'.split(' ');

/** The query parameters of the call list, in the order in which Twilio repeats them in its page URIs. */
const FILTERS: Record<string, (value: string) => Test> = {
  Status: (value) => {
    // A choice: what Twilio does with a status that is none is not documented.
    if (!STATUSES.includes(value)) throw invalidParameter('Status');
    return (call) => call.status === value;
  },
  To: (value) => (call) => call.to === value,
  From: (value) => (call) => call.from === value,
  ParentCallSid: (value) => (call) => call.parentSid === value,
  ...timeFilters('StartTime', (call) => call.startedAt),
  ...timeFilters('EndTime', (call) => call.endedAt),
};

export function readCallFilters(query: Query): { test: Test; repeated: [string, string][] } {
  const repeated: [string, string][] = [];
  const tests: Test[] = [];
  for (const [name, toTest] of Object.entries(FILTERS)) {
    const value = query[name];
    if (value === undefined || value === '') continue;
    if (typeof value !== 'string') throw invalidParameter(name);
    repeated.push([name, value]);
    tests.push(toTest(value));
  }
  return { test: (call) => tests.every((test) => test(call)), repeated };
}

/**
 * Twilio's own boundaries, all UTC: equality is "on this day", `<` takes in midnight of the day it names, `>` begins
 * with it. A choice: a call without that time passes no time filter.
 */
function timeFilters(
  name: string,
  timeOf: (call: SandboxCall) => number | null,
): Record<string, (value: string) => Test> {
  const compare = (operator: string, holds: (time: number, limit: number) => boolean) => ({
    [name + operator]: (value: string): Test => {
      const limit = parseTime(value);
      // A choice: what Twilio does with a time that is none, or a day that no calendar has, is not documented.
      if (limit === undefined) throw invalidParameter(name);
      return (call) => {
        const time = timeOf(call);
        return time !== null && holds(time, limit);
      };
    },
  });
  return {
    ...compare('', (time, limit) => startOfDay(time) === startOfDay(limit)),
    ...compare('<', (time, limit) => time <= limit),
    ...compare('>', (time, limit) => time >= limit),
  };
}
