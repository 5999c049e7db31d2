/** A log of invented calls, held as nothing but their start times, so that a million of them cost 4 MB. */
export interface CallLog {
  accountSid: string;
  length: number;
  /** The call at a position, 0 for the newest. */
  at(position: number): InventedCall;
  statusAt(position: number): string;
  sidAt(position: number): string;
  /** Where a SID of this log stands. */
  positionOf(sid: string): number;
  /** The position of the newest call that started at a second or before it. */
  firstAtOrBefore(second: number): number;
}

export interface InventedCall {
  sid: string;
  /** In seconds since 1970. */
  startedAt: number;
  seconds: number;
  status: string;
  direction: string;
  from: string;
  to: string;
  price: string;
}

export interface LogSize {
  calls: number;
  days: number;
}

const HOUR = 3600;
// By the hours of a day: as uneven as the calls of an office that opens at eight.
const HOURS = [1, 1, 1, 1, 1, 2, 4, 8, 30, 52, 62, 58, 46, 50, 60, 62, 54, 44, 30, 18, 8, 4, 3, 2];
// Sunday to Saturday.
const DAYS = [0.5, 1.2, 1.15, 1.2, 1.2, 1.15, 0.6];

/** The SID of the n-th account of the benchmark. */
export function accountSidOf(index: number): string {
  return `AC${'b'.repeat(24)}${index.toString(16).padStart(8, '0')}`;
}

/** The calls of the last `days` whole days: always the same ones on the same day. */
export function callLog(accountSid: string, { calls, days }: LogSize): CallLog {
  const starts = startTimes(calls, days, Math.floor(Date.now() / 86_400_000) * 86_400);
  const prefix = `CA${'c'.repeat(24)}`;
  // Numbered from the oldest on.
  const numberOf = (position: number) => calls - 1 - position;
  const sidAt = (position: number) => prefix + numberOf(position).toString(16).padStart(8, '0');
  const statusAt = (position: number) =>
    numberOf(position) % 10 === 0 ? 'no-answer' : 'completed';
  return {
    accountSid,
    length: calls,
    sidAt,
    statusAt,
    positionOf: (sid) => numberOf(Number.parseInt(sid.slice(-8), 16)),
    at(position) {
      const number = numberOf(position);
      const status = statusAt(position);
      return {
        sid: sidAt(position),
        startedAt: starts[number] ?? 0,
        seconds: status === 'completed' ? 5 + ((number * 37) % 600) : 0,
        status,
        direction: number % 3 === 0 ? 'outbound-api' : 'inbound',
        from: `+1415555${1000 + (number % 400)}`,
        to: '+12125550100',
        price: '-0.00850',
      };
    },
    firstAtOrBefore(second) {
      let [low, high] = [0, calls];
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((starts[middle] ?? 0) <= second) low = middle + 1;
        else high = middle;
      }
      return calls - low;
    },
  };
}

/** Spreads the calls over the hours by their weights; within an hour evenly. Oldest first. */
function startTimes(calls: number, days: number, end: number): Uint32Array {
  const hours = Array.from({ length: days * 24 }, (_, index) => end - (days * 24 - index) * HOUR);
  const weights = hours.map((start) => {
    const day = new Date(start * 1000);
    return (HOURS[day.getUTCHours()] ?? 1) * (DAYS[day.getUTCDay()] ?? 1);
  });
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  const starts = new Uint32Array(calls);
  let hour = 0;
  let before = 0;
  for (let index = 0; index < calls; index++) {
    const due = ((index + 0.5) / calls) * whole;
    while (due > before + (weights[hour] ?? 0) && hour < hours.length - 1) {
      before += weights[hour++] ?? 0;
    }
    const share = (due - before) / (weights[hour] ?? 1);
    starts[index] = (hours[hour] ?? end) + Math.floor(share * (HOUR - 1));
  }
  return starts;
}
