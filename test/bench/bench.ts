import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { withLab } from './lab.ts';
import { measurements } from './measurements.ts';
import { type Row, report, table } from './report.ts';

const FILE = path.join(import.meta.dirname, '..', '..', 'docs', 'benchmarks.md');
const HELP = `npm run bench -- [options] [NAME...]

Measures the app against its peers, and writes docs/benchmarks.md. With names it measures those rows, and writes nothing.

  --quick    small sizes, to see that everything works; its figures say nothing, and are not written
  --help     this text

The names: ${measurements.map(({ name }) => name).join(', ')}.
`;

async function bench(): Promise<void> {
  const flag = { type: 'boolean', default: false } as const;
  const { values, positionals: names } = parseArgs({
    options: { quick: flag, help: flag },
    allowPositionals: true,
  });
  const isKnown = (name: string) => measurements.some((measurement) => measurement.name === name);
  if (values.help || !names.every(isKnown)) {
    console.log(HELP);
    process.exitCode = values.help ? 0 : 1;
    return;
  }

  const began = performance.now();
  const rows: Row[] = [];
  for (const measurement of measurements) {
    if (names.length > 0 && !names.includes(measurement.name)) continue;
    const since = performance.now();
    const findings = await withLab(values.quick, measurement.run);
    rows.push({ ...measurement, findings });
    console.error(`${measurement.name} took ${seconds(since)} s`);
  }
  console.log(`\n${table(rows)}`);
  if (names.length > 0 || values.quick) return;
  writeFileSync(FILE, report(rows, seconds(began)));
}

function seconds(since: number): number {
  return Math.round((performance.now() - since) / 1000);
}

// So that the lab is left in order: a signal by itself would skip that.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
await bench();
