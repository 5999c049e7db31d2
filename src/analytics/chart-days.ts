import { drawing, round, text, tooltip } from './chart.ts';
import { type Day, lengthOf, type Period } from './days.ts';
import { scaleTo } from './scale.ts';
import { dateOf, monthOrYear, shortDay, tick } from './texts.ts';

export interface DayBar {
  /** What stands above each other, in the order of the series; undefined: the day was not read yet. */
  values: readonly number[] | undefined;
  tooltip: string;
}

const TOP = 8;
const HEIGHT = 180;

/** A bar for each day. `series`: a CSS class for each value of a bar, from the bottom up. */
export function daysChart(
  label: string,
  period: Period,
  series: readonly string[],
  bars: readonly DayBar[],
  { whole = false } = {},
): string {
  const scale = scaleTo(Math.max(0, ...bars.map(({ values }) => total(values))), { whole });
  const y = (value: number) => TOP + HEIGHT * (1 - value / scale.top);
  const grid = scale.ticks.map(
    (value) =>
      `<line class="grid" x1="0" x2="100%" y1="${round(y(value))}" y2="${round(y(value))}"/>` +
      text('tick', -8, round(y(value) + 4), tick(value)),
  );
  const days = lengthOf(period);
  const labels = labelledDays(period).map(([day, name]) =>
    text('label', `${round(((day - period.first + 0.5) / days) * 100)}%`, TOP + HEIGHT + 20, name),
  );
  return drawing(
    'days',
    TOP + HEIGHT + 28,
    label,
    `${grid.join('')}<svg y="${TOP}" width="100%" height="${HEIGHT}" viewBox="0 0 ${days} 100" preserveAspectRatio="none">${plot(series, bars, scale.top)}</svg>${labels.join('')}`,
  );
}

// One path a series, since a year of bars would be thousands of shapes; and one invisible shape a day for its tooltip.
function plot(series: readonly string[], bars: readonly DayBar[], top: number): string {
  const width = bars.length > 120 ? 1 : 0.8;
  const paths = series.map(() => '');
  const hits: string[] = [];
  for (const [index, bar] of bars.entries()) {
    const left = round(index + (1 - width) / 2);
    let bottom = 100;
    for (const [place, value] of (bar.values ?? []).entries()) {
      if (value <= 0) continue;
      const height = (value / top) * 100;
      paths[place] += `M${left} ${round(bottom)}h${width}v-${round(height)}h-${width}z`;
      bottom -= height;
    }
    const kind = bar.values ? 'hit' : 'unread';
    hits.push(
      `<rect class="${kind}" x="${index}" width="1" height="100">${tooltip(bar.tooltip)}</rect>`,
    );
  }
  const drawn = series.map((name, place) => `<path class="${name}" d="${paths[place]}"/>`);
  return drawn.join('') + hits.join('');
}

/** The days named below the bars: few enough for a narrow screen; beginnings of months where there are many days. */
function labelledDays({ first, last }: Period): [Day, string][] {
  const days = Array.from({ length: last - first + 1 }, (_, index) => last - index);
  if (days.length <= 62) {
    const step = [1, 2, 4, 7, 14].find((size) => days.length <= size * 5) ?? 14;
    return days.filter((_, index) => index % step === 0).map((day) => [day, shortDay(day)]);
  }
  const everyMonths = days.length > 200 ? 2 : 1;
  return days
    .filter(
      (day) => dateOf(day).getUTCDate() === 1 && dateOf(day).getUTCMonth() % everyMonths === 0,
    )
    .map((day) => [day, monthOrYear(day)]);
}

function total(values: readonly number[] = []): number {
  return values.reduce((sum, value) => sum + value, 0);
}
