import { linkSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import request from 'supertest';
import { createSandbox, type SandboxOptions } from '../../src/sandbox/sandbox.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sandbox-'));
  file = path.join(folder, 'data', 'sandbox.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The sandbox as it is after a restart: nothing is left of it but its file. */
function restart(options: Partial<SandboxOptions> = {}) {
  const { app, settings } = createSandbox({
    host: '127.0.0.1',
    port: 1,
    appUrl: 'http://localhost:3000',
    file,
    ...options,
  });
  const own = `/2010-04-01/Accounts/${settings.accountSid}/ConnectApps/${settings.connectAppSid}.json`;
  const owner = [settings.accountSid, settings.authToken] as const;
  return {
    connectApp: async () =>
      (
        await request(app)
          .get(own)
          .auth(...owner)
      ).body,
    update: (form: string) =>
      request(app)
        .post(own)
        .auth(...owner)
        .type('form')
        .send(form)
        .expect(200),
    allow: async (customer: string) => {
      const answer = await request(app)
        .post(`/authorize/${settings.connectAppSid}`)
        .type('form')
        .send({ customer, decision: 'allow' })
        .expect(303);
      return String(new URL(String(answer.headers.location)).searchParams.get('AccountSid'));
    },
    accounts: (sid: string) =>
      request(app).get('/2010-04-01/Accounts.json').auth(sid, settings.authToken),
    console: async (customer: string) => (await request(app).get(`/console/${customer}`)).text,
    revoke: (customer: string) => request(app).post(`/console/${customer}/revoke`).expect(303),
  };
}

test('a write that is cut off leaves all that was allowed before', async () => {
  const first = restart();
  await first.allow('rossum');
  const before = readFileSync(file, 'utf8');
  // Another name of the same file sees what is written into it, and nothing of one that takes its place.
  linkSync(file, path.join(folder, 'same'));
  await first.allow('bakery');
  expect(readFileSync(path.join(folder, 'same'), 'utf8')).toBe(before);
  expect(readFileSync(file, 'utf8')).not.toBe(before);
  expect(readdirSync(path.dirname(file))).toEqual(['sandbox.json']);
});

test('who allowed what, and since when, survives a restart', async () => {
  const first = restart({ now: () => Date.parse('2026-03-01T08:00:00Z') });
  await first.update('Permissions=post-all&DeauthorizeCallbackUrl=');
  const rossum = await first.allow('rossum');
  const bakery = await first.allow('bakery');
  await first.update('Permissions=get-all');
  await first.revoke('bakery');

  const second = restart();
  const { body } = await second.accounts(rossum).expect(200);
  expect(body.accounts).toHaveLength(1);
  expect(await second.console('rossum')).toContain('datetime="2026-03-01T08:00:00.000Z"');
  await second.accounts(bakery).expect(401);
  expect(await second.console('bakery')).toContain(bakery);
  expect(await second.console('bakery')).toContain('No app is allowed in');
});

test('what was changed about the Connect App survives too; the rest follows the app’s address', async () => {
  const first = restart();
  await first.update(
    'FriendlyName=Kept&HomepageUrl=&AuthorizeRedirectUrl=http://localhost:3000/twilio/authorize',
  );
  const moved = restart({ appUrl: 'http://localhost:4000' });
  expect(await moved.connectApp()).toMatchObject({
    friendly_name: 'Kept',
    homepage_url: null,
    authorize_redirect_url: 'http://localhost:4000/twilio/authorize',
    deauthorize_callback_url: 'http://localhost:4000/twilio/deauthorize',
  });
  expect(Object.keys(JSON.parse(readFileSync(file, 'utf8')).connectApp)).toEqual([
    'friendlyName',
    'homepageUrl',
  ]);
});

test.each([
  'no JSON',
  '[]',
  '{"grants":{}}',
  '{"connectApp":{"permissions":["put-all"]},"grants":{}}',
  '{"connectApp":{},"grants":{"AC1":{"permissions":[],"since":0,"revoked":false}}}',
])('a spoilt file, %s, means a fresh start', async (content) => {
  const first = restart();
  const rossum = await first.allow('rossum');
  writeFileSync(file, content);
  const second = restart();
  await second.accounts(rossum).expect(401);
  expect(await second.connectApp()).toMatchObject({ permissions: ['get-all'] });
  await second.allow('rossum');
  await restart().accounts(rossum).expect(200);
});

test('without a file it is forgotten, and no file is made', async () => {
  const first = restart({ file: undefined });
  const rossum = await first.allow('rossum');
  await restart({ file: undefined }).accounts(rossum).expect(401);
  expect(() => readFileSync(file)).toThrow('ENOENT');
});
