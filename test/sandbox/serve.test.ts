import { existsSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import request from 'supertest';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { attribute, callSids, connectButton } from '../browser.ts';
import { freePort } from '../free-port.ts';
import { folder, startProcess } from '../start-process.ts';

/** `npm run sandbox -- ...flags` */
function serve(flags: string[] = [], env: Record<string, string> = { PORT: '0' }) {
  return startProcess(['src/sandbox/serve.ts', ...flags], env);
}

const LINES =
  /^# The sandbox is at (http:\/\/127\.0\.0\.1:\d+)\. For the app's \.env:\nTWILIO_ACCOUNT_SID=(AC[0-9a-f]{32})\nTWILIO_AUTH_TOKEN=([0-9a-f]{32})\nTWILIO_CONNECT_APP_SID=CN[0-9a-f]{32}\nTWILIO_API_URL=\1\nTWILIO_AUTHORIZE_URL=\1\/authorize\n$/;

/** Starts it, and reads what it prints. */
async function served(...args: Parameters<typeof serve>) {
  const sandbox = serve(...args);
  await sandbox.says('TWILIO_AUTHORIZE_URL=');
  const [, url, accountSid, authToken] = LINES.exec(sandbox.output()) ?? [];
  expect(sandbox.output()).toMatch(LINES);
  return { ...sandbox, url: String(url), owner: [String(accountSid), String(authToken)] as const };
}

test('an app on another origin goes the whole way with the printed lines, and the sandbox ends on SIGTERM', async () => {
  const port = await freePort();
  const appUrl = `http://localhost:${port}`;
  const sandbox = await served(['--app', appUrl]);
  writeFileSync(path.join(folder(), '.env'), sandbox.output());
  const app = startProcess(['src/server.ts'], { PORT: String(port) });
  await app.says('Open');
  expect(app.output()).not.toContain('sandbox');

  const visitor = request.agent(appUrl);
  const account = { email: 'ada@example.com', password: 'correct horse battery' };
  await visitor.post('/sign-up').type('form').send(account).expect(303);
  const button = connectButton((await visitor.get('/')).text);
  expect(button.origin).toBe(sandbox.url);

  // What a browser does on the sandbox's origin: it has no cookie of the app there, and its forms may lead back.
  const consent = await request(sandbox.url)
    .get(button.pathname + button.search)
    .expect(200);
  expect(consent.headers['content-security-policy']).toContain(`form-action 'self' ${appUrl};`);
  const state = attribute(consent.text, /name="state" value="([^"]*)"/);
  const allowed = await request(sandbox.url)
    .post(button.pathname)
    .set('Origin', sandbox.url)
    .type('form')
    .send({ customer: 'rossum', decision: 'allow', state })
    .expect(303);
  const callback = new URL(String(allowed.headers.location));
  expect(callback.origin + callback.pathname).toBe(`${appUrl}/twilio/authorize`);
  await visitor
    .get(callback.pathname + callback.search)
    .expect(303)
    .expect('Location', '/myapp');
  const calls = await visitor.get('/calls').expect(200);
  expect(calls.text).toContain('Rossum Industries, main account');
  expect(callSids(calls.text)).toHaveLength(50);

  await request(sandbox.url).post('/console/rossum/revoke').expect(303);
  const page = await request(sandbox.url).get('/console/rossum').expect(200);
  expect(page.text).toContain(`POST ${appUrl}/twilio/deauthorize`);
  expect(page.text).toContain('The app answered <strong>204</strong>.');
  expect((await visitor.get('/myapp')).text).toContain('You revoked this app’s access');

  sandbox.child.kill('SIGTERM');
  expect(await sandbox.ended).toBe(0);
});

test('a form from the app’s origin is from another site', async () => {
  const sandbox = await startSandbox({ appUrl: 'http://localhost:3000' });
  const clear = request(sandbox.url).post('/faults/clear');
  await clear.set('Origin', 'http://localhost:3000').expect(403);
  await sandbox.close();
});

test('SIGINT ends it too, even with a request under way', async () => {
  const sandbox = await served();
  await request(sandbox.url).post('/faults').type('form').send('fault=wait&wait=600000');
  const hanging = request(sandbox.url)
    .get('/2010-04-01/Accounts.json')
    .then(
      () => 'answered',
      () => 'broken off',
    );
  const met = async () => (await request(sandbox.url).get('/faults')).body.served;
  while ((await met()) === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  sandbox.child.kill('SIGINT');
  expect(await sandbox.ended).toBe(0);
  expect(await hanging).toBe('broken off');
});

test('keeps its state where --file says, and waits as long as --latency says', async () => {
  const flags = ['--file', 'kept/state.json', '--latency', '40', '--app', 'http://localhost:5000/'];
  const sandbox = await served(flags);
  const home = await request(sandbox.url).get('/').expect(200);
  expect(home.text).toContain('value="http://localhost:5000/twilio/authorize"');
  await request(sandbox.url).post('/connect-app').type('form').send('FriendlyName=Kept');
  expect(existsSync(path.join(folder(), 'kept', 'state.json'))).toBe(true);
  const answer = await request(sandbox.url)
    .get('/2010-04-01/Accounts.json')
    .auth(...sandbox.owner)
    .expect(200);
  expect(Number(answer.headers['twilio-request-duration'])).toBeGreaterThanOrEqual(0.039);
});

test('can be started and stopped from a program, several side by side', async () => {
  const options = { appUrl: 'http://localhost:3000' };
  const [one, other] = [await startSandbox(options), await startSandbox(options)];
  expect(one.url).not.toBe(other.url);
  for (const { url, settings, close } of [one, other]) {
    expect(settings).toMatchObject({ apiUrl: url, authorizeUrl: `${url}/authorize` });
    await request(url)
      .get('/2010-04-01/Accounts.json')
      .auth(settings.accountSid, settings.authToken)
      .expect(200);
    await close();
    await expect(fetch(url)).rejects.toThrow();
  }
});

test('--help explains itself', async () => {
  const sandbox = serve(['--help']);
  expect(await sandbox.ended).toBe(0);
  for (const flag of ['--app', '--calls', '--latency', '--file', 'PORT']) {
    expect(sandbox.output()).toContain(flag);
  }
});

test.each([
  [
    ['--port', '1'],
    {},
    /^Unknown option '--port'\. "npm run sandbox -- --help" lists the options\.\n$/,
  ],
  [['--app'], {}, /^Option '--app <value>' argument missing\. "npm run .*\n$/],
  [['--app', 'localhost:3000'], {}, /^--app: write the address of the app without a path.*\n$/],
  [['--calls', 'many'], {}, /^--calls: write a whole number from 0 .*\n$/],
  [[], { PORT: 'x' }, /^PORT: write a whole number from 0 to 65535\.\n$/],
])('%j with %j is one message and exit code 1', async (flags, env, message) => {
  const sandbox = serve(flags, env);
  expect(await sandbox.ended).toBe(1);
  expect(sandbox.output()).toMatch(message);
});

test('a taken port is one line with the cure', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  const sandbox = serve([], { PORT: String(port) });
  expect(await sandbox.ended).toBe(1);
  expect(sandbox.output()).toMatch(/^PORT: cannot listen on .*EADDRINUSE.*set PORT.*\n$/);
  other.close();
});
