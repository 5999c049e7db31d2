import { styleText } from 'node:util';
import type { Report } from './run-checks.ts';

const COLOURS = { ok: 'green', remark: 'yellow', problem: 'red', skipped: 'dim' } as const;

/** A check's line: how it went, and where something is to be said, the cause and the cure. */
export function reportLine({ status, title, cause, cure }: Report, colours: boolean): string {
  const word = status.padEnd(8);
  const said = [title, ...(cause ? [`: ${cause}`] : []), ...(cure ? [` -> ${cure}`] : [])].join('');
  return `${colours ? styleText(COLOURS[status], word) : word} ${said}`;
}

/** The last line. */
export function summary(reports: readonly Report[]): string {
  const count = (status: Report['status']) =>
    reports.filter((report) => report.status === status).length;
  const problems = count('problem');
  const many = (n: number, word: string) => `${n} ${word}${n === 1 ? '' : 's'}`;
  if (problems > 1) return `${problems} problems. Begin with the first.`;
  return `${many(problems, 'problem')}, ${many(count('remark'), 'remark')}.`;
}
