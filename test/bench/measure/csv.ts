import { alternate, timed } from '../alternate.ts';
import { startExporter } from '../exporter.ts';
import { duration, type Measurement, times } from '../measurement.ts';
import { fetchPages } from '../readers.ts';

/** The download of a large customer's calls, by the app, from the click to the last byte. */
export const csv: Measurement = {
  name: 'csv',
  what: 'CSV of 100k calls of 90 days, 300 ms upstream',
  against: 'one page of 1000 after another',
  target: '>= 4x faster',
  async run(lab) {
    const log = { calls: lab.size(100_000, 2_000), days: 90 };
    const { account, download } = await startExporter(lab, log, lab.size(300, 20));
    const { ours, inTurn } = await alternate(
      lab.size(2, 1),
      {
        ours: () => timed(download),
        inTurn: () =>
          timed(async () => {
            let text = '';
            for await (const page of fetchPages(account)) {
              text += page.map((call) => `${Object.values(call)}\n`).join('');
            }
            return text;
          }),
      },
      0,
    );
    const text = `${times(inTurn / ours)} faster (${duration(ours)}, ${duration(inTurn)})`;
    return [{ text, holds: inTurn / ours >= 4 }];
  },
};
