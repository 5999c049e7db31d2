import assert from 'node:assert/strict';
import { alternate } from '../alternate.ts';
import { type Measurement, times } from '../measurement.ts';
import { countOf, fetchPages, readPages, startAccount } from '../readers.ts';

/** What a call costs us that Twilio is done with: the processor's time, which all visitors share. */
export const cpu: Measurement = {
  name: 'cpu',
  what: 'processor time a call, whole read of 100k calls',
  against: 'fetch + JSON.parse, one page of 1000 after another',
  target: '<= 1.3x',
  why: 'there are a fifth more requests than pages, several answers are parsed side by side, which keeps the garbage collector busy, and each call gets its two dates.',
  async run(lab) {
    const calls = lab.size(100_000, 2_000);
    const account = await startAccount(lab, { calls, days: 90 }, 0);
    const { ours, floor } = await alternate(lab.size(5, 1), {
      ours: () => microsecondsEach(calls, readPages(account)),
      floor: () => microsecondsEach(calls, fetchPages(account)),
    });
    const ratio = ours / floor;
    const text = `${times(ratio)} (${ours.toFixed(1)} µs, ${floor.toFixed(1)} µs)`;
    return [{ text, holds: ratio <= 1.3 }];
  },
};

async function microsecondsEach(calls: number, pages: AsyncIterable<unknown[]>): Promise<number> {
  const before = process.cpuUsage();
  assert.equal(await countOf(pages), calls);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / calls;
}
