import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Finding, Measurement } from './measurement.ts';

export type Row = Omit<Measurement, 'run'> & {
  findings: readonly Finding[];
};

const INTRODUCTION = path.join(import.meta.dirname, 'introduction.md');
const PACKAGES = ['express', 'express-session', 'twilio', 'better-sqlite3', 'pino', 'ejs'];

/** The rows as a table in Markdown, each figure with its verdict. */
export function table(rows: readonly Row[]): string {
  const lines = rows.map(({ name, what, against, target, findings }) => {
    const measured = findings.map(({ text, holds }) => `${text}: ${holds ? 'met' : '**missed**'}`);
    return [`\`${name}\``, what, against, target, measured.join('; ')];
  });
  const head = ['name', 'what', 'against', 'target', 'measured'];
  return [head, head.map(() => '---'), ...lines]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

/** The whole of docs/benchmarks.md. */
export function report(rows: readonly Row[], seconds: number): string {
  const versions = PACKAGES.map((name) => `${name} ${versionOf(name)}`);
  const [cpu] = os.cpus();
  const machine = [
    `${os.cpus().length} cores (${cpu?.model.trim() || 'unknown'})`,
    `${Math.round(os.totalmem() / 2 ** 30)} GB of memory`,
    `${os.type()} ${os.arch()}`,
  ];
  return `${readFileSync(INTRODUCTION, 'utf8').trimEnd()}

## Results

${table(rows)}

${verdict(rows)}

Measured on ${new Date().toISOString().slice(0, 10)} in ${Math.round(seconds / 60)} minutes: ${machine.join(', ')};
Node ${process.versions.node}, ${versions.join(', ')}.
`;
}

/** How many figures miss their targets, and why. */
function verdict(rows: readonly Row[]): string {
  const missing = rows.filter(({ findings }) => findings.some(({ holds }) => !holds));
  const missed = missing.flatMap(({ findings }) => findings.filter(({ holds }) => !holds)).length;
  if (missed === 0) return 'All targets are met.';
  const count = missed === 1 ? '1 target is missed.' : `${missed} targets are missed.`;
  const reasons = missing.flatMap(({ name, why }) => (why ? `- \`${name}\`: ${why}` : []));
  return [count, reasons.join('\n')].join('\n\n').trimEnd();
}

function versionOf(name: string): string {
  const file = path.join(import.meta.dirname, '..', '..', 'node_modules', name, 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
