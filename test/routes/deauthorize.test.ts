import { expect, test } from '@jest/globals';
import twilio from 'twilio';
import { browser, connect, consent, pathOf, signInAsDemo, signUp } from '../browser.ts';
import { startApp, type TestApp } from '../start-app.ts';

const PATH = '/twilio/deauthorize';

function sign(app: TestApp, url: string, form: Record<string, string> = {}): string {
  return twilio.getExpectedTwilioSignature(app.settings.authToken, url, form);
}

function post(
  app: TestApp,
  form: Record<string, string>,
  signature = sign(app, app.url + PATH, form),
) {
  return browser(app).post(PATH).set('X-Twilio-Signature', signature).type('form').send(form);
}

function get(
  app: TestApp,
  form: Record<string, string>,
  path = `${PATH}?${new URLSearchParams(form)}`,
) {
  return browser(app)
    .get(path)
    .set('X-Twilio-Signature', sign(app, app.url + path));
}

async function status(app: TestApp) {
  return (await app.db.query<{ status: string }>('select status from connections'))[0]?.status;
}

async function connected() {
  const app = await startApp();
  const visitor = await signInAsDemo(app);
  const AccountSid = await connect(visitor, 'rossum');
  return { app, visitor, form: { AccountSid, ConnectAppSid: app.settings.connectAppSid } };
}

test.each([
  ['POST', post],
  ['GET', get],
] as const)('a signed %s frees the account, and may come twice', async (_method, send) => {
  const { app, visitor, form } = await connected();
  await send(app, form).expect(204);
  await send(app, form).expect(204);
  expect(await status(app)).toBe('deauthorized');
  expect((await visitor.get('/myapp')).text).toContain('You revoked this app’s access');
  await visitor.get('/calls').expect(403);

  const next = await signUp(app, 'next@example.com');
  await next.get(pathOf(await consent(next, 'rossum'))).expect(303);
  expect((await next.get('/myapp')).text).toContain('role="status">Connected.');
});

test('frees a disconnected account too', async () => {
  const { app, visitor, form } = await connected();
  await visitor.post('/connections/1/disconnect').expect(303);
  await post(app, form).expect(204);
  expect(await status(app)).toBe('deauthorized');
});

test('a page from before then says that nothing was left to disconnect', async () => {
  const { app, visitor, form } = await connected();
  await post(app, form).expect(204);
  await visitor.post('/connections/1/disconnect').expect(303);
  expect((await visitor.get('/myapp')).text).toContain('nothing left to disconnect');
  expect(await status(app)).toBe('deauthorized');
});

test('a signature that is missing, of another token, address or form is refused', async () => {
  const { app, form } = await connected();
  const url = app.url + PATH;
  const foreign = twilio.getExpectedTwilioSignature('another token', url, form);
  const signatures = [
    '',
    'x',
    foreign,
    sign(app, `${url}/`, form),
    sign(app, `${url}?a=1`, form),
    sign(app, url.replace('http:', 'https:'), form),
    sign(app, url.replace('127.0.0.1', 'localhost'), form),
    sign(app, url.replace(/:\d+\//, ':1/'), form),
    sign(app, `${url}?${new URLSearchParams(form)}`),
    sign(app, url, { ...form, AccountSid: form.AccountSid.toUpperCase() }),
    sign(app, url, { ...form, AccountSid: `AC${'1'.repeat(32)}` }),
  ];
  for (const signature of signatures) await post(app, form, signature).expect(403);
  await browser(app).post(PATH).type('form').send(form).expect(403);
  await browser(app)
    .get(`${PATH}?${new URLSearchParams(form)}`)
    .expect(403);
  expect(await status(app)).toBe('active');
});

test('a flood of requests that are not signed writes nothing to the database', async () => {
  const { app, form } = await connected();
  const changes = async () => (await app.db.query('select total_changes() as n'))[0];
  const before = await changes();
  for (let n = 0; n < 100; n++) {
    const AccountSid = n % 2 ? form.AccountSid : `AC${String(n).padStart(32, '0')}`;
    await post(app, { ...form, AccountSid }, `${n}`).expect(403);
    await browser(app)
      .get(`${PATH}?${new URLSearchParams({ ...form, AccountSid })}`)
      .expect(403);
  }
  expect(await changes()).toEqual(before);
  expect(app.logs.filter((line) => line.includes('refused a Deauthorize'))).toHaveLength(200);
});

test('one that is sent again after connecting anew ends the connection, and gives it to nobody', async () => {
  const { app, visitor, form } = await connected();
  await post(app, form).expect(204);
  await connect(visitor, 'rossum');
  // Nothing in what Twilio signs tells the two apart.
  await post(app, form).expect(204);
  expect(await status(app)).toBe('deauthorized');
  const [row] = await app.db.query<{ user_id: number }>('select user_id from connections');
  expect(row?.user_id).toBe(1);
});

test('is checked against BASE_URL, whatever host the request names', async () => {
  const { app, form } = await connected();
  await post(app, form).set('Host', 'behind.a.proxy').set('X-Forwarded-Proto', 'https').expect(204);
});

test('another Connect App’s request is refused, an unknown account is fine, none is a 400', async () => {
  const { app, form } = await connected();
  await post(app, { ...form, ConnectAppSid: `CN${'1'.repeat(32)}` }).expect(403);
  await post(app, { AccountSid: form.AccountSid }).expect(403);
  await post(app, { ...form, AccountSid: `AC${'1'.repeat(32)}` }).expect(204);
  await post(app, { ConnectAppSid: form.ConnectAppSid }).expect(400);
  await post(app, { ...form, AccountSid: 'AC1' }).expect(400);
  await get(app, form, `${PATH}?${new URLSearchParams(form)}&AccountSid=AC1`).expect(400);
  expect(await status(app)).toBe('active');
});

test('needs no session and starts none', async () => {
  const { app, form } = await connected();
  const answer = await post(app, form).expect(204);
  expect(answer.headers['set-cookie']).toBeUndefined();
});

test('a body that is too large is a 413', async () => {
  const { app, form } = await connected();
  await post(app, { ...form, more: 'x'.repeat(17_000) }).expect(413);
});
