import { drawing, escapeText, round, text, tooltip } from './chart.ts';

export interface Row {
  name: string;
  value: number;
  /** The value as it stands beside the bar. */
  label: string;
}

const ROW = 30;
const BAR = 18;
// What is left of the width is for the label.
const WIDEST = 65;

/** A bar from left to right for each row, with its name and its value in words. */
export function rowsChart(label: string, rows: readonly Row[]): string {
  const most = Math.max(1, ...rows.map(({ value }) => value));
  const drawn = rows.map(({ name, value, label: words }, index) => {
    const top = index * ROW + (ROW - BAR) / 2;
    const width = `${round((Math.max(0, value) / most) * WIDEST)}%`;
    const bar = `<rect class="amount" y="${top}" width="${width}" height="${BAR}">${tooltip(`${name}: ${words}`)}</rect>`;
    const middle = top + BAR / 2 + 4;
    return `${text('name', -10, middle, shorten(name))}${bar}<text class="value" x="${width}" dx="8" y="${middle}">${escapeText(words)}</text>`;
  });
  return drawing('rows', rows.length * ROW, label, drawn.join(''));
}

function shorten(name: string): string {
  return name.length > 20 ? `${name.slice(0, 19)}…` : name;
}
