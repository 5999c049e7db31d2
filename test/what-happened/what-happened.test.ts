import { describe, expect, test } from '@jest/globals';
import express from 'express';
import request from 'supertest';
import { claimConnection } from '../../src/database/connections.ts';
import { createCustomerClient } from '../../src/twilio/customer-client.ts';
import { collectRequests } from '../../src/what-happened/requests.ts';
import { whatHappened } from '../../src/what-happened/what-happened.ts';
import { browser, connect, consent, pathOf, signInAsDemo } from '../browser.ts';
import { startApp, type TestApp, twilioError } from '../start-app.ts';
import { commands, lines, panelOf, run, summary } from './panel.ts';

/** The requests to Twilio that a view of /calls makes, as the panel shows them. */
const CALLS = /^GET http:.*\/Accounts\/AC\w\w…\w{4}\/Calls\.json\?PageSize=50&Page=0 -> 200 OK$/;
const ACCOUNTS = /^GET http:.*\/Accounts\.json\?PageSize=1000 -> 200 OK$/;

describe('the steps before a page', () => {
  test('show how the visitor came here, with what each step asked of Twilio', async () => {
    const app = await startApp();
    const visitor = browser(app);

    await visitor.get('/calls').expect(303);
    const form = await visitor.get('/sign-in?next=%2Fcalls');
    expect(lines(form.text)).toEqual([
      'GET /calls -> 303 See Other',
      'GET /sign-in?next=… -> 200 OK',
    ]);
    expect(summary(form.text)).toBe('no requests to Twilio, 1 step before');

    await visitor.post('/sign-in/demo').type('form').send({ next: '/calls' }).expect(303);
    await visitor.get('/calls').expect(303).expect('Location', '/myapp');
    const myApp = await visitor.get('/myapp').expect(200);
    expect(lines(myApp.text)).toEqual([
      'POST /sign-in/demo -> 303 See Other',
      'GET /calls -> 303 See Other',
      'GET /myapp -> 200 OK',
    ]);

    await connect(visitor, 'rossum');
    const connected = await visitor.get('/myapp').expect(200);
    expect(lines(connected.text)).toEqual([
      'GET /twilio/authorize?AccountSid=…&state=… -> 303 See Other',
      expect.stringMatching(/^GET http:.*\/Accounts\/AC\w\w…\w{4}\.json -> 200 OK$/),
      'GET /myapp -> 200 OK',
    ]);
    expect(summary(connected.text)).toBe('1 request to Twilio, 1 step before');
    expect(connected.text).toContain('We checked the state, asked Twilio whether we may act');
    expect(connected.text).toContain('<code>src/routes/authorize.ts</code>');
    expect(connected.text).toContain('href="https://www.twilio.com/docs/iam/connect"');

    await visitor.post('/connections/1/disconnect').expect(303);
    expect(lines((await visitor.get('/myapp')).text)).toEqual([
      'POST /connections/:id/disconnect -> 303 See Other',
      'GET /myapp -> 200 OK',
    ]);
  });

  test('are shown once', async () => {
    const app = await startApp();
    const visitor = await signInAsDemo(app);
    expect(lines((await visitor.get('/')).text)).toHaveLength(2);
    expect(lines((await visitor.get('/')).text)).toEqual(['GET / -> 200 OK']);
  });

  test('are not shown on a page that they did not lead to, such as one in another tab', async () => {
    const app = await startApp();
    const visitor = await signInAsDemo(app);
    expect(lines((await visitor.get('/faq')).text)).toEqual(['GET /faq -> 200 OK']);
    expect(lines((await visitor.get('/')).text)).toEqual(['GET / -> 200 OK']);
  });

  test('are another browser’s for nobody', async () => {
    const app = await startApp();
    await signInAsDemo(app);
    expect(lines((await browser(app).get('/')).text)).toEqual(['GET / -> 200 OK']);
  });

  test('tell a customer who declined from one who was sent back twice', async () => {
    const app = await startApp();
    const visitor = await signInAsDemo(app);
    const declined = await consent(visitor, 'rossum', 'decline');
    await visitor.get(pathOf(declined)).expect(303);
    expect((await visitor.get('/myapp')).text).toContain('The customer declined');
    const callback = pathOf(await consent(visitor, 'rossum'));
    await visitor.get(callback).expect(303);
    await visitor.get(callback).expect(303);
    expect((await visitor.get('/myapp')).text).toContain('The browser came here a second time');
  });

  test('are found by a cookie that no script can read, and that says nothing', async () => {
    const app = await startApp();
    const { headers } = await browser(app).post('/sign-in/demo');
    expect(headers['set-cookie']).toEqual([
      expect.stringMatching(/^session=/),
      expect.stringMatching(
        /^what-happened=[\w-]{36}; Max-Age=60; Path=\/; .*HttpOnly; SameSite=Lax$/,
      ),
    ]);
  });
});

test('each step says in words what came of it', async () => {
  const app = await startApp();
  const visitor = browser(app);
  const says = async (path: string, text: string) => {
    const page = await visitor.get(path);
    expect(panelOf(page.text)).toContain(text);
  };
  const post = (path: string, form: object) => visitor.post(path).type('form').send(form);
  const ada = { email: 'ada@example.com', password: 'correct horse battery' };

  await visitor.get('/calls').expect(303);
  await says('/sign-in?next=%2Fcalls', 'Nobody is signed in, so nothing was done here');
  expect((await post('/sign-in', ada)).text).toContain('Nobody was signed in: the page says why');
  expect((await post('/sign-up', {})).text).toContain('Nobody was signed up: the page says why');
  await post('/sign-up', ada).expect(303);
  await says('/', 'The user was stored, and a new session began');
  await post('/sign-out', {}).expect(303);
  await says('/', 'The session was deleted');
  await post('/sign-in', ada).expect(303);
  await says('/', 'The e-mail and the password were right');
  await visitor.get('/sign-in').expect(303);
  await says('/', 'Someone is signed in already');

  await visitor.get('/calls').expect(303);
  await says('/myapp', 'This user has no connected account to read');
  await says('/twilio/authorize?AccountSid=AC&state=x', 'One of our checks stopped it');
  await connect(visitor, 'rossum');
  await says('/calls', 'We asked Twilio for one page of calls');
  await says('/calls?size=0', 'Answered without asking Twilio');
  app.upstream.answer = (_req, res) => twilioError(res, 500, 20500);
  await says('/calls', 'Twilio gave us no calls to show');
  const nothing = await post('/connections/77/disconnect', {}).expect(404);
  expect(nothing.text).toContain('Nothing was changed: the page says why');
  await post('/connections/1/disconnect', {}).expect(303);
  await says('/myapp', 'This app stopped using the account');
}, 30_000);

describe('the requests of a page to Twilio', () => {
  test('tell who asked whom for what, where to read about it, and how it went', async () => {
    const app = await startApp();
    const visitor = await signInAsDemo(app);
    await connect(visitor, 'rossum');
    const { text } = await visitor.get('/calls').expect(200);
    const [page, ...requests] = lines(text);
    expect(page).toBe('GET /calls -> 200 OK');
    expect(requests.sort()).toEqual([
      expect.stringMatching(ACCOUNTS),
      expect.stringMatching(CALLS),
    ]);
    expect(requests.every((line) => line.startsWith(`GET ${app.settings.apiUrl}/2010`))).toBe(true);
    const as = (resource: string) => text.split('<li>').find((item) => item.includes(resource));
    const who = /as the customer’s AccountSid \(AC\w\w…\w{4}\) and our Auth Token/;
    const other = 'Auth Token, asked for another of the customer’s accounts';
    for (const resource of ['/Calls.json', '/Accounts.json']) expect(as(resource)).toMatch(who);
    expect(as('/Calls.json')).toContain(other);
    expect(as('/Accounts.json')).not.toContain(other);
    expect(text).toContain('href="https://www.twilio.com/docs/voice/api/call-resource"');
    expect(text).toContain('href="https://www.twilio.com/docs/iam/api/account"');
    expect(text).toMatch(/200 OK<\/span> \d+&nbsp;ms/);
  });

  test('show a storm of 429s, one by one, on the error page', async () => {
    const app = await startApp();
    const visitor = await signInAsDemo(app);
    await connect(visitor, 'rossum');
    app.upstream.answer = (req, res) =>
      req.path.includes('Calls') && twilioError(res, 429, 20429, 'slow down');
    const { text } = await visitor.get('/calls').expect(503);
    const refused = lines(text).filter((line) => line.endsWith('-> 429 Too Many Requests'));
    expect(refused).toHaveLength(4);
    expect(summary(text)).toBe('5 requests to Twilio');
  }, 15_000);

  test.each([
    ['a refusal', (_app, res) => twilioError(res, 401, 20003), 403, '401 Unauthorized'],
    ['a broken connection', (_app, res) => res.destroy(), 503, 'no answer: ECONNRESET'],
    ['a proxy’s page', (_app, res) => res.status(502).send('<h1>'), 503, '502 Bad Gateway'],
  ] satisfies [
    string,
    (app: TestApp, res: Parameters<typeof twilioError>[0]) => unknown,
    number,
    string,
  ][])('show %s on the error page', async (_name, fault, status, answer) => {
    const app = await startApp();
    const visitor = await signInAsDemo(app);
    await connect(visitor, 'rossum');
    app.upstream.answer = (_req, res) => void fault(app, res);
    const { text } = await visitor.get('/calls').expect(status);
    expect(lines(text).join('\n')).toContain(` -> ${answer}`);
  });

  test('shorten the page token of a later page, but not in its command', async () => {
    const app = await startApp();
    const visitor = await signInAsDemo(app);
    await connect(visitor, 'rossum');
    const first = await visitor.get('/calls?size=5').expect(200);
    const next = /rel="next" href="([^"]+)"/.exec(first.text)?.[1] ?? '';
    const { text } = await visitor.get(pathOf(next)).expect(200);
    expect(lines(text).join('\n')).toMatch(/PageToken=PACA\w\w…\w{4} -> 200 OK/);
    expect(commands(text).join('\n')).toMatch(/PageToken=PACA[0-9a-f]{32}"/);
  });

  test('are 50 at most, and the rest a number', async () => {
    const { collected, watch } = collectRequests();
    const url = 'https://api.twilio.com/2010-04-01/Accounts.json';
    for (let n = 0; n < 60; n++)
      watch({ method: 'GET', url, accountSid: 'AC' })({ status: 200, ms: 1 });
    expect(collected.requests).toHaveLength(50);
    expect(collected.more).toBe(10);
  });

  test('that are still under way, or given up, say so', async () => {
    const { collected, watch } = collectRequests();
    const url = 'https://api.twilio.com/2010-04-01/Accounts.json';
    const end = watch({ method: 'GET', url, accountSid: 'AC' });
    expect(collected.requests).toEqual([expect.objectContaining({ answer: 'no answer yet' })]);
    end({ failure: 'ERR_CANCELED', ms: 7_000 });
    expect(collected.requests).toEqual([
      expect.objectContaining({ answer: 'given up', isGood: false, ms: 7_000 }),
    ]);
  });
});

test('a command asks Twilio the very thing that the page asked', async () => {
  const app = await startApp();
  const visitor = await signInAsDemo(app);
  const accountSid = await connect(visitor, 'rossum');
  const to = `"'$(touch no)\`!%41 & <b>`;
  app.upstream.requests.length = 0;
  const page = await visitor.get(
    `/calls?size=7&started-after=2026-03-01&${new URLSearchParams({ to })}`,
  );
  expect(page.text).toContain('<code>curl -u &#34;$');
  const asked = [...app.upstream.requests];
  const main = /Accounts\/(AC\w+)\/Calls/.exec(asked.join('\n'))?.[1] ?? '';
  expect(main).not.toBe(accountSid);

  app.upstream.requests.length = 0;
  const variables = {
    ACCOUNT_SID: accountSid,
    OTHER_ACCOUNT_SID: main,
    TWILIO_AUTH_TOKEN: app.settings.authToken,
  };
  for (const command of commands(page.text)) {
    const [flag, pair = '', url = '', ...rest] = run(command, variables);
    expect([flag, ...rest]).toEqual(['-u']);
    const headers = { Authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
    expect((await fetch(url, { headers })).status).toBe(200);
  }
  expect(app.upstream.requests.map(decodeURIComponent)).toEqual(asked.map(decodeURIComponent));
});

describe('the panel', () => {
  test('is folded, and stands on every page, also where something is refused', async () => {
    const app = await startApp();
    const visitor = browser(app);
    for (const path of ['/', '/faq', '/sign-in', '/sign-up', '/twilio/authorize?error=other']) {
      expect(panelOf((await visitor.get(path)).text)).toContain('<details>');
    }
    const unknown = await visitor.get('/secret-path?secret-name-of-some-length=secret').expect(404);
    expect(lines(unknown.text)).toEqual(['GET … -> 404 Not Found']);
    expect(unknown.text).toContain('No route of this app has this address.');
    const foreign = await visitor
      .post('/sign-out')
      .set('Origin', 'https://evil.example')
      .expect(403);
    expect(lines(foreign.text)).toEqual(['POST … -> 403 Forbidden']);
    expect(foreign.text).toContain('Stopped before it came to a route');
    const wrong = await visitor.get('/sign-in?A1=x&next=y&a-very-long-name-of-a-parameter=z');
    expect(lines(wrong.text)).toEqual(['GET /sign-in?…&next=…&… -> 200 OK']);
  });

  test('says where to look when the fault is our own', async () => {
    const app = await startApp();
    const visitor = await signInAsDemo(app);
    await app.db.query('drop table connections');
    const { text } = await visitor.get('/myapp').expect(500);
    expect(panelOf(text)).toContain('An error of our own. The log has it');
  });

  test('loads its script only where there is a command to copy', async () => {
    const app = await startApp();
    const visitor = await signInAsDemo(app);
    await connect(visitor, 'rossum');
    const script = '<script src="/assets/copy-command.js" defer></script>';
    expect((await visitor.get('/calls')).text).toContain(script);
    expect((await visitor.get('/faq')).text).not.toContain('copy-command');
    await visitor
      .get('/assets/copy-command.js')
      .expect(200)
      .expect('Content-Type', /javascript/);
  });

  test('is not there where nobody looks', async () => {
    const app = await startApp();
    for (const path of ['/healthz', '/twilio/deauthorize']) {
      expect(panelOf((await browser(app).get(path)).text)).toBeUndefined();
    }
  });
});

test('what is kept for the next page holds no address, no value and no SID', async () => {
  const { settings } = await startApp();
  const kept: unknown[][] = [];
  const chains = { keep: (...all: unknown[]) => `id ${kept.push(all)}`, take: () => [] };
  const app = express().use(whatHappened({ now: Date.now }, chains), express.urlencoded());
  const client = createCustomerClient(settings)(`AC${'0'.repeat(32)}`);
  app.post('/here', async (req, res) => {
    await client.api.v2010
      .accounts(`AC${'1'.repeat(32)}`)
      .calls.page()
      .catch(() => {});
    res.redirect(req.body.to);
  });
  const post = (to: string) =>
    request(app)
      .post(`/here?state=canary&AC${'2'.repeat(32)}=canary`)
      .type('form')
      .send({ to });
  await post('/there?secret=canary').expect(302).expect('Location', '/there?secret=canary');
  const text = JSON.stringify(kept);
  expect(text).toContain('/here?state=…&…');
  expect(text).toContain('302 Found');
  expect(text).toContain('401 Unauthorized');
  expect(text).not.toMatch(/AC[0-9a-f]{32}|canary|there/);
  expect(text.includes(settings.authToken)).toBe(false);

  // What leads away from us, or nowhere, is followed by no page of ours.
  await post('https://elsewhere.example/there').expect(302);
  await post('http://:').expect(302);
  expect(kept).toHaveLength(1);
});

test('production has no panel, no cookie and no script of it', async () => {
  const sandbox = await startApp();
  const app = await startApp({
    NODE_ENV: 'production',
    TWILIO_ACCOUNT_SID: sandbox.settings.accountSid,
    TWILIO_AUTH_TOKEN: sandbox.settings.authToken,
    TWILIO_CONNECT_APP_SID: sandbox.settings.connectAppSid,
    TWILIO_API_URL: 'https://127.0.0.1:1',
  });
  const visitor = browser(app);
  const account = { email: 'a@example.com', password: 'correct horse battery' };
  const answers = [
    await visitor.post('/sign-up').type('form').send(account).expect(303),
    await visitor.get('/').expect(200),
    await visitor.get('/calls').expect(303),
    await visitor.get('/myapp').expect(200),
    await visitor.get('/nothing').expect(404),
    await visitor.post('/sign-out').expect(303),
  ];
  const customer = { accountSid: `AC${'1'.repeat(32)}`, ownerAccountSid: null, friendlyName: 'x' };
  await claimConnection(app.db, { ...customer, userId: 1, now: 1 });
  await visitor.post('/sign-in').type('form').send(account).expect(303);
  answers.push(await visitor.get('/calls').expect(503));
  for (const { text, headers } of answers) {
    expect(text).not.toMatch(/what-happened|What just happened|copy-command/);
    expect(String(headers['set-cookie'])).not.toContain('what-happened');
  }
}, 30_000);
