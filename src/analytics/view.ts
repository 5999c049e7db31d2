import { callsUrl } from '../calls/links.ts';
import type { Opened } from '../calls/open.ts';
import type { DayTotals } from '../database/call-totals.ts';
import { type Reading, wholeOf } from './account.ts';
import { byDay } from './by-day.ts';
import { type Day, dayText, lengthOf, type Period, periodBefore, toDay } from './days.ts';
import { addAll, addUp } from './figures.ts';
import { headlines } from './headlines.ts';
import { progressOf } from './progress.ts';
import { analyticsUrl, PRESETS, type Range } from './range.ts';
import { callsSection, minutesSection } from './section-days.ts';
import { directionSection, lengthSection } from './section-kinds.ts';
import { weekSection } from './section-week.ts';
import { longDay } from './texts.ts';

type Totals = ReadonlyMap<Day, DayTotals & { readAt: number }>;

/** What views/analytics.ejs shows. `totals` are those of the period and the one before it, as far as they were read. */
export function analyticsView(
  opened: Opened<Reading>,
  { period, query }: Range,
  totals: Totals,
  now: number,
) {
  const { account, accounts, fellBack, page } = opened;
  const before = periodBefore(period);
  const read = readIn(period, totals);
  const readBefore = readIn(before, totals);
  const comparable = read.length === lengthOf(period) && readBefore.length === lengthOf(before);

  const days = byDay(period, totals);
  const figures = addAll(days.flatMap((day) => day.figures ?? []));
  const earlier = comparable ? addAll(readBefore.map(({ groups }) => addUp(groups))) : undefined;
  // The most important one first.
  const currencies = [...figures.costs.keys()].sort(
    (one, other) => Math.abs(figures.costs.get(other) ?? 0) - Math.abs(figures.costs.get(one) ?? 0),
  );
  const hasCalls = figures.calls > 0;
  const calls = callsUrl(account.key);
  const dayUrl = (day: string) => `${calls}&started-after=${day}&started-before=${day}`;
  const today = period.last === toDay(now) ? totals.get(period.last) : undefined;
  return {
    account,
    accounts: accounts.includes(account) ? accounts : [account, ...accounts],
    fellBack,
    presets: PRESETS,
    query,
    dates: { first: dayText(period.first), last: dayText(period.last) },
    period: inWords(period),
    before: inWords(before),
    length: lengthOf(period),
    unread: lengthOf(period) - read.length,
    comparable,
    todayReadAt: today && new Date(today.readAt).toISOString().slice(11, 16),
    progress: progressOf(page.scan, wholeOf(period), (day) => totals.get(day)?.readAt, now),
    eventsUrl: analyticsUrl(account.key, query, '/events'),
    headlines: headlines(figures, earlier, currencies),
    hasCalls,
    sections: hasCalls
      ? [
          callsSection(days, period, dayUrl),
          minutesSection(days, period, currencies),
          weekSection(read),
        ]
      : [],
    pair: hasCalls ? [directionSection(read, currencies), lengthSection(read)] : [],
    elsewhere: accounts
      .filter((other) => other !== account && other.role !== 'Connect subaccount' && other.isOpen)
      .slice(0, 5)
      .map(({ name, role, key }) => ({ name, role, url: analyticsUrl(key, query) })),
  };
}

function readIn({ first, last }: Period, totals: Totals): DayTotals[] {
  return [...totals.values()].filter(({ day }) => day >= first && day <= last);
}

function inWords({ first, last }: Period): string {
  return first === last ? longDay(first) : `${longDay(first)} to ${longDay(last)}`;
}
