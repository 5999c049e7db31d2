import { describe, expect, test } from '@jest/globals';
import { renewLease, takeLease } from '../../src/database/scans.ts';
import { type Agent, browser, connect, signInAsDemo, signUp, wholeAnalytics } from '../browser.ts';
import { startApp, type TestApp } from '../start-app.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const ann = { email: 'ann@example.com', password: 'correct horse battery' };

/** Everything that a visitor does, on foot. */
async function goRound(agent: Agent): Promise<void> {
  await connect(agent, 'bakery');
  for (const page of ['/', '/myapp', '/calls', '/calls/export', '/calls.csv']) {
    await agent.get(page).expect(200);
  }
  await wholeAnalytics(agent, '/analytics?days=7');
}

function callRequests(app: TestApp): number {
  return app.upstream.requests.filter((line) => line.includes('/Calls.json')).length;
}

describe.each([HOUR, 2 * DAY, 400 * DAY])('a clock that jumps by %i ms', (jump) => {
  test.each([1, -1])('times %i, and back again: everything goes on', async (sign) => {
    const app = await startApp();
    const agent = await signUp(app, ann.email);
    await goRound(agent);
    for (const by of [sign * jump, -sign * jump]) {
      app.clock.now += by;
      // Those who were away for longer than a session lasts sign in again.
      const { status } = await agent.get('/myapp');
      expect(status).toBe(by > 7 * DAY ? 303 : 200);
      if (status === 303) await agent.post('/sign-in').type('form').send(ann).expect(303);
      await goRound(agent);
    }
  });
});

test('set back, the accounts are asked for again, not when the old time comes', async () => {
  const app = await startApp();
  const agent = await signInAsDemo(app);
  await connect(agent, 'bakery');
  await agent.get('/calls').expect(200);
  app.clock.now -= DAY;
  app.upstream.requests.length = 0;
  await agent.get('/calls').expect(200);
  expect(app.upstream.requests.filter((line) => line.includes('/Accounts.json'))).toHaveLength(1);
});

test('set back, a limit on sign-in lasts no longer than it says', async () => {
  const app = await startApp();
  app.clock.now += 30 * DAY;
  await signUp(app, ann.email);
  const send = (form: object) => browser(app).post('/sign-in').type('form').send(form);
  for (let failure = 0; failure < 10; failure++)
    await send({ ...ann, password: 'wrong password' }).expect(401);
  await send(ann).expect(429);
  app.clock.now -= 30 * DAY;
  await send(ann).expect(303);
}, 60_000);

test('set back, days that were read in the time to come are read again', async () => {
  const week = '/analytics?started-after=2026-03-05&started-before=2026-03-11';
  const app = await startApp();
  const agent = await signInAsDemo(app);
  await connect(agent, 'bakery');
  app.clock.now += 3 * DAY;
  await wholeAnalytics(agent, week);
  app.clock.now -= 3 * DAY;
  app.upstream.requests.length = 0;
  await wholeAnalytics(agent, week);
  expect(callRequests(app)).toBeGreaterThan(0);
  // Once, not for as long as that time has not come.
  app.upstream.requests.length = 0;
  await wholeAnalytics(agent, week);
  expect(callRequests(app)).toBe(0);
});

test('set back, the reading of a process that is gone keeps nobody out', async () => {
  const app = await startApp();
  const agent = await signInAsDemo(app);
  const accountSid = await connect(agent, 'bakery');
  const [row] = await app.db.query<{ id: number; connectedAt: number }>(
    'select id, connected_at as "connectedAt" from connections',
  );
  const source = { connectionId: row?.id ?? 0, connectedAt: row?.connectedAt ?? 0, accountSid };
  const at = (now: number) => ({ now, until: now + 10_000 });
  const [gone, other, next] = ['gone', 'other', 'next'].map((holder) => ({ ...source, holder }));
  if (!gone || !other || !next) throw new Error('unreachable');
  const { now } = app.clock;
  expect(await takeLease(app.db, gone, at(now))).toBe(true);
  expect(await takeLease(app.db, other, at(now - 30_000))).toBe(false); // clocks of two machines
  expect(await takeLease(app.db, next, at(now - DAY))).toBe(true);
  expect(await renewLease(app.db, gone, now)).toBe(false);
});
