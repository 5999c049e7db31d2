import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import twilio from 'twilio';
import { newConnectApp } from '../../src/sandbox/connect-app.ts';
import { sendDeauthorize } from '../../src/sandbox/deauthorize-request.ts';
import { type Agent, browser, connect, signInAsDemo } from '../browser.ts';
import { startApp, type TestApp } from '../start-app.ts';
import { ask, type Pair, update } from './customer-keys.ts';

const listeners: Server[] = [];
afterEach(() => {
  for (const server of listeners.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

/** Somebody who is sent Deauthorize requests. `status` undefined: never answers. */
async function listener(status?: number) {
  const received: { req: IncomingMessage; body: string }[] = [];
  const server = createServer(async (req, res) => {
    let body = '';
    for await (const chunk of req) body += chunk;
    received.push({ req, body });
    if (status) res.writeHead(status, { Location: '/elsewhere' }).end('seen');
  });
  listeners.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}

async function connected() {
  const app = await startApp();
  const visitor = await signInAsDemo(app);
  const connectSid = await connect(visitor, 'rossum');
  const pair: Pair = [connectSid, app.settings.authToken];
  return { app, visitor, connectSid, pair };
}

/** Presses "Revoke access", and reads the page that follows. */
async function revoke(app: TestApp): Promise<string> {
  const page = '/sandbox/console/rossum';
  expect((await browser(app).get(page)).text).toContain('<button class="main">Revoke access');
  await browser(app).post(`${page}/revoke`).expect(303).expect('Location', page);
  const { text } = await browser(app).get(page).expect(200);
  expect(text).toContain('Access is revoked.');
  expect(text).not.toContain('<button class="main">Revoke access');
  return text;
}

async function expectEnded(visitor: Agent) {
  expect((await visitor.get('/myapp')).text).toContain('You revoked this app’s access');
  await visitor.get('/calls').expect(403);
}

test.each(['POST', 'GET'])(
  'by %s, revoking ends the connection in the app and closes the API',
  async (method) => {
    const { app, visitor, connectSid, pair } = await connected();
    await update(app, { DeauthorizeCallbackMethod: method }).expect(200);
    await ask(app, pair, '/Accounts.json').expect(200);

    const text = await revoke(app);
    expect(text).toContain(`${method} ${app.url}/twilio/deauthorize`);
    expect(text).toContain('The app answered <strong>204</strong>.');
    await expectEnded(visitor);
    const refused = await ask(app, pair, '/Accounts.json').expect(401);
    expect(refused.body).toMatchObject({ code: 20003, message: 'Authenticate' });

    expect(await connect(visitor, 'rossum')).toBe(connectSid);
    await visitor.get('/calls').expect(200);
    expect((await browser(app).get('/sandbox/console/rossum')).text).not.toContain('is revoked');
  },
);

test('the request is signed, form or query, and keeps the query of the URL', async () => {
  const { app, connectSid } = await connected();
  const { url, received } = await listener(200);
  const params = { AccountSid: connectSid, ConnectAppSid: app.settings.connectAppSid };
  const signed = (path: string, form: object) =>
    twilio.getExpectedTwilioSignature(app.settings.authToken, url + path, { ...form });
  for (const method of ['POST', 'GET'] as const) {
    const fields = {
      DeauthorizeCallbackUrl: `${url}/gone?by=a%20b`,
      DeauthorizeCallbackMethod: method,
    };
    await update(app, fields).expect(200);
    await browser(app).post(`/sandbox/authorize/${params.ConnectAppSid}`).type('form').send({
      customer: 'rossum',
      decision: 'allow',
    });
    await revoke(app);
  }
  const [post, get] = received;
  const query = new URLSearchParams(params);
  expect(post?.req.method).toBe('POST');
  expect(post?.req.url).toBe('/gone?by=a%20b');
  expect(post?.body).toBe(query.toString());
  expect(post?.req.headers['content-type']).toContain('application/x-www-form-urlencoded');
  expect(post?.req.headers['x-twilio-signature']).toBe(signed('/gone?by=a%20b', params));
  expect(get?.req.method).toBe('GET');
  expect(Object.fromEntries(new URL(String(get?.req.url), url).searchParams)).toEqual({
    by: 'a b',
    ...params,
  });
  expect(get?.body).toBe('');
  expect(get?.req.headers['x-twilio-signature']).toBe(signed(String(get?.req.url), {}));
});

test('without a Deauthorize URL nobody is told, and the app finds out by itself', async () => {
  const { app, visitor } = await connected();
  await update(app, 'DeauthorizeCallbackUrl=').expect(200);
  const text = await revoke(app);
  expect(text).toContain('its Connect App has no Deauthorize URL');
  expect((await visitor.get('/myapp')).text).not.toContain('You revoked');
  const calls = await visitor.get('/calls').expect(403);
  expect(calls.text).toContain('Twilio does not let us into this account any more');
});

test('a request that the app refuses, or that does not reach it, is told and lost', async () => {
  const refused = await connected();
  const { url } = await listener(500);
  await update(refused.app, { DeauthorizeCallbackUrl: url }).expect(200);
  const text = await revoke(refused.app);
  expect(text).toContain('The app answered <strong>500</strong>, which is no success.');
  expect(text).toContain('It is not sent again');

  const lost = await connected();
  const nobody = createServer();
  await new Promise<void>((resolve) => nobody.listen(0, '127.0.0.1', resolve));
  const { port } = nobody.address() as AddressInfo;
  await new Promise((resolve) => nobody.close(resolve));
  await update(lost.app, { DeauthorizeCallbackUrl: `http://127.0.0.1:${port}` }).expect(200);
  expect(await revoke(lost.app)).toContain('could not be reached</strong>: ECONNREFUSED.');
  await ask(lost.app, lost.pair, '/Accounts.json').expect(401);
});

test('an app that does not answer is not waited for', async () => {
  const { url } = await listener();
  const app = { ...newConnectApp(url), deauthorizeCallbackUrl: `${url}/slow` };
  expect(await sendDeauthorize(app, `AC${'1'.repeat(32)}`, 100)).toEqual({
    method: 'POST',
    url: `${url}/slow`,
    problem: 'no answer within 0.1 seconds',
  });
});

test('a redirect is no success, and is not followed', async () => {
  const { url, received } = await listener(302);
  const app = { ...newConnectApp(url), deauthorizeCallbackUrl: `${url}/old` };
  expect(await sendDeauthorize(app, `AC${'1'.repeat(32)}`)).toMatchObject({ status: 302 });
  expect(received).toHaveLength(1);
});

test('revoking twice, for somebody unknown or from another site changes nothing', async () => {
  const { app, pair } = await connected();
  const path = '/sandbox/console/rossum/revoke';
  await browser(app).post(path).set('Sec-Fetch-Site', 'cross-site').expect(403);
  await browser(app).post(path).set('Origin', 'https://elsewhere.example').expect(403);
  await ask(app, pair, '/Accounts.json').expect(200);
  await browser(app).post('/sandbox/console/nobody/revoke').expect(404);
  await browser(app).get('/sandbox/console/nobody').expect(404);

  const { url, received } = await listener(204);
  await update(app, { DeauthorizeCallbackUrl: url }).expect(200);
  await browser(app).post(path).set('Sec-Fetch-Site', 'same-origin').expect(303);
  await browser(app).post(path).expect(303);
  expect(received).toHaveLength(1);
});

test('the Console leads to every customer, and names their accounts for a shell', async () => {
  const { app, connectSid } = await connected();
  const { text } = await browser(app).get('/sandbox/console').expect(200);
  const links = [...text.matchAll(/href="(\/sandbox\/console\/\w+)"/g)].map(([, link]) => link);
  expect(links).toHaveLength(4);
  for (const link of links) await browser(app).get(String(link)).expect(200);
  const page = await browser(app).get('/sandbox/console/rossum');
  expect(page.text).toContain(`export ACCOUNT_SID=${connectSid}\n`);
  expect(page.text).toContain(`export TWILIO_AUTH_TOKEN=${app.settings.authToken}\n`);
  expect(page.text).toContain('Allowed in since <time datetime="2026-03-11T12:00:00.000Z">');
  const other = await browser(app).get('/sandbox/console/bakery');
  expect(other.text).toContain('No app is allowed in.');
  expect(other.text).not.toContain('export ACCOUNT_SID');
});
