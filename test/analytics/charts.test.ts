import { describe, expect, test } from '@jest/globals';
import { daysChart } from '../../src/analytics/chart-days.ts';
import { rowsChart } from '../../src/analytics/chart-rows.ts';
import { weekChart } from '../../src/analytics/chart-week.ts';
import { parseDay } from '../../src/analytics/days.ts';
import { scaleTo } from '../../src/analytics/scale.ts';
import { exactMoney, money } from '../../src/analytics/texts.ts';
import { expectWellFormed } from '../well-formed.ts';

const first = parseDay('2026-03-01');
const bars = (...values: (number[] | undefined)[]) =>
  values.map((one, index) => ({ values: one, tooltip: `day ${index}` }));

/** What is written in a drawing, without its tooltips. */
function words(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => String(text));
}

test.each([
  [0, [0, 1]],
  [1, [0, 1]],
  [3, [0, 1, 2, 3]],
  [4, [0, 1, 2, 3, 4]],
  [144, [0, 50, 100, 150]],
  [1000, [0, 500, 1000]],
  [2741, [0, 1000, 2000, 3000]],
])('whole numbers up to %i get a nice axis', (most, ticks) => {
  expect(scaleTo(most, { whole: true })).toEqual({ top: ticks.at(-1), ticks });
});

test.each([
  [0.0085, [0, 0.005, 0.01]],
  [0.3, [0, 0.1, 0.2, 0.3]],
  [7.9, [0, 2, 4, 6, 8]],
  [125_000, [0, 50_000, 100_000, 150_000]],
])('amounts up to %f get a nice axis', (most, ticks) => {
  expect(scaleTo(most).ticks).toEqual(ticks);
});

describe('the days', () => {
  const period = { first, last: first + 3 };

  test('stand above each other by series, and a day that was not read is no zero', () => {
    const svg = daysChart(
      'Calls',
      period,
      ['completed', 'busy'],
      bars([3, 1], [0, 0], undefined, [0, 2]),
    );
    expectWellFormed(svg);
    expect(svg).toContain('role="img" aria-label="Calls"');
    expect(svg).toContain('<path class="completed" d="M0.1 100h0.8v-75h-0.8z"/>');
    expect(svg).toContain('<path class="busy" d="M0.1 25h0.8v-25h-0.8zM3.1 100h0.8v-50h-0.8z"/>');
    expect([...svg.matchAll(/class="unread" x="(\d)"/g)].map(([, x]) => x)).toEqual(['2']);
    expect([...svg.matchAll(/class="hit" x="(\d)"/g)].map(([, x]) => x)).toEqual(['0', '1', '3']);
  });

  test('have an axis even without a call', () => {
    const svg = daysChart('Calls', period, ['completed'], bars([0], [0], [0], [0]));
    expectWellFormed(svg);
    expect(svg).not.toMatch(/NaN|Infinity/);
    expect(words(svg)).toEqual(expect.arrayContaining(['0', '1', '1 Mar', '4 Mar']));
  });

  test.each([
    [1, ['1 Mar']],
    [7, ['1 Mar', '3 Mar', '5 Mar', '7 Mar']],
    [30, ['2 Mar', '9 Mar', '16 Mar', '23 Mar', '30 Mar']],
    [90, ['Mar', 'Apr', 'May']],
    [366, ['Mar', 'May', 'Jul', 'Sep', 'Nov', '2027', 'Mar']],
  ])('of %i get few names', (days, names) => {
    const values = bars(...Array.from({ length: days }, () => [1]));
    const svg = daysChart('Calls', { first, last: first + days - 1 }, ['completed'], values);
    expectWellFormed(svg);
    const labels = [...svg.matchAll(/<text class="label"[^>]*>([^<]*)</g)].map(([, text]) => text);
    expect(labels.sort()).toEqual([...names].sort());
  });
});

test('whatever Twilio sends is text in a drawing', () => {
  const evil = '"><script>alert(1)</script>&\'';
  for (const svg of [
    rowsChart(evil, [{ name: evil, value: 1, label: evil }]),
    daysChart(evil, { first, last: first }, ['completed'], [{ values: [1], tooltip: evil }]),
    weekChart(evil, [[1]]),
  ]) {
    expectWellFormed(svg);
    expect(svg).not.toContain('<script');
  }
});

test('a week without a call, or without some of its days, is drawn', () => {
  const week = Array.from({ length: 7 }, (_, day) =>
    Array.from({ length: 24 }, () => (day === 6 ? undefined : 0)),
  );
  const svg = weekChart('Week', week);
  expectWellFormed(svg);
  expect(svg).not.toMatch(/NaN|heat-[1-9]/);
  expect(svg).toContain('Sun 23:00: no such day');
});

test('no drawing has a style of its own, which the CSP would stop', () => {
  const svg = rowsChart('Rows', [{ name: 'a', value: 0, label: '0' }]);
  expect(svg + weekChart('Week', [[1]])).not.toMatch(/style|<image|href|on\w+=/);
});

test.each([
  [0, '0.00', '0.00'],
  [850, '0.0085', '0.0085'],
  [1, '0.00001', '0.00001'],
  [-850, '−0.0085', '−0.0085'],
  [100_000, '1.00', '1.00'],
  [14_259_123, '142.59123', '142.59'],
  [123_456_700_000, '1,234,567.00', '1,234,567.00'],
])('%i units are %s, in a headline %s', (units, exact, rounded) => {
  expect(exactMoney(units)).toBe(exact);
  expect(money(units)).toBe(rounded);
});
