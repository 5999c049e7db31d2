import { expect, test } from '@jest/globals';
import request from 'supertest';
import { startApp } from '../start-app.ts';
import { ask, ownerOf } from './customer-keys.ts';

test('each answer has the headers that Twilio’s have', async () => {
  const app = await startApp();
  const ids = new Set<string>();
  for (const path of ['/Accounts.json', '/Nothing.json']) {
    const { headers } = await ask(app, ownerOf(app), path);
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'access-control-allow-origin': '*',
      'access-control-expose-headers': 'ETag',
      'twilio-concurrent-requests': '1',
      'twilio-request-duration': expect.stringMatching(/^\d+\.\d{3}$/),
      'twilio-request-id': expect.stringMatching(/^RQ[0-9a-f]{32}$/),
      'x-api-domain': 'api.twilio.com',
      'x-home-region': 'us1',
    });
    ids.add(String(headers['twilio-request-id']));
  }
  expect(ids.size).toBe(2);
});

test('the number of concurrent requests is that of those in flight, and their duration is real', async () => {
  const app = await startApp();
  await request(app.url).post('/sandbox/faults').type('form').send('fault=wait&wait=1000&times=3');
  const answers = await Promise.all([1, 2, 3].map(() => ask(app, ownerOf(app), '/Accounts.json')));
  const numbers = answers.map(({ headers }) => headers['twilio-concurrent-requests']);
  expect(numbers.sort()).toEqual(['1', '2', '3']);
  for (const { headers } of answers) {
    expect(Number(headers['twilio-request-duration'])).toBeGreaterThanOrEqual(0.999);
  }
  const later = await ask(app, ownerOf(app), '/Accounts.json');
  expect(later.headers['twilio-concurrent-requests']).toBe('1');

  await request(app.url).post('/sandbox/faults').type('form').send('fault=reset&times=1');
  await expect(ask(app, ownerOf(app), '/Accounts.json')).rejects.toThrow();
  const afterReset = await ask(app, ownerOf(app), '/Accounts.json');
  expect(afterReset.headers['twilio-concurrent-requests']).toBe('1');
});

test('a method that a resource does not have is a 405, on a path that is none a 404', async () => {
  const app = await startApp();
  const { accountSid, connectAppSid } = app.settings;
  const own = `/Accounts/${accountSid}`;
  const send = (method: string, path: string) =>
    request(app.url)
      [method as 'post'](`/sandbox/2010-04-01${path}`)
      .auth(...ownerOf(app));
  for (const [method, path] of [
    ['post', '/Accounts.json'],
    ['post', `${own}.json`],
    ['post', `${own}/Calls.json`],
    ['delete', `${own}/Calls/CA${'1'.repeat(32)}.json`],
    ['put', `${own}/ConnectApps.json`],
    ['delete', `${own}/ConnectApps/${connectAppSid}.json`],
    ['post', `${own}/AuthorizedConnectApps/${connectAppSid}.json`],
    ['options', `${own}/ConnectApps/${connectAppSid}.json`],
  ] as const) {
    const { body, status } = await send(method, path);
    expect([method, path, status, body.code]).toEqual([method, path, 405, 20004]);
  }
  for (const path of ['/Accounts', '/Accounts/x/Messages.json', '/Calls.json']) {
    expect((await send('post', path).expect(404)).body.code).toBe(20404);
  }
});
