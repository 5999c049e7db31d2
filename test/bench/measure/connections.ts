import assert from 'node:assert/strict';
import { type CustomerClient, createCustomerClient } from '../../../src/twilio/customer-client.ts';
import { alternate, timed } from '../alternate.ts';
import { accountSidOf } from '../call-log.ts';
import { startFront } from '../front.ts';
import { duration, type Measurement, times } from '../measurement.ts';

const ROUND_TRIP_MS = 20;
const CUSTOMERS = 10;
const TOKEN = '0'.repeat(32);

/** What one transport for all customers saves: without it, every request begins with three round trips of greeting. */
export const connections: Measurement = {
  name: 'connections',
  what: '100 requests for 10 customers, 20 ms round trip: TLS connections opened, time',
  against: 'a client a request',
  target: '1 to 2; <= 0.4x',
  async run(lab) {
    const requests = lab.size(100, 20);
    const log = { calls: 50, days: 1 };
    const logs = Array.from({ length: CUSTOMERS }, () => log);
    const upstream = await lab.start('upstream.ts', { logs, latency: 0 });
    const front = await startFront(lab, upstream.url, ROUND_TRIP_MS);
    process.env.TWILIO_CA_BUNDLE = front.cert; // The SDK's own variable for this.
    lab.atEnd(() => delete process.env.TWILIO_CA_BUNDLE);

    const newClients = () => createCustomerClient({ authToken: TOKEN, apiUrl: front.url });
    const askAll = (clientFor: CustomerClient) => async () => {
      for (let index = 0; index < requests; index++) {
        const sid = accountSidOf(index % CUSTOMERS);
        const client = await clientFor(sid);
        const { instances } = await client.api.v2010.accounts(sid).calls.page();
        assert.equal(instances.length, log.calls);
        assert.equal(instances[0]?.accountSid, sid);
      }
    };
    const opened: Record<string, number> = {};
    const counted = async (name: string, work: () => Promise<void>) => {
      const before = await front.ask<number>('connections');
      const ms = await timed(work);
      opened[name] = (await front.ask<number>('connections')) - before;
      return ms;
    };
    const { shared, each } = await alternate(lab.size(3, 1), {
      shared: () => counted('shared', askAll(newClients())),
      each: () =>
        counted(
          'each',
          askAll((sid) => newClients()(sid)),
        ),
    });
    assert.equal(opened.each, requests);
    const ratio = shared / each;
    return [
      { text: `${opened.shared} (against ${opened.each})`, holds: Number(opened.shared) <= 2 },
      { text: `${times(ratio)} (${duration(shared)}, ${duration(each)})`, holds: ratio <= 0.4 },
    ];
  },
};
