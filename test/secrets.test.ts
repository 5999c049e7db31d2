import { inspect } from 'node:util';
import { expect, test } from '@jest/globals';
import type { Response } from 'express';
import { createLog } from '../src/log.ts';
import { browser, connect, consent, pathOf, signInAsDemo, signUp } from './browser.ts';
import { accountsOf, canaries, runEveryRoute, type Send } from './every-route.ts';
import { startApp, twilioError } from './start-app.ts';
import { panelOf } from './what-happened/panel.ts';

test('no page, header or log line holds a full AccountSid, a token or an Authorization header', async () => {
  const app = await startApp();
  const owner = await signUp(app, 'owner@example.com');
  const accountSid = await connect(owner, 'rossum');
  const { sids, tokens } = await accountsOf(app, accountSid);
  const other = await signInAsDemo(app);
  await connect(other, 'bakery');
  const secrets = [...canaries(app, sids), ...tokens];

  const faults: ((res: Response) => unknown)[] = [
    () => undefined,
    (res) => twilioError(res, 401, 20003, `for ${accountSid} and ${app.settings.authToken}`),
    (res) => twilioError(res, 404, 20404, `for ${accountSid}`),
    (res) => twilioError(res, 500, 20500, `for ${accountSid}`),
    (res) => res.type('json').send(`{"sid": "${accountSid}`),
    (res) => res.destroy(),
  ];
  let pages = '';
  for (const fault of faults) {
    app.clock.now += 61_000;
    app.upstream.answer = (_req, res) => void fault(res);
    pages += await runEveryRoute(owner, app, accountSid);
    const callback = await consent(owner, 'rossum');
    const back = await owner.get(pathOf(callback));
    pages += `${JSON.stringify(back.headers)} ${back.text}`;
    pages += await runEveryRoute(other, app, accountSid);
    pages += await runEveryRoute(browser(app), app, accountSid);
  }
  const logs = app.logs.join('');
  expect(logs).toContain('"path":"/calls"');
  for (const secret of secrets) {
    expect(pages.includes(secret)).toBe(false);
    expect(logs.includes(secret)).toBe(false);
  }
  expect(/authorization|basic [a-z0-9+/]{8}|state=|cookie/i.test(logs)).toBe(false);
}, 180_000);

test('no panel of "What just happened" holds anything secret that came with a request', async () => {
  const app = await startApp();
  const owner = await signUp(app, 'canary-owner@example.com');
  const accountSid = await connect(owner, 'rossum');
  const { sids, tokens } = await accountsOf(app, accountSid);
  const state = String(new URL(String(await consent(owner, 'rossum'))).searchParams.get('state'));
  const callback = `/twilio/authorize?AccountSid=${accountSid}&state=${state}`;
  const form = { email: 'canary-typed@example.com', password: 'canary-password', next: callback };
  const asking: Send[] = [
    (agent) => agent.get('/calls'),
    (agent) => agent.get(`/calls?to=${accountSid}&from=x${accountSid}&${accountSid}=${state}`),
    (agent) => agent.get(callback),
  ];
  const typing: Send[] = [
    (agent) => agent.get(`/calls?${new URLSearchParams({ next: callback, [callback]: 'x' })}`),
    (agent) => agent.get(`/${accountSid}/${state}?AccountSid=${accountSid}`),
    (agent) => agent.get(`/sign-in?${new URLSearchParams({ next: callback })}`),
    (agent) => agent.get(`${callback}&state=again&${state}=1`),
    (agent) => agent.post('/sign-in').type('form').send(form),
    (agent) =>
      agent
        .post('/sign-up')
        .type('form')
        .send({ ...form, password: 'canary' }),
    // The owner stays who they are.
    (agent) =>
      (agent === owner ? browser(app) : agent)
        .post('/sign-in/demo')
        .type('form')
        .send({ next: callback }),
  ];
  const faults: ((res: Response) => unknown)[] = [
    () => undefined,
    (res) => twilioError(res, 401, 20003, `${accountSid}:${app.settings.authToken}`),
    (res) => twilioError(res, 429, 20429, `${accountSid}:${app.settings.authToken}`),
    (res) => res.destroy(),
  ];
  let panels = '';
  const visited: string[] = [];
  for (const fault of faults) {
    app.clock.now += 61_000;
    app.upstream.answer = (_req, res) => void fault(res);
    for (const agent of [owner, browser(app)]) {
      for (const send of fault === faults[0] ? [...typing, ...asking] : asking) {
        let answer = await send(agent, app, accountSid);
        for (let n = 0; n < 5; n++) {
          visited.push(...[answer.headers['set-cookie'] ?? []].flat());
          panels += panelOf(answer.text) ?? '';
          if (!answer.headers.location) break;
          answer = await agent.get(pathOf(answer.headers.location));
        }
      }
    }
  }
  expect(panels.match(/<aside/g)?.length).toBeGreaterThan(30);
  for (const seen of [
    'AC',
    '401 Unauthorized',
    '429 Too Many',
    'ECONNRESET',
    'POST /sign-in/demo',
    '$ACCOUNT_SID',
  ]) {
    expect(`${seen} ${panels.includes(seen)}`).toBe(`${seen} true`);
  }
  const cookies = visited.map((cookie) => /=([^;]*)/.exec(cookie)?.[1] ?? '').filter(Boolean);
  const sessions = await app.db.query<{ sid: string; data: string | null }>(
    'select * from sessions',
  );
  const states = sessions.flatMap(({ data }) => data?.match(/(?<="value":")[^"]+/g) ?? []);
  expect(states.length).toBeGreaterThan(1);
  expect(cookies.length).toBeGreaterThan(1);
  const secrets = [...canaries(app, sids), ...tokens, ...states, ...cookies, state, 'canary-'];
  for (const secret of [...secrets, ...sessions.map(({ sid }) => sid)]) {
    expect(panels.includes(secret)).toBe(false);
  }
}, 180_000);

test('another user’s page shows nothing of an account, not even masked', async () => {
  const app = await startApp();
  const owner = await signUp(app, 'owner@example.com');
  const accountSid = await connect(owner, 'rossum');
  const other = await signInAsDemo(app);
  const state = new URL(String(await consent(other, 'rossum'))).searchParams.get('state');
  const pages =
    (await runEveryRoute(other, app, accountSid)) +
    (await other.get(`/twilio/authorize?AccountSid=${accountSid}&state=${state}`)).text;
  // As booleans: a failure must not print what it is about.
  expect(pages.includes('Rossum')).toBe(false);
  expect(pages.includes(`…${accountSid.slice(-4)}`)).toBe(false);
});

test('an error of the SDK that reaches the app carries nothing of the request', async () => {
  const app = await startApp();
  const { createCustomerClient } = await import('../src/twilio/customer-client.ts');
  const client = createCustomerClient(app.settings)(`AC${'7'.repeat(32)}`);
  for (const fail of [
    (res: Response) => res.destroy(),
    (res: Response) => twilioError(res, 401, 20003),
    (res: Response) => res.send('<h1>'),
  ]) {
    app.upstream.answer = (_req, res) => void fail(res);
    const error = await client.calls.page({ pageSize: 1 }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(Error);
    const printed = inspect(error, { depth: 12 }) + JSON.stringify(error);
    for (const secret of canaries(app, [`AC${'7'.repeat(32)}`])) {
      expect(printed.includes(secret)).toBe(false);
    }
    expect(/authorization/i.test(printed)).toBe(false);
  }
});

test('whatever is handed to the logger, secrets stay behind', () => {
  const lines: string[] = [];
  const token = 'canary "token" \\ with quotes';
  const log = createLog('trace', [token], { write: (line) => void lines.push(line) });
  const sid = `AC${'1234567890abcdef'.repeat(2)}`;
  const error = Object.assign(new Error(`no ${sid}`), {
    headers: { a: `Basic ${'QUJD'.repeat(9)}` },
  });
  log.error({ err: error, token, nested: { deep: [sid, sid.toLowerCase()] } }, `token ${token}`);
  log.info(`${sid}${sid} https://x/${sid}.json`);
  const text = lines.join('');
  expect(/canary|QUJD|1234567890abcdef1234/.test(text)).toBe(false);
  expect(text).toContain('AC12…cdef');
});
