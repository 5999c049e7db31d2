import { beforeAll, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { connect, signInAsDemo } from '../browser.ts';
import { NOON, startApp, type TestApp } from '../start-app.ts';

const API = '/sandbox/2010-04-01';
let app: TestApp;
let accountSid: string;
let main: string;

beforeAll(async () => {
  app = await startApp();
  accountSid = await connect(await signInAsDemo(app), 'rossum');
  const { body } = await get('/Accounts.json');
  main = body.accounts[0].sid;
});

function get(path: string, username = accountSid, password = app.settings.authToken) {
  return request(app.url)
    .get(API + path)
    .auth(username, password);
}

async function calls(query: Record<string, string>): Promise<Record<string, string>[]> {
  const { body } = await get(`/Accounts/${main}/Calls.json?${new URLSearchParams(query)}`).expect(
    200,
  );
  return body.calls;
}

describe('basic auth', () => {
  test('opens to an authorized AccountSid with the app’s token, and to nothing else', async () => {
    const wrong = { code: 20003, message: 'Authenticate', status: 401 };
    const refused = async (username: string, password: string) => {
      const answer = await get('/Accounts.json', username, password).expect(401);
      expect(answer.headers['www-authenticate']).toBe('Basic realm="Twilio API"');
      expect(answer.body).toMatchObject(wrong);
    };
    await get('/Accounts.json').expect(200);
    await refused(accountSid, 'wrong');
    await refused(accountSid, '');
    await refused(main, app.settings.authToken);
    await refused(`AC${'1'.repeat(32)}`, app.settings.authToken);
    const nobody = await get('/Accounts.json', 'nobody').expect(401);
    expect(nobody.body.message).toBe('Authentication Error - invalid username');
    const none = await request(app.url).get(`${API}/Accounts.json`).expect(401);
    expect(none.body.message).toBe('Authentication Error - No credentials provided');
  });

  test('an account that never allowed the app in stays closed', async () => {
    const fresh = await startApp();
    await request(fresh.url)
      .get(`${API}/Accounts.json`)
      .auth(accountSid, fresh.settings.authToken)
      .expect(401);
  });
});

test('errors are in Twilio’s form', async () => {
  const missing = await get(`/Accounts/${main}/Calls/CA${'1'.repeat(32)}.json`).expect(404);
  expect(missing.body).toEqual({
    code: 20404,
    message: `The requested resource /2010-04-01/Accounts/${main}/Calls/CA${'1'.repeat(32)}.json was not found`,
    more_info: 'https://www.twilio.com/docs/errors/20404',
    status: 404,
  });
  expect(missing.headers['twilio-request-id']).toMatch(/^RQ[0-9a-f]{32}$/);
  await get(`/Accounts/AC${'1'.repeat(32)}.json`).expect(404);
  await get('/Messages.json').expect(404);
  const unreadable = await get('/Accounts/%E0%A4%A.json').expect(400);
  expect(unreadable.body).toMatchObject({ code: 20001, status: 400 });
  const large = await get(`/Accounts/${main}/Calls.json?PageSize=1001`).expect(400);
  expect(large.body).toMatchObject({ code: 20007, message: 'The maximum page size is 1000' });
  for (const query of [
    'PageSize=0',
    'Page=x',
    'PageToken=PA1',
    'Status=done',
    'StartTime=never',
    'EndTime%3E=2026-02-30',
    'To=1&To=2',
  ]) {
    const answer = await get(`/Accounts/${main}/Calls.json?${query}`).expect(400);
    expect(answer.body.code).toBe(20001);
  }
});

test('the customer’s accounts belong to the main one, and one can be asked for', async () => {
  const { body } = await get('/Accounts.json').expect(200);
  expect(body.accounts.map((account: { friendly_name: string }) => account.friendly_name)).toEqual([
    'Rossum Industries',
    'Rossum Support Line',
    'Rossum Night Shift',
    'Connect Quickstart for Rossum Industries',
  ]);
  for (const account of body.accounts) {
    expect(account.owner_account_sid).toBe(main);
    const one = await get(`/Accounts/${account.sid}.json`).expect(200);
    expect(one.body).toEqual(account);
    expect(Object.keys(account.subresource_uris)).toHaveLength(20);
  }
});

test('a walk by next_page_uri meets every call once, and the envelope counts along', async () => {
  const seen: string[] = [];
  let path = `/Accounts/${main}/Calls.json?PageSize=700`;
  for (let page = 0; path; page++) {
    const answer: request.Response = await get(path).expect(200);
    const { body } = answer;
    expect(body.page).toBe(page);
    expect(body.start).toBe(seen.length);
    seen.push(...body.calls.map((call: { sid: string }) => call.sid));
    expect(body.end).toBe(seen.length - 1);
    expect(body.previous_page_uri === null).toBe(page === 0);
    path = (body.next_page_uri ?? '').replace('/2010-04-01', '');
  }
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen.length).toBeGreaterThan(3000);
  const none = await get(`/Accounts/${accountSid}/Calls.json`).expect(200);
  expect(none.body).toMatchObject({ start: 0, end: 0, calls: [], next_page_uri: null });
});

test('a page token outlives its call’s passing the filter', async () => {
  const path = `/Accounts/${main}/Calls.json?PageSize=1&Status=completed`;
  const { body } = await get(path).expect(200);
  const busy = (await calls({ Status: 'busy' }))[3]?.sid;
  const after = await get(`${path}&PageToken=PA${busy}`).expect(200);
  const before = await get(`${path}&PageToken=PB${busy}`).expect(200);
  const all = (await calls({ PageSize: '1000' })).map(({ sid }) => sid);
  const place = (answer: request.Response) => all.indexOf(answer.body.calls[0].sid);
  expect(place(before)).toBeLessThan(all.indexOf(String(busy)));
  expect(place(after)).toBeGreaterThan(all.indexOf(String(busy)));
  expect(after.body.calls[0].sid).not.toBe(body.calls[0].sid);
});

test('the same seed and moment make the same calls; a day later, most of them are still there', async () => {
  const other = await startApp();
  const sid = await connect(await signInAsDemo(other), 'rossum');
  const path = `${API}/Accounts/${main}/Calls.json?PageSize=1000`;
  const ask = (url: string) => request(url).get(path).auth(sid, other.settings.authToken);
  const [one, two] = [await ask(app.url), await ask(other.url)];
  expect(two.body.calls).toEqual(one.body.calls);
  other.clock.now += 86_400_000;
  const later = new Set((await ask(other.url)).body.calls.map((call: { sid: string }) => call.sid));
  const kept = one.body.calls.filter((call: { sid: string }) => later.has(call.sid));
  expect(kept.length).toBeGreaterThan(800);
});

test('time filters have Twilio’s own boundaries', async () => {
  const times = async (query: Record<string, string>) =>
    (await calls({ PageSize: '1000', ...query })).map(({ start_time }) =>
      Date.parse(String(start_time)),
    );
  const day = Date.parse('2026-03-05T00:00:00Z');
  const onDay = await times({ StartTime: '2026-03-05' });
  expect(onDay.length).toBeGreaterThan(50);
  for (const time of onDay) expect(Math.floor(time / 86_400_000) * 86_400_000).toBe(day);
  expect(Math.max(...(await times({ 'StartTime<': '2026-03-05' })))).toBeLessThanOrEqual(day);
  expect(Math.min(...(await times({ 'StartTime>': '2026-03-05' })))).toBeGreaterThanOrEqual(day);
  expect(await times({ 'StartTime>': '2026-03-05', 'StartTime<': '2026-03-05' })).toEqual([]);
  const [some] = onDay;
  const moment = new Date(Number(some)).toISOString();
  expect(await times({ 'StartTime<': moment, 'StartTime>': moment })).toEqual([some]);
});

test('calls live: queued, then under way, then over, with a price some minutes later', async () => {
  const [sample] = (
    await calls({ PageSize: '1000', Status: 'completed', 'StartTime<': '2026-03-10' })
  ).filter(({ duration }) => Number(duration) > 60);
  const start = Date.parse(String(sample?.start_time));
  const at = async (time: number) => {
    app.clock.now = time;
    return (await get(`/Accounts/${main}/Calls/${sample?.sid}.json`)).body;
  };
  try {
    const nothing = { start_time: null, end_time: null, duration: null, price: null };
    expect(await at(start - 500)).toMatchObject({ status: 'queued', ...nothing });
    expect(await at(start + 500)).toMatchObject({ status: 'ringing', end_time: null, price: null });
    expect(await at(start + 30_000)).toMatchObject({
      status: 'in-progress',
      duration: null,
      price: null,
    });
    const over = start + Number(sample?.duration) * 1000;
    expect(await at(over + 1000)).toMatchObject({
      status: 'completed',
      price: null,
      duration: sample?.duration,
    });
    expect(await at(over + 300_000)).toMatchObject({ price: sample?.price, price_unit: 'USD' });
    expect((await at(start - 60_000)).code).toBe(20404);
  } finally {
    app.clock.now = NOON;
  }
  expect(sample?.price).toMatch(/^-\d+\.\d{5}$/);
  expect(sample?.start_time).toMatch(
    /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d \+0000$/,
  );
});
