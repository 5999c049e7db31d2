import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { behindTls } from '../behind-tls.ts';
import type { Agent } from '../browser.ts';
import { connect, signInAsDemo, signUp } from '../browser.ts';
import { startApp } from '../start-app.ts';

const TABS = 300;
/** How many requests one customer may have on the way, of the hundreds for all together. */
const AT_ONCE = 25;

test('a customer whose answers never come keeps nobody else waiting', async () => {
  const app = await startApp({}, behindTls);
  const slow = await signInAsDemo(app);
  const slowSid = await connect(slow, 'rossum');
  const other = await signUp(app, 'other@example.com');
  await connect(other, 'bakery');
  // Whoever asks as them, for whichever account.
  const login = Buffer.from(`${slowSid}:${app.settings.authToken}`).toString('base64');
  app.upstream.answer = (req, res) => {
    res.locals.held = req.headers.authorization === `Basic ${login}`;
  };
  const open = (agent: Agent) => agent.get('/calls').then(({ status }) => status);

  const before = app.upstream.requests.length;
  const tabs = Promise.allSettled(Array.from({ length: TABS }, () => open(slow)));
  while (app.upstream.requests.length - before < AT_ONCE) await sleep(20);
  await sleep(1_000); // and no more come
  expect(app.upstream.requests.length - before).toBe(AT_ONCE);
  expect(await Promise.all([open(other), open(other), open(other)])).toEqual([200, 200, 200]);
  const answers = (await tabs).map((tab) => tab.status === 'fulfilled' && tab.value);
  expect(new Set(answers)).toEqual(new Set([503]));

  // What has waited in vain is not asked: nobody would read it.
  expect(app.upstream.requests.length).toBeLessThan(5 * AT_ONCE);
  app.upstream.answer = undefined;
  expect(await open(slow)).toBe(200);
}, 60_000);
