import type { Call } from './call.ts';
import { type Density, learn, newerEndOfRest } from './cut.ts';
import type { SpanPage } from './fetch-page.ts';
import type { CallFilters } from './filters.ts';
import type { PageLink } from './list.ts';
import { DAY, SECOND, spanOf } from './span.ts';
import {
  belongs,
  cutWindow,
  heedsTime,
  ignoresStatus,
  newWindow,
  type Stretch,
  undatedWindows,
  type Window,
} from './windows.ts';

/** So many pages at most are on the way or wait for their turn: with 8 on the way, three for each. */
const MOST_AHEAD = 24;

/** What a long read has before it, newest first: windows, which are read page after page, and stretches to be cut. */
export interface Line {
  /** The window whose next page to ask for; undefined if there is none, or if enough pages wait to be taken. */
  next(): Window | undefined;
  /** The page that was asked for. Without one the window is asked again. */
  answered(window: Window, page?: SpanPage): void;
  /** The next page in order; undefined if it has not come yet. */
  take(): Call[] | undefined;
  isEmpty(): boolean;
}

export function createLine(filters: CallFilters, pageSize: number): Line {
  const line: (Window | Stretch)[] = [newWindow(spanOf(filters))];
  const undatedSids = new Set<string>();
  let ahead = 0;
  let isCut = false;
  // When the newest call started: those that come in while we read are not part of it.
  let newest = Number.POSITIVE_INFINITY;
  // Whether Twilio heeds the time of day in a filter. Undefined until it was tried.
  let dateTimes: boolean | undefined;

  function next(): Window | undefined {
    for (const [index, item] of line.entries()) {
      const isAwaited = index === 0 && !(isWindow(item) && item.pages.length > 0);
      if (ahead >= MOST_AHEAD && !isAwaited) return undefined;
      if (isWindow(item) && (item.isAsked || item.isRead)) continue;
      const window = isWindow(item) ? item : cutOff(item, index);
      window.isAsked = true;
      ahead++;
      return window;
    }
    return undefined;
  }

  function cutOff(stretch: Stretch, index: number): Window {
    const window = cutWindow(stretch, pageSize, dateTimes === true);
    line.splice(index, stretch.to > stretch.from ? 0 : 1, window);
    return window;
  }

  function answered(window: Window, page?: SpanPage): void {
    window.isAsked = false;
    ahead--;
    if (!page) return;
    if (window.untried) {
      dateTimes = dateTimes !== false && heedsTime(window, page.calls);
      if (!dateTimes) Object.assign(window, window.untried);
      window.untried = undefined;
      if (!dateTimes) return;
    }
    window.link = page.next;
    window.isRead = !page.next || ignoresStatus(window, page.calls);
    const calls = page.calls.filter((call) => belongs(window, call));
    keep(window, calls);
    measure(window, calls, page.next);
  }

  function keep(window: Window, calls: readonly Call[]): void {
    const { known } = window;
    const fresh = calls.filter(({ sid, startedAt }) => {
      const time = startedAt?.getTime() ?? Number.NaN;
      if (time < known.downTo) known.downTo = time;
      const sids = startedAt ? known.sids : undatedSids;
      if (sids.has(sid) || time > newest) return false;
      sids.add(sid);
      return true;
    });
    if (fresh.length === 0) return;
    window.pages.push(fresh);
    ahead++;
  }

  /** Learns from a page how densely calls lie, and cuts the window again if it holds too many. */
  function measure(window: Window, calls: readonly Call[], next: PageLink | undefined): void {
    const times = calls.flatMap(({ startedAt }) => startedAt?.getTime() ?? []);
    if (newest === Number.POSITIVE_INFINITY && times.length > 0) newest = Math.max(...times);
    const top = Math.min(window.readTo, newest);
    window.readTo = next ? Math.min(window.readTo, ...times) : window.from;
    window.calls += times.length;
    const density = { calls: times.length, ms: top - window.readTo };
    const { stretch } = window;
    if (stretch && Number.isFinite(density.ms)) stretch.density = learn(stretch.density, density);
    // Nothing where calls were expected: what is left is asked for as the range was at first.
    if (stretch && !next && window.calls === 0) stretch.windowsLeft = 0;
    if (!next || times.length === 0) return;
    const rest = newerEndOfRest(window, window.readTo, density, pageSize, dateTimes !== false);
    if (rest !== undefined) cutAgain(window, rest, density, next);
  }

  function cutAgain(window: Window, to: number, density: Density, next: PageLink): void {
    window.isRead = true;
    const isUntried = dateTimes === undefined && to % DAY > SECOND;
    const stretch: Stretch = {
      from: window.from,
      to,
      density,
      known: window.known,
      untried: isUntried ? { link: next, to: window.to } : undefined,
      windowsLeft: isUntried ? 0 : isCut ? Number.POSITIVE_INFINITY : 1,
    };
    line.splice(line.indexOf(window) + 1, 0, stretch);
    if (!isCut) line.push(...undatedWindows(filters));
    isCut = true;
  }

  function take(): Call[] | undefined {
    for (let [head] = line; head && isWindow(head); [head] = line) {
      const page = head.pages.shift();
      if (page) {
        ahead--;
        return page;
      }
      if (!head.isRead) return undefined;
      line.shift();
    }
    return undefined;
  }

  return { next, answered, take, isEmpty: () => line.length === 0 };
}

function isWindow(item: Window | Stretch): item is Window {
  return 'pages' in item;
}
