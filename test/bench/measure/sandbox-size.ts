import assert from 'node:assert/strict';
import { alternate, timed } from '../alternate.ts';
import type { Lab } from '../lab.ts';
import { duration, type Measurement, times } from '../measurement.ts';
import { type LargeCustomer, startSandbox } from '../sandbox.ts';

interface Page {
  calls: { sid: string }[];
  next_page_uri: string | null;
}

/** The sandbox makes its calls when they are asked for: a customer of a million costs no more than one of a thousand. */
export const sandboxSize: Measurement = {
  name: 'sandbox-size',
  what: 'the sandbox’s customer of 1M calls: first page, last page, memory',
  against: 'its customer of 1k calls',
  target: '<= 1.25x; <= 1.25x; <= 1.1x',
  async run(lab) {
    const small = await startCustomer(lab, 1_000);
    const large = await startCustomer(lab, 1_000_000);
    const ms = await alternate(lab.size(200, 5), {
      smallFirst: () => timed(() => small.get(small.first)),
      largeFirst: () => timed(() => large.get(large.first)),
      smallLast: () => timed(() => small.get(small.last)),
      largeLast: () => timed(() => large.get(large.last)),
    });
    const mb = {
      small: (await small.ask<number>('memory')) / 2 ** 20,
      large: (await large.ask<number>('memory')) / 2 ** 20,
    };
    const finding = (
      one: number,
      other: number,
      unit: (value: number) => string,
      most: number,
    ) => ({
      text: `${times(one / other)} (${unit(one)}, ${unit(other)})`,
      holds: one / other <= most,
    });
    const toMb = (value: number) => `${Math.round(value)} MB`;
    return [
      finding(ms.largeFirst, ms.smallFirst, duration, 1.25),
      finding(ms.largeLast, ms.smallLast, duration, 1.25),
      finding(mb.large, mb.small, toMb, 1.1),
    ];
  },
};

async function startCustomer(lab: Lab, calls: number) {
  const customer = await startSandbox(lab, { calls, latency: 0 });
  const first = pagePath(0);
  const last = pagePath(await lastPage(customer, calls));
  assert.equal((await customer.get<Page>(first)).calls.length, 50);
  assert.equal((await customer.get<Page>(last)).next_page_uri, null);
  return { ...customer, first, last };
}

/** The number of the last page that holds calls: the log has only about as many as were asked for. */
async function lastPage(customer: LargeCustomer, calls: number): Promise<number> {
  let [low, high] = [0, Math.ceil(calls / 10)];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const page = await customer.get<Page>(pagePath(middle));
    if (page.calls.length > 0) low = middle;
    else high = middle - 1;
  }
  return low;
}

function pagePath(page: number): string {
  return `/Calls.json?PageSize=50&Page=${page}`;
}
