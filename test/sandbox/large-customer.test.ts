import { beforeAll, expect, test } from '@jest/globals';
import request from 'supertest';
import { type Agent, callSids, connect, connectButton, consent, signInAsDemo } from '../browser.ts';
import { startApp, type TestApp } from '../start-app.ts';

let app: TestApp;
let agent: Agent;
let connectSid: string;
let main: string;

beforeAll(async () => {
  app = await startApp({ SANDBOX_CALLS: '1000000' });
  agent = await signInAsDemo(app);
  connectSid = await connect(agent, 'metropolis');
});

async function get(path: string, status = 200) {
  const answer = request(app.url).get(`/sandbox/2010-04-01${path}`);
  return (await answer.auth(connectSid, app.settings.authToken).expect(status)).body;
}

test('SANDBOX_CALLS brings one customer more, with a main account and a Connect subaccount', async () => {
  const home = await agent.get('/').expect(200);
  const button = connectButton(home.text);
  const page = await agent.get(button.pathname + button.search).expect(200);
  expect(page.text).toContain('Metropolis Exchange');
  expect(page.text).toContain('about 1,000,000 calls in a year');
  const { accounts } = await get('/Accounts.json');
  expect(accounts.map((account: { friendly_name: string }) => account.friendly_name)).toEqual([
    'Metropolis Exchange',
    'Connect Quickstart for Metropolis Exchange',
  ]);
  main = accounts[0].sid;
});

test('its accounts keep their SIDs, however many calls there are', async () => {
  const other = await startApp({ SANDBOX_CALLS: '10' });
  expect(await connect(await signInAsDemo(other), 'metropolis')).toBe(connectSid);
});

test('without it the customer cannot be chosen', async () => {
  const other = await startApp({ SANDBOX_CALLS: '0' });
  const back = await consent(await signInAsDemo(other), 'metropolis');
  expect(back.search).toBe('?error=unauthorized_client');
});

test('its newest and its oldest calls are a request away, and each can be asked for', async () => {
  const list = `/Accounts/${main}/Calls.json`;
  const [newest] = (await get(`${list}?PageSize=1`)).calls;
  const last = await get(`${list}?StartTime%3C=2025-03-12T05:00:00Z&PageSize=1000`);
  expect(last.next_page_uri).toBeNull();
  const before = await get(`${list}?PageSize=1000&PageToken=PB${last.calls.at(-1).sid}`);
  expect(before.calls.at(-1).sid).toBe(last.calls.at(-2).sid);
  const rest = await get(`${list}?PageSize=1000&PageToken=PA${last.calls.at(-2).sid}`);
  expect(rest.calls).toEqual(last.calls.slice(-1));
  expect(rest.next_page_uri).toBeNull();
  for (const call of [newest, last.calls.at(-1)]) {
    expect(await get(`/Accounts/${main}/Calls/${call.sid}.json`)).toEqual(call);
    await get(`/Accounts/${connectSid}/Calls/${call.sid}.json`, 404);
  }
});

test('the app lists its calls like anybody’s', async () => {
  const page = await agent.get('/calls?started-after=2025-09-10&started-before=2025-09-10');
  expect(page.text).toContain('Metropolis Exchange, main account');
  expect(callSids(page.text)).toHaveLength(50);
});
