import { drawing, round, text, tooltip } from './chart.ts';
import { about, WEEKDAYS } from './texts.ts';

const ROW = 24;
const LEVELS = 5;

/**
 * The hours of a week, darker where there are more calls. `calls` has 7 days of 24 hours, Monday first; undefined where
 * nothing is known.
 */
export function weekChart(
  label: string,
  calls: readonly (readonly (number | undefined)[])[],
): string {
  const most = Math.max(...calls.flat().map((value) => value ?? 0));
  const cells = calls.flatMap((hours, day) =>
    hours.map((value, hour) => {
      const level = value === undefined || most === 0 ? 0 : Math.ceil((value * LEVELS) / most);
      const said = value === undefined ? 'no such day' : about(value);
      return `<rect class="heat-${level}" x="${hour + 0.04}" y="${day + 0.04}" width="0.92" height="0.92">${tooltip(`${WEEKDAYS[day]} ${hourText(hour)}: ${said}`)}</rect>`;
    }),
  );
  const names = WEEKDAYS.map((name, day) => text('name', -10, day * ROW + ROW / 2 + 4, name));
  const hours = [0, 6, 12, 18].map((hour) =>
    text('label', `${round(((hour + 0.5) / 24) * 100)}%`, 7 * ROW + 18, hourText(hour)),
  );
  return drawing(
    'week',
    7 * ROW + 26,
    label,
    `${names.join('')}<svg width="100%" height="${7 * ROW}" viewBox="0 0 24 7" preserveAspectRatio="none">${cells.join('')}</svg>${hours.join('')}`,
  );
}

/** What the shades mean: up to how many calls. */
export function weekLegend(most: number): { className: string; name: string }[] {
  return Array.from({ length: LEVELS + 1 }, (_, level) => ({
    className: `heat-${level}`,
    name: level === 0 ? 'none' : `up to ${about((level * most) / LEVELS)}`,
  }));
}

export function hourText(hour: number): string {
  return `${String(hour).padStart(2, '0')}:00`;
}
