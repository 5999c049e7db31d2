import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { neededSettings } from '../../src/doctor/connect-app-settings.ts';
import { updateConnectApp } from '../../src/twilio/connect-apps.ts';
import { freePort } from '../free-port.ts';
import { twilioError } from '../start-app.ts';
import { type LiveApp, startLiveApp } from './live-app.ts';
import { examine, serve, type Variables } from './world.ts';

let live: LiveApp;
beforeAll(async () => {
  live = await startLiveApp();
});
beforeEach(async () => {
  const { twilio, owner, connectAppSid, proxy } = live;
  twilio.upstream.answer = undefined;
  proxy.target = live.app.url;
  proxy.path = (path) => path;
  proxy.answer = (headers) => headers;
  await updateConnectApp(owner, connectAppSid, neededSettings(proxy.url));
});

const withChanges = (changes: Variables) =>
  examine({ environment: { ...live.environment, ...changes } });
const setConnectApp = (changes: Parameters<typeof updateConnectApp>[2]) =>
  updateConnectApp(live.owner, live.connectAppSid, changes);

test('where all is well, all is ok; an address of this machine is a remark', async () => {
  const reports = await withChanges({});
  const others = Object.values(reports).filter(({ status }) => status !== 'ok');
  expect(others).toEqual([
    {
      id: 'address',
      title: 'Public address',
      status: 'remark',
      cause: expect.stringContaining('leads nowhere but to this machine'),
      cure: expect.stringContaining('npm run setup'),
    },
  ]);
  expect(Object.keys(reports)).toHaveLength(19);
});

describe('Twilio', () => {
  test('that cannot be reached is one problem, and the rest waits for it', async () => {
    const reports = await withChanges({ TWILIO_API_URL: 'http://127.0.0.1:9' });
    expect(reports['twilio-api']).toMatchObject({
      status: 'problem',
      cause: 'http://127.0.0.1:9 does not answer (ECONNREFUSED).',
    });
    expect(reports.clock).toMatchObject({ status: 'skipped', cause: 'needs “Twilio’s API”' });
    expect(reports.credentials).toMatchObject({ status: 'skipped' });
    expect(reports.connections).toMatchObject({ status: 'skipped', cause: 'needs “Credentials”' });
  });

  test.each([
    [5 * 60, /(29|30)\d seconds ahead/],
    [-5 * 60, /(29|30)\d seconds behind/],
  ])('whose clock differs by %d seconds', async (seconds, cause) => {
    const now = () => Date.now() + seconds * 1000;
    const { clock } = await examine({ environment: live.environment, now });
    expect(clock?.status).toBe('problem');
    expect(clock?.cause).toMatch(cause);
  });

  test('that does not tell the time', async () => {
    live.twilio.upstream.answer = (_req, res) => {
      res.sendDate = false;
    };
    expect((await withChanges({})).clock).toMatchObject({ status: 'remark' });
  });

  test('that refuses the pair; the clock is compared all the same', async () => {
    const reports = await withChanges({ TWILIO_AUTH_TOKEN: 'another-token' });
    expect(reports.clock?.status).toBe('ok');
    expect(reports.credentials).toMatchObject({
      status: 'problem',
      cause: 'Twilio refuses the Account SID with this Auth Token (401, 20003).',
    });
    expect(reports['connect-app']).toMatchObject({ status: 'skipped' });
  });

  test.each([
    ['suspended', 'Full', 'problem', /account is suspended/],
    ['active', 'Trial', 'remark', /trial account/],
  ])('whose account is %s, %s', async (status, type, verdict, cause) => {
    const sid = String(live.environment.TWILIO_ACCOUNT_SID);
    live.twilio.upstream.answer = (req, res) => {
      if (req.path === `/Accounts/${sid}.json`) res.json({ sid, status, type, friendly_name: 'x' });
    };
    const { credentials } = await withChanges({});
    expect(credentials?.status).toBe(verdict);
    expect(credentials?.cause).toMatch(cause);
  });

  test('that is busy, or something else altogether', async () => {
    live.twilio.upstream.answer = (_req, res) => twilioError(res, 429, 20429);
    expect((await withChanges({})).credentials?.cause).toMatch(/busy .*429, 20429/);
    live.twilio.upstream.answer = (_req, res) => void res.send('<html>');
    expect((await withChanges({})).credentials?.cause).toMatch(/no usable answer/);
  });
});

describe('the Connect App', () => {
  test('is not one of this account', async () => {
    const other = `CN${'f'.repeat(32)}`;
    const reports = await withChanges({ TWILIO_CONNECT_APP_SID: other });
    expect(reports['connect-app']).toMatchObject({
      status: 'problem',
      cause: `The account has no Connect App ${other}.`,
      cure: expect.stringContaining('npm run setup'),
    });
  });

  test('may not be shown', async () => {
    live.twilio.upstream.answer = (req, res) => {
      if (req.path.includes('ConnectApps')) twilioError(res, 403, 20403);
    };
    const report = (await withChanges({}))['connect-app'];
    expect(report?.cause).toBe('Twilio does not show the Connect App (403, 20403).');
  });

  test('has another Authorize URL, and the part that differs is named', async () => {
    await setConnectApp({ authorizeUrl: 'https://old.example/twilio/authorize' });
    const report = (await withChanges({}))['connect-app-settings'];
    expect(report?.status).toBe('problem');
    expect(report?.cause).toBe(
      `Authorize URL: https://old.example/twilio/authorize, this app needs ${live.proxy.url}/twilio/authorize (other scheme, host, port).`,
    );
  });

  test('calls by GET, which works: a remark', async () => {
    await setConnectApp({ deauthorizeMethod: 'GET' });
    const reports = await withChanges({});
    expect(reports['connect-app-settings']).toMatchObject({
      status: 'remark',
      cause: 'Deauthorize method: GET, this app needs POST.',
    });
    expect(reports.deauthorize?.status).toBe('ok');
  });

  test('does not ask for get-all', async () => {
    await setConnectApp({ permissions: ['post-all'] });
    const report = (await withChanges({}))['connect-app-settings'];
    expect(report).toMatchObject({
      status: 'problem',
      cause: 'Permissions: post-all, this app needs post-all, get-all.',
      cure: expect.stringContaining('press Connect again'),
    });
  });
});

describe('the app at the public address', () => {
  const report = async (changes: Variables = {}) => (await withChanges(changes))['running-app'];

  test('does not run', async () => {
    const port = await freePort();
    const reports = await withChanges({ BASE_URL: `http://127.0.0.1:${port}`, PORT: String(port) });
    expect(reports['running-app']).toMatchObject({
      status: 'problem',
      cause: `Nobody answers at 127.0.0.1:${port} (ECONNREFUSED).`,
      cure: expect.stringContaining('npm start'),
    });
    expect(reports.deauthorize).toMatchObject({
      status: 'skipped',
      cause: 'needs “App at the public address”',
    });
  });

  test('runs, but the address leads elsewhere', async () => {
    live.proxy.target = 'http://127.0.0.1:9';
    const { host } = new URL(live.proxy.url);
    expect(await report()).toMatchObject({
      status: 'problem',
      cause: `A proxy or tunnel answers at ${host}, but finds no app behind it (502). The app does run on this machine, on port ${live.environment.PORT}.`,
    });
  });

  test('runs on this machine, but on another port than BASE_URL says', async () => {
    const BASE_URL = `http://127.0.0.1:${await freePort()}`;
    const other = await startLiveApp({ BASE_URL });
    expect((await examine({ environment: other.environment }))['running-app']).toMatchObject({
      cause: `Nobody answers at ${new URL(BASE_URL).host} (ECONNREFUSED). The app does run on this machine, on port ${other.environment.PORT}.`,
      cure: `Let BASE_URL, or the tunnel or proxy that it names, lead to port ${other.environment.PORT}.`,
    });
  });

  test('runs with another BASE_URL, and the new one leads nowhere', async () => {
    const BASE_URL = `http://127.0.0.1:${await freePort()}`;
    expect(await report({ BASE_URL })).toMatchObject({
      cause: expect.stringContaining('The running app was started with another BASE_URL.'),
      cure: expect.stringMatching(/^Start it again.* Besides: Let BASE_URL, or the tunnel/),
    });
  });

  test('is another app', async () => {
    live.proxy.target = await serve((_req, res) =>
      res.setHeader('Content-Type', 'text/html').end('Hi'),
    );
    expect((await report())?.cause).toMatch(/Something else answers at .* \(200, text\/html\)/);
  });

  test('is ngrok’s warning page', async () => {
    live.proxy.target = await serve((_req, res) =>
      res.writeHead(404, { 'Ngrok-Error-Code': 'ERR_NGROK_3200' }).end('<html>'),
    );
    expect(await report()).toMatchObject({
      cause: expect.stringContaining('ngrok answers in the app’s place (404, ERR_NGROK_3200)'),
      cure: expect.stringContaining('https://ngrok.com/docs/errors/err_ngrok_3200'),
    });
  });

  test('redirects', async () => {
    live.proxy.target = await serve((_req, res) =>
      res.writeHead(302, { Location: 'https://github.com/login?return_to=x' }).end(),
    );
    expect((await report())?.cause).toMatch(/redirects to https:\/\/github\.com\/login \(302\)/);
  });

  test('has another session secret', async () => {
    const cause = (await report({ SESSION_SECRET: 'x'.repeat(32) }))?.cause;
    expect(cause).toMatch(/another session secret/);
  });

  test('was started with other settings, which are named', async () => {
    const changes = { TWILIO_CONNECT_APP_SID: `CN${'e'.repeat(32)}`, TRUST_PROXY: '2' };
    expect(await report(changes)).toMatchObject({
      cause: 'The running app was started with another TRUST_PROXY, TWILIO_CONNECT_APP_SID.',
      cure: expect.stringContaining('Start it again'),
    });
  });

  test('has a database that does not answer', async () => {
    const broken = await startLiveApp();
    await broken.app.db.close();
    const reports = await examine({ environment: broken.environment });
    expect(reports['running-app']?.cause).toBe(
      'The app answers, but says: the database does not answer.',
    );
  });
});

test('a cookie that does not come through, or not whole', async () => {
  live.proxy.answer = ({ 'set-cookie': _lost, ...headers }) => headers;
  expect((await withChanges({})).cookies).toMatchObject({
    status: 'problem',
    cause: expect.stringContaining('does not come back'),
  });
  live.proxy.answer = (headers) => ({
    ...headers,
    'set-cookie': headers['set-cookie']?.map((cookie) => cookie.replace('; HttpOnly', '')) ?? [],
  });
  expect((await withChanges({})).cookies?.cause).toBe(
    'A cookie of the app comes back without HttpOnly.',
  );
});

test('a callback that does not reach the app', async () => {
  live.proxy.path = (path) => path.replace('/twilio/', '/');
  expect((await withChanges({})).cookies).toMatchObject({
    status: 'problem',
    cause: expect.stringMatching(/Something else answers at .* \(404, text\/html\)/),
  });
});

test.each([
  ['0', /come through 1 proxy, TRUST_PROXY is 0: .*count a proxy/],
  ['3', /come through 1 proxy, TRUST_PROXY is 3: .*invent addresses/],
])('TRUST_PROXY=%s behind one proxy', async (TRUST_PROXY, cause) => {
  const other = await startLiveApp({ TRUST_PROXY });
  const report = (await examine({ environment: other.environment }))['trust-proxy'];
  expect(report).toMatchObject({ status: 'remark', cure: 'Set TRUST_PROXY=1' });
  expect(report?.cause).toMatch(cause);
});
