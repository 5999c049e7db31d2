import type { Call } from './call.ts';
import { type Density, olderEnd } from './cut.ts';
import type { CallFilters, CallStatus } from './filters.ts';
import type { PageLink } from './list.ts';
import type { Tries } from './retry.ts';
import { isWithin, type Span } from './span.ts';

/** The page after one that was cut again, and the newer end of the span that it is a page of. */
interface WayBack {
  link: PageLink;
  to: number;
}

/** The SIDs of calls that have come, of this window and of pages that reached into it, down to which time. */
interface Known {
  readonly sids: Set<string>;
  downTo: number;
}

/** A span that is read page after page. */
export interface Window extends Span {
  to: number;
  /** Holds the calls of this status that have no start time, and no others. */
  readonly undated: CallStatus | undefined;
  /** What it was cut from. */
  readonly stretch: Stretch | undefined;
  readonly known: Known;
  /** It ends at a time of day, which Twilio may not heed. Then its calls are read in this way. */
  untried: WayBack | undefined;
  link: PageLink | undefined;
  isAsked: boolean;
  isRead: boolean;
  tries: Tries;
  /** What has come and was not taken yet. */
  readonly pages: Call[][];
  /** The time down to which it has been read. */
  readTo: number;
  calls: number;
}

/** A span that is still to be cut into windows. */
export interface Stretch extends Span {
  to: number;
  density: Density;
  known: Known;
  untried: WayBack | undefined;
  /** So many windows are cut off; then all that is left is asked for at once, as nobody knows how far it goes back. */
  windowsLeft: number;
}

export function newWindow(
  { from, to }: Span,
  { stretch, undated }: Partial<Pick<Window, 'stretch' | 'undated'>> = {},
): Window {
  return {
    from,
    to,
    undated,
    stretch,
    known: stretch?.known ?? nothingKnown(),
    untried: stretch?.untried,
    link: undefined,
    isAsked: false,
    isRead: false,
    tries: { throttled: 0, failed: 0 },
    pages: [],
    readTo: to,
    calls: 0,
  };
}

/** Takes a window off the newer end of a stretch. */
export function cutWindow(stretch: Stretch, pageSize: number, dateTimes: boolean): Window {
  const isLast = stretch.windowsLeft-- <= 0;
  const end = olderEnd(stretch, stretch.density, pageSize, dateTimes);
  const window = newWindow({ from: isLast ? stretch.from : end, to: stretch.to }, { stretch });
  Object.assign(stretch, { to: window.from, untried: undefined });
  if (stretch.to <= stretch.known.downTo) stretch.known = nothingKnown();
  return window;
}

function nothingKnown(): Known {
  return { sids: new Set(), downTo: Number.POSITIVE_INFINITY };
}

/** Each call is of one window only: by its start time or, without one, by its status. */
export function belongs(window: Window, call: Call): boolean {
  return window.undated ? call.startedAt === null : isWithin(window, call);
}

export function ignoresStatus({ undated }: Window, calls: readonly Call[]): boolean {
  return undated !== undefined && calls.some(({ status }) => status !== undated);
}

/** Twilio gave calls up to the very second that was asked for, and none beyond. */
export function heedsTime({ known, to }: Window, calls: readonly Call[]): boolean {
  return (
    calls.some(({ sid }) => known.sids.has(sid)) &&
    calls.every(({ startedAt }) => !startedAt || startedAt.getTime() <= to)
  );
}

/** The statuses of calls that may never have been dialed. No time finds those: they did not start. */
const UNDATED: readonly CallStatus[] = ['queued', 'canceled'];

/** Where no day is asked for, Twilio lists calls without a start time too. */
export function undatedWindows({ status, startedAfter, startedBefore }: CallFilters): Window[] {
  if (startedAfter || startedBefore) return [];
  const statuses = UNDATED.filter((one) => !status || status === one);
  return statuses.map((undated) => newWindow({ from: -Infinity, to: Infinity }, { undated }));
}
