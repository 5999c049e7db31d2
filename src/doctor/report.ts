import { styleText } from 'node:util';
import { fold } from './fold.ts';
import type { Report } from './run-checks.ts';

// As wide as the longest status.
const INDENT = ' '.repeat('problem'.length + 2);
const COLOURS = { ok: 'green', remark: 'yellow', problem: 'red', skipped: 'dim' } as const;

/** A check's line: how it went, and where something is to be said, the cause and the cure. */
export function reportLine(report: Report): string {
  return report.status.padEnd(INDENT.length) + words(report).join(' ');
}

/** The same for somebody who reads it in a terminal of so many columns: folded, the cure below the cause. */
export function reportParagraph(report: Report, columns: number): string {
  const { status } = report;
  const lines = words(report).map((text) => fold(INDENT + text, columns - 1, INDENT));
  // No colour without a terminal, nor with NO_COLOR.
  return styleText(COLOURS[status], status) + lines.join('\n').slice(status.length);
}

function words({ title, cause, cure }: Report): string[] {
  return [cause ? `${title}: ${cause}` : title, ...(cure ? [`-> ${cure}`] : [])];
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
