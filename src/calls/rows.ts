import type { Call } from './call.ts';

/** A call as texts for the page: nothing is null any more. */
export interface CallRow {
  sid: string;
  /** ISO 8601, for <time datetime>; empty if the call has not started. */
  startedAt: string;
  when: string;
  direction: string;
  from: string;
  to: string;
  status: string;
  duration: string;
  price: string;
}

const NOTHING = '–';

const DIRECTIONS: Record<string, string> = {
  inbound: 'Inbound',
  'outbound-api': 'Outbound, by API',
  'outbound-dial': 'Outbound, by Dial',
  'trunking-terminating': 'Trunk, terminating',
  'trunking-originating': 'Trunk, originating',
};

export function toRow(call: Call): CallRow {
  const started = call.startedAt?.toISOString() ?? '';
  return {
    sid: call.sid,
    startedAt: started,
    when: started ? `${started.slice(0, 10)} ${started.slice(11, 19)}` : 'not started',
    direction: directionText(call.direction),
    from: call.from ?? NOTHING,
    to: call.to ?? NOTHING,
    status: call.status,
    duration: call.durationSeconds === null ? NOTHING : clock(call.durationSeconds),
    price: call.price === null ? NOTHING : `${call.price} ${call.currency ?? ''}`.trimEnd(),
  };
}

export function directionText(direction: string | null): string {
  return DIRECTIONS[direction ?? ''] ?? (direction || NOTHING);
}

/** Seconds as h:mm:ss or m:ss. */
function clock(seconds: number): string {
  const two = (n: number) => String(n).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = two(Math.floor(seconds % 60));
  return hours > 0 ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`;
}
