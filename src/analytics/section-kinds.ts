import { directionText } from '../calls/rows.ts';
import type { DayTotals, Group } from '../database/call-totals.ts';
import { rowsChart } from './chart-rows.ts';
import { addUp, answeredShare } from './figures.ts';
import type { Section } from './section.ts';
import { currencyName } from './section-days.ts';
import { count, exactMoney, minutes, percent } from './texts.ts';
import { LENGTHS } from './totals.ts';

export function directionSection(
  days: readonly DayTotals[],
  currencies: readonly string[],
): Section {
  const byDirection = new Map<string, Group[]>();
  for (const { groups } of days) {
    for (const group of groups) {
      const alike = byDirection.get(group[1]);
      if (alike) alike.push(group);
      else byDirection.set(group[1], [group]);
    }
  }
  const rows = [...byDirection]
    .map(([direction, alike]) => ({ name: directionText(direction), figures: addUp(alike) }))
    .sort((one, other) => other.figures.calls - one.figures.calls);
  const all = rows.reduce((sum, { figures }) => sum + figures.calls, 0);
  const drawn = rows.map(({ name, figures: { calls } }) => ({
    name,
    value: calls,
    label: count(calls),
  }));
  return {
    id: 'direction',
    title: 'Direction',
    pictures: [{ svg: rowsChart('Calls by direction', drawn) }],
    table: {
      columns: [
        'Direction',
        'Calls',
        'Share',
        'Answered',
        'Minutes',
        ...currencies.map((currency) => `Cost, ${currencyName(currency)}`),
      ],
      rows: rows.map(({ name, figures }) => {
        const share = answeredShare(figures);
        return {
          head: name,
          cells: [
            count(figures.calls),
            percent(figures.calls / all),
            share === undefined ? '–' : percent(share),
            minutes(figures.seconds),
            ...currencies.map((currency) => exactMoney(figures.costs.get(currency) ?? 0)),
          ],
        };
      }),
    },
  };
}

/** How long the completed calls took. */
export function lengthSection(days: readonly DayTotals[]): Section {
  const rows = LENGTHS.map((length, index) => {
    const value = days.reduce((sum, { lengths }) => sum + (lengths[index] ?? 0), 0);
    return { name: lengthName(length, LENGTHS[index + 1]), value, label: count(value) };
  });
  const all = rows.reduce((sum, { value }) => sum + value, 0);
  return {
    id: 'length',
    title: 'Duration of completed calls',
    pictures: [{ svg: rowsChart('Completed calls by duration', rows) }],
    table: {
      columns: ['Duration', 'Calls', 'Share'],
      rows: rows.map(({ name, value, label }) => ({
        head: name,
        cells: [label, percent(all > 0 ? value / all : 0)],
      })),
    },
  };
}

function lengthName(from: number, to: number | undefined): string {
  if (to === undefined) return `${from / 3600} hour or more`;
  if (from === 0) return `under ${to} s`;
  return to <= 60 ? `${from} to ${to} s` : `${from / 60} to ${to / 60} min`;
}
