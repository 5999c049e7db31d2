import type { DayFigures } from './by-day.ts';
import { type DayBar, daysChart } from './chart-days.ts';
import { dayText, type Period } from './days.ts';
import { type Figures, SERIES } from './figures.ts';
import type { Section } from './section.ts';
import { count, counted, exactMoney, minutes } from './texts.ts';

const UNREAD = 'not read yet';
// More currencies than these are rare; the table has them all.
const CURRENCIES_DRAWN = 3;

/** Something of a day that can be drawn: how much, and how that is said. */
interface Measure {
  name: string;
  className: string;
  amount(figures: Figures): number;
  words(amount: number): string;
  /** How much of the amount is 1 on the axis. */
  unit: number;
}

/** Calls a day by status. `dayUrl` leads to the calls of a day, given as `YYYY-MM-DD`. */
export function callsSection(
  days: readonly DayFigures[],
  period: Period,
  dayUrl: (day: string) => string,
): Section {
  const used = SERIES.map((name, place) => ({ name, place, className: name.replace(' ', '-') }));
  const series = used.filter(({ place }) => days.some(({ figures }) => figures?.bySeries[place]));
  const bars: DayBar[] = [];
  const rows: Section['table']['rows'] = [];
  for (const { day, name, figures } of days) {
    const values = figures && series.map(({ place }) => figures.bySeries[place] ?? 0);
    const cells = values && [count(figures.calls), ...values.map(count)];
    let said = figures ? counted(figures.calls, 'call') : UNREAD;
    for (const [index, { name: status }] of series.entries()) {
      if (values?.[index]) said += `, ${cells?.[index + 1]} ${status}`;
    }
    bars.push({ values, tooltip: `${name}: ${said}` });
    rows.push({ head: name, url: dayUrl(dayText(day)), cells });
  }
  const most = mostOf(
    days,
    ({ calls }) => calls,
    (calls) => counted(calls, 'call'),
  );
  const classNames = series.map(({ className }) => className);
  const svg = daysChart(`Calls a day by status, ${most}`, period, classNames, bars, {
    whole: true,
  });
  return {
    id: 'calls-a-day',
    title: 'Calls a day',
    pictures: [{ svg, legend: series }],
    table: { columns: ['Day', 'Calls', ...series.map(({ name }) => name)], rows },
  };
}

/** Minutes and cost a day, a picture for each currency. */
export function minutesSection(
  days: readonly DayFigures[],
  period: Period,
  currencies: readonly string[],
): Section {
  const measures: Measure[] = [
    {
      name: 'Minutes',
      className: 'minutes',
      amount: ({ seconds }) => seconds,
      words: minutes,
      unit: 60,
    },
    ...currencies.map((currency) => ({
      name: `Cost in ${currencyName(currency)}`,
      className: 'cost',
      amount: ({ costs }: Figures) => costs.get(currency) ?? 0,
      words: exactMoney,
      unit: 100_000,
    })),
  ];
  const pictures = measures.slice(0, 1 + CURRENCIES_DRAWN).map((measure) => {
    const { name, className, amount, words, unit } = measure;
    const bars = days.map(
      ({ name: day, figures }): DayBar => ({
        values: figures && [amount(figures) / unit],
        tooltip: `${day}: ${figures ? words(amount(figures)) : UNREAD}`,
      }),
    );
    const label = `${name} a day, ${mostOf(days, amount, words)}`;
    return { heading: name, svg: daysChart(label, period, [className], bars) };
  });
  return {
    id: 'minutes-a-day',
    title: 'Minutes and cost a day',
    pictures,
    table: {
      columns: ['Day', ...measures.map(({ name }) => name)],
      rows: days.map(({ name, figures }) => ({
        head: name,
        cells: figures && measures.map(({ amount, words }) => words(amount(figures))),
      })),
    },
  };
}

export function currencyName(currency: string): string {
  return currency || 'unknown currency';
}

function mostOf(
  days: readonly DayFigures[],
  amount: (figures: Figures) => number,
  words: (amount: number) => string,
): string {
  let most: { day: string; amount: number } | undefined;
  for (const { name, figures } of days) {
    if (figures && !(most && most.amount >= amount(figures))) {
      most = { day: name, amount: amount(figures) };
    }
  }
  return most ? `most on ${most.day}: ${words(most.amount)}` : 'none read yet';
}
