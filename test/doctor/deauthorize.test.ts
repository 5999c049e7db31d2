import { beforeAll, beforeEach, expect, test } from '@jest/globals';
import { neededSettings } from '../../src/doctor/connect-app-settings.ts';
import { updateConnectApp } from '../../src/twilio/connect-apps.ts';
import { type LiveApp, startLiveApp } from './live-app.ts';
import { examine, startProxy } from './world.ts';

let live: LiveApp;
beforeAll(async () => {
  live = await startLiveApp();
});
beforeEach(() => {
  live.proxy.path = (path) => path;
});

/** What the doctor says when this is the Connect App's Deauthorize URL. */
async function verdict(deauthorizeUrl: string, deauthorizeMethod = 'POST') {
  const needed = neededSettings(live.proxy.url);
  await updateConnectApp(live.owner, live.connectAppSid, {
    ...needed,
    deauthorizeUrl,
    deauthorizeMethod,
  });
  return (await examine({ environment: live.environment })).deauthorize;
}

const path = '/twilio/deauthorize';

test.each(['POST', 'GET'])('by %s: the app accepts it, and changes nothing', async (method) => {
  const sid = await live.connect(method === 'POST' ? 'bakery' : 'newcomer');
  expect(await verdict(live.proxy.url + path, method)).toMatchObject({ status: 'ok' });
  const [row] = await live.app.db.query<{ status: string }>(
    'select status from connections where account_sid = $1',
    [sid],
  );
  expect(row?.status).toBe('active');
});

test('through another port than BASE_URL’s', async () => {
  const other = await startProxy();
  other.target = live.app.url;
  expect(await verdict(other.url + path)).toMatchObject({
    status: 'problem',
    cause: `Twilio signs ${other.url + path}, but the app checks the signature for ${live.proxy.url + path}: other port.`,
    cure: expect.stringContaining('npm run setup'),
  });
});

test('by another host name than BASE_URL’s', async () => {
  const localhost = live.proxy.url.replace('127.0.0.1', 'localhost');
  const report = await verdict(localhost + path);
  expect(report?.cause).toMatch(
    /for http:\/\/127\.0\.0\.1:\d+\/twilio\/deauthorize: other host\.$/,
  );
});

test('with a folder that the proxy takes off', async () => {
  live.proxy.path = (path) => path.replace(/^\/app/, '');
  const report = await verdict(`${live.proxy.url}/app${path}`);
  expect(report?.cause).toMatch(/: other path\.$/);
  expect(report?.cure).toMatch(/Let the proxy pass the path/);
});

test.each([
  ['with a slash that the proxy takes off', '/', (path: string) => path.replace(/\/$/, '')],
  ['without the slash that the proxy adds', '', (path: string) => path.replace(/e$/, 'e/')],
])('%s', async (_name, end, change) => {
  live.proxy.path = (path) => (path.startsWith('/twilio/deauth') ? change(path) : path);
  expect((await verdict(live.proxy.url + path + end))?.cause).toMatch(
    /: other slash at the end\.$/,
  );
});

test('with a query that the proxy drops', async () => {
  live.proxy.path = (path) => path.replace('?version=1', '');
  const report = await verdict(`${live.proxy.url + path}?version=1`);
  expect(report?.cause).toMatch(/: other query\.$/);
});

test('a slash or a query that arrives as it was sent is no problem', async () => {
  expect((await verdict(`${live.proxy.url + path}/`))?.status).toBe('ok');
  expect((await verdict(`${live.proxy.url + path}?version=1`))?.status).toBe('ok');
});

test('to another installation, with another Auth Token', async () => {
  const other = await startLiveApp({ TWILIO_AUTH_TOKEN: 'another-token' });
  const report = await verdict(other.proxy.url + path);
  expect(report?.cause).toMatch(/refuses our signature, however the address is written/);
});

test('to an app of another Connect App', async () => {
  const proxy = await startProxy();
  const other = await startLiveApp({
    TWILIO_CONNECT_APP_SID: `CN${'d'.repeat(32)}`,
    BASE_URL: proxy.url,
  });
  proxy.target = other.app.url;
  expect((await verdict(proxy.url + path))?.cause).toMatch(/belongs to another Connect App/);
});

test('to nobody, or to no address at all', async () => {
  expect(await verdict(`http://127.0.0.1:9${path}`)).toMatchObject({
    cause: expect.stringContaining('Nobody answers at 127.0.0.1:9'),
    cure: 'npm run setup lets the Deauthorize URL lead to this app.',
  });
  expect((await verdict('https:none'))?.status).toBe('problem');
});

test('no answer of the app tells a stranger what it expected', async () => {
  const answer = await fetch(live.proxy.url + path, {
    method: 'POST',
    headers: { 'X-Twilio-Signature': 'wrong' },
  });
  expect(answer.status).toBe(403);
  expect(await answer.text()).toBe('The signature is not right.\n');
});
