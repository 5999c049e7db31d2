import assert from 'node:assert/strict';
import { alternate, timed } from '../alternate.ts';
import { duration, type Measurement, times } from '../measurement.ts';
import { listSids, readPages, sidsOf, startAccount } from '../readers.ts';

/** What an export or a first look at the analytics of a large customer waits for. */
export const wholeRead: Measurement = {
  name: 'whole-read',
  what: 'whole read of 100k calls of 90 days, 300 ms upstream, 8 in flight',
  against: '`list({ pageSize: 1000 })`; `list()`, counted as its 2000 pages by 300 ms',
  target: '>= 5x; >= 100x faster',
  async run(lab) {
    const calls = lab.size(100_000, 3_000);
    const latency = lab.size(300, 20);
    const account = await startAccount(lab, { calls, days: 90 }, latency);
    const read: Record<string, string[]> = {};
    const { ours, list } = await alternate(
      lab.size(3, 1),
      {
        ours: () => timed(async () => (read.ours = await sidsOf(readPages(account)))),
        list: () => timed(async () => (read.list = await listSids(account, 1000))),
      },
      0,
    );
    assert.equal(read.list?.length, calls);
    assert.deepEqual(read.ours, read.list);
    const list50 = (calls / 50) * latency;
    const took = `${duration(ours)}, ${duration(list)}, ${duration(list50)}`;
    return [
      { text: `${times(list / ours)} faster`, holds: list / ours >= 5 },
      { text: `${times(list50 / ours)} faster (${took})`, holds: list50 / ours >= 100 },
    ];
  },
};
