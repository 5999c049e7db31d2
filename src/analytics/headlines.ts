import { answeredShare, type Figures } from './figures.ts';
import { count, minutes, money, percent } from './texts.ts';

/** A figure in words, and against the period before where that can be said. */
export interface Headline {
  name: string;
  lines: { value: string; change: string | undefined }[];
}

/** `before` is undefined as long as one of the two periods is not read whole: half a period compares with nothing. */
export function headlines(
  now: Figures,
  before: Figures | undefined,
  currencies: readonly string[],
): Headline[] {
  const compare = (value: (figures: Figures) => number, words: (value: number) => string) =>
    before && change(value(now), value(before), words);
  const costs = currencies.map((currency) => ({
    value: `${currency || 'Unknown currency'} ${money(now.costs.get(currency) ?? 0)}`,
    change: compare(({ costs }) => costs.get(currency) ?? 0, money),
  }));
  const share = answeredShare(now);
  const answered = {
    value: share === undefined ? '–' : percent(share),
    change: before && share !== undefined ? points(share, answeredShare(before)) : undefined,
  };
  return [
    { name: 'Calls', lines: [{ value: count(now.calls), change: compare((f) => f.calls, count) }] },
    {
      name: 'Minutes',
      lines: [{ value: minutes(now.seconds), change: compare((f) => f.seconds, minutes) }],
    },
    { name: 'Answered', lines: [answered] },
    { name: 'Cost', lines: costs.length > 0 ? costs : [{ value: '–', change: undefined }] },
  ];
}

function change(value: number, earlier: number, words: (value: number) => string): string {
  if (value === earlier) return 'as before';
  if (earlier <= 0) return `from ${words(earlier)}`;
  const part = Math.round((value / earlier - 1) * 100);
  return `${sign(part)}${count(Math.abs(part))} % from ${words(earlier)}`;
}

function points(share: number, earlier: number | undefined): string {
  if (earlier === undefined) return 'from no calls';
  const difference = Math.round((share - earlier) * 1000) / 10;
  return `${sign(difference)}${Math.abs(difference)} points from ${percent(earlier)}`;
}

function sign(value: number): string {
  return value > 0 ? '+' : value < 0 ? '−' : '±';
}
