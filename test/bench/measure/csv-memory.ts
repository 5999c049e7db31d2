import { startExporter } from '../exporter.ts';
import type { Lab } from '../lab.ts';
import type { Measurement } from '../measurement.ts';
import { peakWhile } from '../memory.ts';

/** A download must cost what is under way, not what it adds up to: or a few of them end the process. */
export const csvMemory: Measurement = {
  name: 'csv-memory',
  what: 'peak memory of the app at a CSV of 100k calls; of 1M calls',
  against: 'a CSV of 1k calls; of 100k calls',
  target: '<= 150 MB more; no more (<= 1.1x)',
  why: 'up to eight answers of about 2 MB are on the way or being parsed at once, and the heap grows with them; reading 14 pages ahead instead of 24 made it only 14 MB less.',
  async run(lab) {
    const small = await peakOf(lab, 1_000);
    const medium = await peakOf(lab, lab.size(100_000, 2_000));
    const large = await peakOf(lab, lab.size(1_000_000, 4_000));
    return [
      { text: `${medium - small} MB more (${medium}, ${small} MB)`, holds: medium - small <= 150 },
      { text: `${large - medium} MB more (${large} MB)`, holds: large <= medium * 1.1 },
    ];
  },
};

async function peakOf(lab: Lab, calls: number): Promise<number> {
  // A process of its own for each, since none gives back what it once took.
  const { pid, download } = await startExporter(lab, { calls, days: 90 }, lab.size(100, 10));
  return peakWhile(pid, download);
}
