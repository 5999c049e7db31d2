import type { DayTotals } from '../database/call-totals.ts';
import { hourText, weekChart, weekLegend } from './chart-week.ts';
import { weekdayOf } from './days.ts';
import type { Section } from './section.ts';
import { about, WEEKDAYS } from './texts.ts';

/** When in the week calls begin. An average, since 30 days have five Mondays but four Wednesdays, or the like. */
export function weekSection(days: readonly DayTotals[]): Section {
  const averages = WEEKDAYS.map((_, weekday) => {
    const alike = days.filter(({ day }) => weekdayOf(day) === weekday);
    return Array.from({ length: 24 }, (_, hour) =>
      alike.length > 0
        ? alike.reduce((sum, { hours }) => sum + (hours[hour] ?? 0), 0) / alike.length
        : undefined,
    );
  });
  const all = averages.flatMap((hours, weekday) =>
    hours.map((value = 0, hour) => ({ value, name: `${WEEKDAYS[weekday]} ${hourText(hour)}` })),
  );
  const top = all.reduce((best, one) => (one.value > best.value ? one : best));
  const label = `Calls an hour in an average week, most on ${top.name}: ${about(top.value)}`;
  return {
    id: 'week',
    title: 'The average week by hours',
    pictures: [{ svg: weekChart(label, averages), legend: weekLegend(top.value) }],
    table: {
      columns: ['Hour (UTC)', ...WEEKDAYS],
      rows: Array.from({ length: 24 }, (_, hour) => ({
        head: hourText(hour),
        cells: averages.map((hours) => {
          const value = hours[hour];
          return value === undefined ? '–' : about(value);
        }),
      })),
    },
  };
}
