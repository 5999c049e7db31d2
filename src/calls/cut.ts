import { DAY, SECOND, type Span } from './span.ts';

/** Pages in a window: with more, less is read side by side; with fewer, too many of them come half empty. */
const PAGES = 3;
/** A window that turns out to hold more than these is cut again. With fewer, busy hours are cut to pieces. */
const MOST_PAGES = 6;

/** How many calls started within how many milliseconds. */
export interface Density {
  readonly calls: number;
  readonly ms: number;
}

/** Takes in what has been read since. What is weeks away counts less and less. */
export function learn(old: Density, { calls, ms }: Density): Density {
  const weight = old.ms > 14 * DAY ? 0.5 : 1;
  return { calls: old.calls * weight + calls, ms: old.ms * weight + ms };
}

/**
 * The older end of a window that holds about three pages of a span, at its newer end: whole days, or seconds where a
 * day holds more than that and Twilio heeds `dateTimes`.
 */
export function olderEnd(
  { from, to }: Span,
  density: Density,
  pageSize: number,
  dateTimes: boolean,
): number {
  const ms = PAGES * pageTime(density, pageSize);
  const grain = dateTimes && ms < DAY ? SECOND : DAY;
  const grains = Math.max(1, Math.round(ms / grain));
  return Math.max(from, (Math.ceil(to / grain) - grains) * grain);
}

/**
 * The newer end of what a span has left below `oldest`, if that is too long to be read page after page. It lies above
 * `oldest`, since more calls may have started just then: at the end of its day, as Twilio's filters are documented for
 * days, or of its second, where a day holds too much and `dateTimes` may be tried.
 */
export function newerEndOfRest(
  { from, to }: Span,
  oldest: number,
  density: Density,
  pageSize: number,
  dateTimes: boolean,
): number | undefined {
  const pageMs = pageTime(density, pageSize);
  // Where all began in the same second, nothing is known of the time before it.
  if (!(pageMs > 0) || oldest - from <= MOST_PAGES * pageMs) return undefined;
  const grain = dateTimes && PAGES * pageMs < DAY ? SECOND : DAY;
  const grainStart = oldest - (oldest % grain);
  return grainStart > from ? Math.min(grainStart + grain, to) : undefined;
}

function pageTime({ calls, ms }: Density, pageSize: number): number {
  return (pageSize * ms) / calls;
}
