import { inspect } from 'node:util';
import { expect, test } from '@jest/globals';
import type { Response } from 'express';
import { createLog } from '../src/log.ts';
import { type Agent, browser, connect, consent, pathOf, signInAsDemo, signUp } from './browser.ts';
import { SESSION_SECRET, startApp, type TestApp, twilioError } from './start-app.ts';

const ROUTES = [
  '/',
  '/sign-in',
  '/sign-up',
  '/faq',
  '/healthz',
  '/myapp',
  '/calls',
  '/calls?size=1000',
  '/calls?status=nonsense',
  '/twilio/authorize',
  '/twilio/deauthorize',
  '/nothing-here',
];

/** How a secret could look anywhere: as it is, or inside a Basic header. */
function canaries(app: TestApp, accountSids: string[]): string[] {
  const token = app.settings.authToken;
  const pairs = accountSids.map((sid) => Buffer.from(`${sid}:${token}`).toString('base64'));
  return [token, SESSION_SECRET, ...accountSids, ...pairs];
}

/** Every AccountSid and Auth Token that Twilio's API told the app about. */
async function accountsOf(app: TestApp, accountSid: string) {
  const pair = Buffer.from(`${accountSid}:${app.settings.authToken}`).toString('base64');
  const headers = { Authorization: `Basic ${pair}` };
  const answer = await fetch(`${app.settings.apiUrl}/2010-04-01/Accounts.json`, { headers });
  const { accounts } = (await answer.json()) as { accounts: { sid: string; auth_token: string }[] };
  expect(accounts.length).toBeGreaterThan(1);
  return { sids: accounts.map(({ sid }) => sid), tokens: accounts.map((a) => a.auth_token) };
}

async function runEveryRoute(agent: Agent, accountSid: string): Promise<string> {
  let seen = '';
  const routes = [
    ...ROUTES,
    `/twilio/authorize?AccountSid=${accountSid}&state=wrong`,
    `/${accountSid}`,
  ];
  for (const path of routes) {
    const { status, headers, text } = await agent.get(path);
    seen += `\n${path.replaceAll(accountSid, '')} ${status} ${JSON.stringify(headers)} ${text}`;
  }
  return seen;
}

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
    // A refusal marks the connection; the next fault finds it whole again.
    await app.db.query(`update connections set status = 'active'`);
    app.clock.now += 61_000;
    app.upstream.answer = (_req, res) => void fault(res);
    pages += await runEveryRoute(owner, accountSid);
    const callback = await consent(owner, 'rossum');
    pages += (await owner.get(pathOf(callback))).text;
    pages += await runEveryRoute(other, accountSid);
    pages += await runEveryRoute(browser(app), accountSid);
  }
  const logs = app.logs.join('');
  expect(logs).toContain('"path":"/calls"');
  for (const secret of secrets) {
    expect(pages.includes(secret)).toBe(false);
    expect(logs.includes(secret)).toBe(false);
  }
  expect(logs).not.toMatch(/authorization|basic [a-z0-9+/]{8}|state=|cookie/i);
}, 30_000);

test('another user’s page shows nothing of an account, not even masked', async () => {
  const app = await startApp();
  const owner = await signUp(app, 'owner@example.com');
  const accountSid = await connect(owner, 'rossum');
  const other = await signInAsDemo(app);
  const state = new URL(String(await consent(other, 'rossum'))).searchParams.get('state');
  const pages =
    (await runEveryRoute(other, accountSid)) +
    (await other.get(`/twilio/authorize?AccountSid=${accountSid}&state=${state}`)).text;
  expect(pages).not.toContain('Rossum');
  expect(pages).not.toContain(accountSid.slice(-4));
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
    expect(printed).not.toMatch(/Authorization/i);
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
  expect(text).not.toMatch(/canary|QUJD|1234567890abcdef1234/);
  expect(text).toContain('AC12…cdef');
});
