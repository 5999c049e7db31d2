import assert from 'node:assert/strict';
import { type Call, toCall } from '../../../src/calls/call.ts';
import { readAllCalls } from '../../../src/calls/read-all.ts';
import { createCustomerClient } from '../../../src/twilio/customer-client.ts';
import type { Measurement } from '../measurement.ts';
import { startSandbox } from '../sandbox.ts';

const DAY_MS = 86_400_000;

/** Not how fast, but how right: our reader against the SDK's own list, on calls of every kind. */
export const sameRows: Measurement = {
  name: 'same-rows',
  what: 'every call of the sandbox’s customer of 20k calls until yesterday, field by field',
  against: '`list()`',
  target: 'the same',
  async run(lab) {
    const sandbox = await startSandbox(lab, { calls: lab.size(20_000, 3_000), latency: 0 });
    const client = createCustomerClient(sandbox.settings)(sandbox.connectSid);
    const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
    const yesterday = new Date(today - DAY_MS).toISOString().slice(0, 10);

    const ours: Call[] = [];
    const pages = readAllCalls(client, sandbox.mainSid, { startedBefore: yesterday });
    for await (const calls of pages) ours.push(...calls);
    const listed = await client.api.v2010.accounts(sandbox.mainSid).calls.list({ pageSize: 1000 });
    // Those of today go on changing.
    const theirs = listed
      .map(toCall)
      .filter(({ startedAt }) => startedAt && Number(startedAt) < today);
    assert.deepEqual(ours, theirs);
    return [{ text: `the same ${ours.length} calls`, holds: true }];
  },
};
