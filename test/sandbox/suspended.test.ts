import { beforeAll, expect, test } from '@jest/globals';
import { type Agent, attribute, connect, signInAsDemo } from '../browser.ts';
import { startApp, type TestApp } from '../start-app.ts';
import { ask, keysOf, type Pair } from './customer-keys.ts';

let app: TestApp;
let visitor: Agent;
let connectPair: Pair;
let suspended: string;

beforeAll(async () => {
  app = await startApp();
  visitor = await signInAsDemo(app);
  connectPair = [await connect(visitor, 'clinic'), app.settings.authToken];
  const { body } = await ask(app, connectPair, '/Accounts.json?Status=suspended').expect(200);
  expect(body.accounts).toHaveLength(1);
  suspended = body.accounts[0].sid;
});

test('a suspended account is listed and can be looked at, through its parent', async () => {
  const { pair } = await keysOf(app, 'clinic');
  for (const caller of [connectPair, pair]) {
    const { body } = await ask(app, caller, `/Accounts/${suspended}.json`).expect(200);
    expect(body).toMatchObject({ status: 'suspended', friendly_name: 'Lakeside Night Line' });
  }
  const statuses = async (query: string) => {
    const { body } = await ask(app, connectPair, `/Accounts.json?${query}`).expect(200);
    return body.accounts.map(({ status }: { status: string }) => status);
  };
  expect(await statuses('')).toEqual(['active', 'suspended', 'active']);
  expect(await statuses('Status=active')).toEqual(['active', 'active']);
  expect(await statuses('Status=closed')).toEqual([]);
  expect(await statuses('FriendlyName=Lakeside+Night+Line')).toEqual(['suspended']);
  expect(await statuses('FriendlyName=Lakeside+Night+Line&Status=active')).toEqual([]);
  const { body } = await ask(app, connectPair, '/Accounts.json?Status=gone').expect(400);
  expect(body.message).toBe('Invalid parameter: Status');
});

test('nothing that belongs to it can be read, and it cannot authenticate', async () => {
  for (const path of [
    'Calls.json',
    `Calls/CA${'1'.repeat(32)}.json`,
    'AuthorizedConnectApps.json',
  ]) {
    const { body } = await ask(app, connectPair, `/Accounts/${suspended}/${path}`).expect(403);
    expect(body).toMatchObject({ code: 20403, status: 403 });
  }
  const { body } = await ask(app, connectPair, `/Accounts/${suspended}.json`);
  const own = await ask(app, [suspended, body.auth_token], '/Accounts.json').expect(401);
  expect(own.body.code).toBe(20003);
});

test('in the app its calls are refused, and the connection goes on', async () => {
  const page = await visitor.get('/calls').expect(200);
  expect(page.text).toContain('Lakeside Clinic, main account');
  const key = attribute(page.text, /<option value="([\w-]{16})"[^>]*>Lakeside Night Line/);
  const refused = await visitor.get(`/calls?account=${key}`).expect(403);
  expect(refused.text).toContain('The connection itself works. The account may be suspended');
  await visitor.get('/calls').expect(200);
});
