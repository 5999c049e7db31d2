import assert from 'node:assert/strict';
import type { Finding, Measurement } from '../measurement.ts';
import { readPages, sidsOf, startAccount } from '../readers.ts';

const LATENCY_MS = 20;

/** Twilio counts requests, so reading side by side must not cost many more than reading in turn. */
export const requests: Measurement = {
  name: 'requests',
  what: 'requests for 100k calls of 90 days; for 20k calls of 30 days',
  against: '100; 20, the pages that there are',
  target: '<= 137; <= 37',
  async run(lab) {
    const logs = [
      { calls: lab.size(100_000, 2_000), days: 90, most: 137 },
      { calls: lab.size(20_000, 1_500), days: 30, most: 37 },
    ];
    const findings: Finding[] = [];
    for (const { most, ...log } of logs) {
      const account = await startAccount(lab, log, LATENCY_MS);
      const sids = await sidsOf(readPages(account));
      assert.equal(new Set(sids).size, log.calls);
      const count = await account.countRequests();
      findings.push({ text: String(count), holds: count <= most });
    }
    return findings;
  },
};
