import assert from 'node:assert/strict';
import { alternate, timed } from '../alternate.ts';
import { startApp } from '../app.ts';
import { startFront } from '../front.ts';
import type { Lab } from '../lab.ts';
import { duration, type Measurement, times } from '../measurement.ts';
import { startSandbox } from '../sandbox.ts';
import type { Visitor } from '../visitor.ts';

const PAGE = '/Calls.json?PageSize=50';

/** What a customer waits for who opens their calls, however many there are. */
export const firstRow: Measurement = {
  name: 'first-row',
  what: 'first row of /calls, 300 ms upstream, logs of 1k, 100k and 1M calls',
  against: 'one upstream page',
  target: '<= 1.05x, and alike',
  why: 'it is a few milliseconds over, for the session, the template and the row of the log around one request to Twilio.',
  async run(lab) {
    const [small, medium, large] = [
      await openCalls(lab, 1_000),
      await openCalls(lab, 100_000),
      await openCalls(lab, 1_000_000),
    ];
    const { page, ...apps } = await alternate(lab.size(10, 1), {
      page: large.upstreamPage,
      small: small.firstRow,
      medium: medium.firstRow,
      large: large.firstRow,
    });
    const ms = Object.values(apps);
    const [least, most] = [Math.min(...ms), Math.max(...ms)];
    const ratios = ms.map((one) => times(one / page)).join(', ');
    const spread = most / least;
    return [
      { text: `${ratios} (page ${duration(page)})`, holds: most / page <= 1.05 },
      { text: `${times(spread)} apart`, holds: spread <= 1.05 },
    ];
  },
};

/** An app whose user has connected a customer with so many calls; and its peer. */
async function openCalls(lab: Lab, calls: number) {
  const sandbox = await startSandbox(lab, { calls, latency: lab.size(300, 20) });
  const front = await startFront(lab, sandbox.url);
  const connected = { accountSid: sandbox.connectSid, ownerAccountSid: sandbox.mainSid };
  const { visitor } = await startApp(lab, [connected], front, sandbox.settings);
  const page = await sandbox.get<{ calls: { sid: string }[] }>(PAGE);
  const html = await (await visitor.open('/calls')).text();
  const shown = [...html.matchAll(/<tr id="(CA\w{32})">/g)].map(([, sid]) => sid);
  // A call may have come in between the two.
  assert.equal(shown.length, 50);
  assert.ok(page.calls.filter(({ sid }) => shown.includes(sid)).length >= 48);
  return {
    upstreamPage: () => timed(() => sandbox.get(PAGE)),
    firstRow: () => timeToFirstRow(visitor),
  };
}

async function timeToFirstRow(visitor: Visitor): Promise<number> {
  const begin = performance.now();
  const { body } = await visitor.open('/calls');
  let html = '';
  let ms: number | undefined;
  for await (const chunk of body ?? []) {
    html += Buffer.from(chunk).toString('latin1');
    if (html.includes('<tr id="CA')) ms ??= performance.now() - begin;
  }
  assert.ok(ms, 'no calls on the page');
  return ms;
}
