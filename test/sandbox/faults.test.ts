import { expect, test } from '@jest/globals';
import request from 'supertest';
import { type Agent, callSids, connect, signInAsDemo } from '../browser.ts';
import { startApp, type TestApp } from '../start-app.ts';
import { ask, ownerOf } from './customer-keys.ts';

const FORM = 'text/html,application/xhtml+xml,*/*;q=0.8';

function set(app: TestApp, fault: object | string) {
  return request(app.url).post('/sandbox/faults').type('form').send(fault);
}

async function state(app: TestApp) {
  return (await request(app.url).get('/sandbox/faults').expect(200)).body;
}

const clear = (app: TestApp) => request(app.url).delete('/sandbox/faults').expect(200);
const accounts = (app: TestApp) => ask(app, ownerOf(app), '/Accounts.json');

async function connected(): Promise<{ app: TestApp; visitor: Agent }> {
  const app = await startApp();
  const visitor = await signInAsDemo(app);
  await connect(visitor, 'rossum');
  return { app, visitor };
}

test.each([
  ['fault=401', 403, 'Twilio does not let us into this account any more'],
  ['fault=403', 403, 'Twilio does not let us into this account any more'],
  ['fault=404', 404, 'Twilio does not know this account'],
  ['fault=429', 503, 'Twilio is busy with this account'],
  ['fault=429&retry-after=1', 503, 'Twilio is busy with this account'],
  ['fault=500', 503, 'Twilio is not answering'],
  ['fault=503', 503, 'Twilio is not answering'],
  ['fault=reset', 503, 'Twilio is not answering'],
  ['fault=garbage', 503, 'Twilio is not answering'],
  ['fault=empty', 503, 'Twilio is not answering'],
  ['fault=wait&wait=600000', 503, 'Twilio is not answering'],
  ['fault=wait&wait=20', 200, 'Rossum Industries, main account'],
])(
  '%s makes /calls a %i: %s',
  async (fault, status, sentence) => {
    const { app, visitor } = await connected();
    await set(app, fault).expect(200);
    const page = await visitor.get('/calls').expect(status);
    expect(page.text).toContain(sentence);

    await clear(app);
    const after = await visitor.get('/calls').expect(200);
    expect(callSids(after.text)).toHaveLength(50);
  },
  30_000,
);

test('answers are in Twilio’s form, as far as they are meant to be', async () => {
  const app = await startApp();
  const answer = async (fault: string) => {
    await set(app, `${fault}&times=1`).expect(200);
    return accounts(app);
  };
  for (const [status, code] of [
    [401, 20003],
    [403, 20403],
    [404, 20404],
    [429, 20429],
    [500, 20500],
  ]) {
    const { status: given, body, headers } = await answer(`fault=${status}`);
    expect(given).toBe(status);
    expect(body).toEqual({
      code,
      message: expect.any(String),
      more_info: `https://www.twilio.com/docs/errors/${code}`,
      status,
    });
    expect(headers['twilio-request-id']).toMatch(/^RQ[0-9a-f]{32}$/);
    expect(headers['retry-after']).toBeUndefined();
  }
  expect((await answer('fault=429&retry-after=7')).headers['retry-after']).toBe('7');
  const html = await answer('fault=503&retry-after=0');
  expect(html.headers['content-type']).toContain('text/html');
  expect(html.headers['retry-after']).toBe('0');
  const empty = await answer('fault=empty');
  expect([empty.status, empty.text]).toEqual([200, '']);
  await expect(answer('fault=garbage')).rejects.toThrow(SyntaxError);
  await expect(answer('fault=reset')).rejects.toThrow(/ECONNRESET|socket hang up/);
  await accounts(app).expect(200);
});

test('so many requests meet it and no more, also when they come together', async () => {
  const app = await startApp();
  const whenSet = await set(app, 'fault=503&times=5').expect(200);
  expect(whenSet.body).toEqual({
    fault: '503',
    times: 5,
    'retry-after': null,
    wait: null,
    left: 5,
    served: 0,
  });
  const statuses = await Promise.all(
    Array.from({ length: 12 }, async () => (await accounts(app)).status),
  );
  expect(statuses.filter((status) => status === 503)).toHaveLength(5);
  expect(statuses.filter((status) => status === 200)).toHaveLength(7);
  expect(await state(app)).toMatchObject({ fault: '503', left: 0, served: 5 });
});

test('without a number all meet it until it is cleared; a new one starts to count anew', async () => {
  const app = await startApp();
  await set(app, { fault: '500' }).expect(200);
  for (let n = 0; n < 3; n++) await accounts(app).expect(500);
  expect(await state(app)).toMatchObject({ fault: '500', times: null, left: null, served: 3 });
  await set(app, { fault: '404', times: 2 }).expect(200);
  expect(await state(app)).toMatchObject({ left: 2, served: 0 });
  await accounts(app).expect(404);
  await clear(app);
  await accounts(app).expect(200);
  const none = { fault: null, times: null, 'retry-after': null, wait: null };
  expect(await state(app)).toEqual({ ...none, left: 0, served: 1 });
});

test('pages are not hit, the faults themselves neither', async () => {
  const { app, visitor } = await connected();
  await set(app, 'fault=reset').expect(200);
  for (const path of ['', '/console', '/console/rossum', '/faults', '/sandbox.css']) {
    await visitor.get(`/sandbox${path}`).expect(200);
  }
  await visitor.get(`/sandbox/authorize/${app.settings.connectAppSid}`).expect(200);
  expect(await state(app)).toMatchObject({ served: 0 });
});

test.each([
  ['', 'fault'],
  ['fault=418', 'fault'],
  ['fault=401&fault=403', 'fault'],
  ['fault=401&times=0', 'times'],
  ['fault=401&times=-1', 'times'],
  ['fault=401&times=1.5', 'times'],
  ['fault=401&times=many', 'times'],
  ['fault=401&times=1000001', 'times'],
  ['fault=429&retry-after=soon', 'retry-after'],
  ['fault=429&retry-after=3601', 'retry-after'],
  ['fault=500&retry-after=1', 'retry-after'],
  ['fault=wait', 'wait'],
  ['fault=wait&wait=0', 'wait'],
  ['fault=wait&wait=600001', 'wait'],
  ['fault=500&wait=5', 'wait'],
  ['fault=429&retryAfter=5', 'retryAfter'],
  ['fault=429&toString=5', 'toString'],
])('"%s" is a 400 that names %s', async (form, field) => {
  const app = await startApp();
  await set(app, 'fault=403').expect(200);
  const answer = await set(app, form).expect(400);
  expect(answer.body).toEqual({ field, message: expect.stringMatching(`^${field}: .+\\.$`) });
  expect(await state(app)).toMatchObject({ fault: '403' });
});

test('JSON does as well as a form', async () => {
  const app = await startApp();
  const send = (body: object | string) =>
    request(app.url).post('/sandbox/faults').set('Content-Type', 'application/json').send(body);
  await send({ fault: 429, times: 2, 'retry-after': 1, wait: null }).expect(200);
  expect(await state(app)).toMatchObject({ fault: '429', times: 2, 'retry-after': 1 });
  expect((await send({ fault: '429', times: [2, 3] }).expect(400)).body.field).toBe('times');
  await send('{"fault":').expect(400);
});

test('the panel does the same, and shows what is set', async () => {
  const app = await startApp();
  const page = async () => (await request(app.url).get('/sandbox').expect(200)).text;
  const press = (path: string, form = '') =>
    request(app.url).post(`/sandbox${path}`).set('Accept', FORM).type('form').send(form);
  expect(await page()).toContain('The API answers as it should.');

  const blank = 'fault=401&times=&retry-after=&wait=';
  await press('/faults', blank).expect(303).expect('Location', '/sandbox/#faults');
  await accounts(app).expect(401);
  expect(await page()).toMatch(
    /<strong>401<\/strong>, for all requests until you clear it\.\s+1 met it/,
  );
  await press('/faults', 'fault=wait&wait=30&times=1').expect(303);
  expect(await page()).toContain('<strong>wait</strong> 30 ms, for 1 more.');
  await accounts(app).expect(200);
  expect(await page()).toContain('The API answers as it should again');
  await press('/faults', 'fault=500').expect(303);
  await press('/faults/clear').expect(303);
  await accounts(app).expect(200);

  const wrong = await press('/faults', 'fault=500&times=none').expect(400);
  expect(wrong.text).toContain('times: write a whole number from 1 to 1000000');
});

test('another site cannot set or clear one', async () => {
  const app = await startApp();
  for (const [header, value] of [
    ['Sec-Fetch-Site', 'cross-site'],
    ['Sec-Fetch-Site', 'same-site'],
    ['Origin', 'https://elsewhere.example'],
    ['Origin', 'null'],
  ] as const) {
    await set(app, 'fault=500').set(header, value).expect(403);
    await request(app.url).delete('/sandbox/faults').set(header, value).expect(403);
  }
  expect(await state(app)).toMatchObject({ fault: null });
});
