import { expect, test } from '@jest/globals';
import { callSids, connect, signInAsDemo } from '../browser.ts';
import { startApp, type TestApp } from '../start-app.ts';
import { ask, keysOf, type Pair, update } from './customer-keys.ts';

/** The names of the accounts that this pair sees. */
async function accountsSeen(app: TestApp, pair: Pair): Promise<string[]> {
  const { body } = await ask(app, pair, '/Accounts.json').expect(200);
  return body.accounts.map((account: { friendly_name: string }) => account.friendly_name);
}

test('other permissions count for a customer only after they have allowed the app in again', async () => {
  const app = await startApp();
  const visitor = await signInAsDemo(app);
  const connectSid = await connect(visitor, 'rossum');
  const connectPair: Pair = [connectSid, app.settings.authToken];
  const { main } = await keysOf(app, 'rossum');

  await update(app, 'Permissions=post-all').expect(200);
  expect(await accountsSeen(app, connectPair)).toHaveLength(4);
  expect((await visitor.get('/calls').expect(200)).text).toContain('Rossum Industries, main');
  const before = await visitor.get('/sandbox/console/rossum');
  expect(before.text).toContain('By now it asks for post-all. That counts only after');

  expect(await connect(visitor, 'rossum')).toBe(connectSid);
  expect(await accountsSeen(app, connectPair)).toEqual([
    'Connect Quickstart for Rossum Industries',
  ]);
  const refused = await ask(app, connectPair, `/Accounts/${main}/Calls.json`).expect(401);
  expect(refused.body.code).toBe(20003);
  const fallback = await visitor.get('/calls').expect(200);
  expect(fallback.text).toContain('Your main account may not be read');
  expect(fallback.text).toContain('Connect Quickstart for Rossum Industries, Connect subaccount');
  const after = await visitor.get('/sandbox/console/rossum');
  expect(after.text).toContain('Charge account for usage');
  expect(after.text).not.toContain('Read all account data');
  expect(after.text).not.toContain('By now it asks for');

  await update(app, 'Permissions=get-all,post-all').expect(200);
  await connect(visitor, 'rossum');
  expect(callSids((await visitor.get('/calls')).text)).toHaveLength(50);
});

test('a customer’s main account reaches all their accounts, a subaccount only itself', async () => {
  const app = await startApp();
  const connectSid = await connect(await signInAsDemo(app), 'rossum');
  const { pair, main, sids } = await keysOf(app, 'rossum');
  expect(sids[0]).toBe(main);
  expect(sids).toContain(connectSid);
  const { body } = await ask(app, pair, '/Accounts.json').expect(200);
  expect(body.accounts.map(({ sid }: { sid: string }) => sid)).toEqual(sids);
  for (const sid of sids) await ask(app, pair, `/Accounts/${sid}/Calls.json`).expect(200);

  for (const { sid, auth_token, friendly_name } of body.accounts.slice(1)) {
    const own: Pair = [sid, auth_token];
    expect(await accountsSeen(app, own)).toEqual([friendly_name]);
    await ask(app, own, `/Accounts/${sid}/Calls.json`).expect(200);
    const parent = await ask(app, own, `/Accounts/${main}.json`).expect(401);
    expect(parent.body.code).toBe(20003);
  }
});

test('the app’s token opens no account that did not allow it in, nor a customer’s token another’s', async () => {
  const app = await startApp();
  await connect(await signInAsDemo(app), 'rossum');
  const rossum = await keysOf(app, 'rossum');
  const bakery = await keysOf(app, 'bakery');
  for (const sid of [rossum.main, rossum.sids[1], bakery.main]) {
    await ask(app, [String(sid), app.settings.authToken], '/Accounts.json').expect(401);
  }
  await ask(app, [rossum.main, bakery.pair[1]], '/Accounts.json').expect(401);
  await ask(app, bakery.pair, `/Accounts/${rossum.main}.json`).expect(404);
});

test('the Connect subaccount is there from the first consent on', async () => {
  const app = await startApp();
  const { pair } = await keysOf(app, 'bakery');
  expect(await accountsSeen(app, pair)).toEqual(['Corner Bakery']);
  await connect(await signInAsDemo(app), 'bakery');
  const both = ['Corner Bakery', 'Connect Quickstart for Corner Bakery'];
  expect(await accountsSeen(app, pair)).toEqual(both);
});
