import assert from 'node:assert/strict';
import { alternate, timed } from '../alternate.ts';
import { duration, type Measurement, times } from '../measurement.ts';
import { listSids, readPages, sidsOf, startAccount } from '../readers.ts';

/** What serves a million calls must not make the customer with few of them wait. */
export const smallRead: Measurement = {
  name: 'small-read',
  what: 'whole read of 1000 calls, 300 ms upstream: requests, time',
  against: '`list({ pageSize: 1000 })`',
  target: '1; <= 1.1x',
  async run(lab) {
    const account = await startAccount(lab, { calls: 1000, days: 90 }, lab.size(300, 20));
    const sids = await sidsOf(readPages(account));
    const requests = await account.countRequests();
    assert.deepEqual(sids, await listSids(account, 50));
    const { ours, list } = await alternate(lab.size(10, 1), {
      ours: () => timed(() => sidsOf(readPages(account))),
      list: () => timed(() => listSids(account, 1000)),
    });
    const ratio = ours / list;
    return [
      { text: String(requests), holds: requests === 1 },
      { text: `${times(ratio)} (${duration(ours)}, ${duration(list)})`, holds: ratio <= 1.1 },
    ];
  },
};
