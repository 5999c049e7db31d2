import { beforeAll, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { connect, signInAsDemo } from '../browser.ts';
import { NOON, startApp, type TestApp } from '../start-app.ts';
import { twilioDescription } from './description.ts';
import { createJudges, type Judge } from './validator.ts';

// Twilio's own description of its API judges the answers of the sandbox. Needs npm's registry once: npm run test:spec

type Json = Record<string, unknown>;

const ROOT = '/2010-04-01/Accounts';
const PATHS = {
  accounts: `${ROOT}.json`,
  account: `${ROOT}/{Sid}.json`,
  calls: `${ROOT}/{AccountSid}/Calls.json`,
  call: `${ROOT}/{AccountSid}/Calls/{Sid}.json`,
  connectApps: `${ROOT}/{AccountSid}/ConnectApps.json`,
  connectApp: `${ROOT}/{AccountSid}/ConnectApps/{Sid}.json`,
  authorizedApps: `${ROOT}/{AccountSid}/AuthorizedConnectApps.json`,
  authorizedApp: `${ROOT}/{AccountSid}/AuthorizedConnectApps/{ConnectAppSid}.json`,
};
type Kind = keyof typeof PATHS;

const description = twilioDescription();
const judgeOf = createJudges(description);
const judges = Object.fromEntries(
  Object.entries(PATHS).map(([kind, path]) => [kind, judgeOf(path)]),
) as Record<Kind, Judge>;

const STATUSES = 'queued ringing in-progress completed busy failed no-answer canceled'.split(' ');
const UNDER_WAY = /queued|ringing|in-progress/;
const CUSTOMERS = ['rossum', 'bakery', 'newcomer', 'clinic'] as const;
let app: TestApp;
/** Of each customer: the pair that opens their accounts, and the accounts as the API lists them. */
const known = new Map<string, { sid: string; accounts: Json[] }>();

beforeAll(async () => {
  app = await startApp();
  const visitor = await signInAsDemo(app);
  for (const customer of CUSTOMERS) {
    const sid = await connect(visitor, customer);
    const { accounts } = await ask('/2010-04-01/Accounts.json', sid);
    known.set(customer, { sid, accounts: accounts as Json[] });
  }
});

async function ask(path: string, username: string, password = app.settings.authToken) {
  const answer = await request(app.settings.apiUrl).get(path).auth(username, password).expect(200);
  return answer.body as Json;
}

function as(customer: string) {
  const { sid, accounts } = known.get(customer) ?? { sid: '', accounts: [] };
  const [main] = accounts;
  if (!main) throw new Error(`${customer} has no accounts`);
  return { sid, accounts, main };
}

const callsOf = (account: Json | undefined, query = '') =>
  `${ROOT}/${account?.sid}/Calls.json${query}`;

describe('the description itself', () => {
  test.each(Object.entries(PATHS))('accepts each of Twilio’s own examples of %s', (kind, path) => {
    const content = description.paths[path]?.get?.responses['200']?.content?.['application/json'];
    const examples = Object.entries(content?.examples ?? {});
    expect(examples.length).toBeGreaterThan(0);
    for (const [name, { value }] of examples) {
      expect({ name, faults: judges[kind as Kind](value) }).toEqual({ name, faults: [] });
    }
  });
});

describe('accounts', () => {
  test.each(CUSTOMERS)('of %s: the list, each one, and each filter', async (customer) => {
    const { sid, accounts } = as(customer);
    for (const query of ['', '?PageSize=1', '?Status=suspended', '?FriendlyName=Corner%20Bakery']) {
      expect(judges.accounts(await ask(`${ROOT}.json${query}`, sid))).toEqual([]);
    }
    for (const account of accounts) {
      expect(judges.account(await ask(`${ROOT}/${account.sid}.json`, sid))).toEqual([]);
    }
  });
});

describe('calls', () => {
  test.each(CUSTOMERS)('of %s: every page of a walk through each account', async (customer) => {
    const { sid, accounts } = as(customer);
    for (const account of accounts) {
      if (account.status !== 'active') continue;
      let next: unknown = callsOf(account, '?PageSize=500');
      while (typeof next === 'string') {
        const page = await ask(next, sid);
        expect(judges.calls(page)).toEqual([]);
        next = page.next_page_uri;
      }
    }
  });

  test.each([
    ...STATUSES.map((status) => `Status=${status}`),
    'To=%2B12125550100',
    'To=client:alice',
    'From=anonymous',
    'StartTime=2026-03-05',
    'StartTime%3C=2026-03-05',
    'StartTime%3E=2026-03-05',
    'EndTime=2026-03-05',
    'EndTime%3C=2026-03-05T12:00:00Z',
    'EndTime%3E=2026-03-05T12:00:00%2B02:00',
    'PageSize=1&Page=2',
  ])('with the filter %s', async (filter) => {
    const { sid, main } = as('rossum');
    const page = await ask(callsOf(main, `?${filter}`), sid);
    expect(judges.calls(page)).toEqual([]);
    // At noon nobody need be on the phone; every other filter lets something through.
    if (!UNDER_WAY.test(filter)) expect(page.calls).not.toEqual([]);
  });

  test('with the filter ParentCallSid', async () => {
    const { sid, main } = as('rossum');
    const { calls } = await ask(callsOf(main, '?PageSize=1000'), sid);
    const child = (calls as Json[]).find(({ parent_call_sid }) => parent_call_sid !== null);
    const legs = await ask(callsOf(main, `?ParentCallSid=${child?.parent_call_sid}`), sid);
    expect(legs.calls).toHaveLength(1);
    expect(judges.calls(legs)).toEqual([]);
  });

  const one = (sid: unknown) =>
    ask(callsOf(as('rossum').main).replace('.json', `/${sid}.json`), as('rossum').sid);
  const find = async (status: string) => {
    const { sid, main } = as('rossum');
    const { calls } = await ask(callsOf(main, `?PageSize=50&Status=${status}`), sid);
    return calls as Json[];
  };

  test.each(['completed', 'busy', 'failed', 'no-answer', 'canceled'])(
    'one that is %s',
    async (status) => {
      const answer = await one((await find(status))[0]?.sid);
      expect(answer.status).toBe(status);
      expect(judges.call(answer)).toEqual([]);
    },
  );

  test.each([
    ['queued', -500],
    ['ringing', 500],
    ['in-progress', 30_000],
  ])('one that is %s', async (status, sinceStart) => {
    const long = (await find('completed')).find(({ duration }) => Number(duration) > 60);
    app.clock.now = Date.parse(String(long?.start_time)) + sinceStart;
    try {
      const answer = await one(long?.sid);
      expect(answer.status).toBe(status);
      expect(judges.call(answer)).toEqual([]);
    } finally {
      app.clock.now = NOON;
    }
  });
});

describe('Connect', () => {
  test('the Connect Apps of the owner', async () => {
    const { accountSid, connectAppSid } = app.settings;
    const path = `${ROOT}/${accountSid}/ConnectApps`;
    const list = await ask(`${path}.json`, accountSid);
    expect(list.connect_apps).toHaveLength(1);
    expect(judges.connectApps(list)).toEqual([]);
    expect(judges.connectApp(await ask(`${path}/${connectAppSid}.json`, accountSid))).toEqual([]);
    expect(judges.account(await ask(`${ROOT}/${accountSid}.json`, accountSid))).toEqual([]);
  });

  test('a Connect App that its owner has changed', async () => {
    const { accountSid, connectAppSid, authToken, apiUrl } = app.settings;
    const answer = await request(apiUrl)
      .post(`${ROOT}/${accountSid}/ConnectApps/${connectAppSid}.json`)
      .auth(accountSid, authToken)
      .type('form')
      .send({ Permissions: 'get-all,post-all', DeauthorizeCallbackMethod: 'GET' })
      .expect(200);
    expect(answer.body).toMatchObject({ permissions: ['get-all', 'post-all'] });
    expect(judges.connectApp(answer.body)).toEqual([]);
  });

  test.each(CUSTOMERS)('the apps that %s has authorized', async (customer) => {
    const { main } = as(customer);
    const path = `${ROOT}/${main.sid}/AuthorizedConnectApps`;
    const list = await ask(`${path}.json`, String(main.sid), String(main.auth_token));
    expect(list.authorized_connect_apps).toHaveLength(1);
    expect(judges.authorizedApps(list)).toEqual([]);
    const one = `${path}/${app.settings.connectAppSid}.json`;
    const authorized = await ask(one, String(main.sid), String(main.auth_token));
    expect(judges.authorizedApp(authorized)).toEqual([]);
  });
});

/** One good answer of each kind, to plant faults in. */
async function answerOf(kind: Kind): Promise<Json> {
  const { sid, main } = as('rossum');
  const { accountSid, connectAppSid } = app.settings;
  const calls = await ask(callsOf(main, '?PageSize=2&Status=completed'), sid);
  const [call] = calls.calls as Json[];
  const theirs = [String(main.sid), String(main.auth_token)] as const;
  const answers: Record<Kind, () => Promise<Json>> = {
    accounts: () => ask(`${ROOT}.json`, sid),
    account: () => ask(`${ROOT}/${main.sid}.json`, sid),
    calls: async () => calls,
    call: () => ask(callsOf(main).replace('.json', `/${call?.sid}.json`), sid),
    connectApps: () => ask(`${ROOT}/${accountSid}/ConnectApps.json`, accountSid),
    connectApp: () => ask(`${ROOT}/${accountSid}/ConnectApps/${connectAppSid}.json`, accountSid),
    authorizedApps: () => ask(`${ROOT}/${main.sid}/AuthorizedConnectApps.json`, ...theirs),
    authorizedApp: () =>
      ask(`${ROOT}/${main.sid}/AuthorizedConnectApps/${connectAppSid}.json`, ...theirs),
  };
  return answers[kind]();
}

type Plant = (answer: Json) => unknown;
const first = (answer: Json, list: string) => (answer[list] as Json[])[0] as Json;
const without =
  (field: string): Plant =>
  (answer) =>
    delete answer[field];
const change =
  (fields: Json): Plant =>
  (answer) =>
    Object.assign(answer, fields);
const inFirst =
  (list: string, plant: Plant): Plant =>
  (answer) =>
    plant(first(answer, list));

describe('a planted fault is found', () => {
  test.each<[Kind, string, Plant]>([
    ['calls', 'no list', without('calls')],
    ['calls', 'an empty address for the next page', change({ next_page_uri: '' })],
    ['calls', 'an address that is none', change({ first_page_uri: 'page 1' })],
    ['calls', 'a page number in a string', change({ page: '0' })],
    ['calls', 'a field of former times', change({ total: 2 })],
    ['calls', 'a short SID', inFirst('calls', change({ sid: 'CA12' }))],
    ['calls', 'a SID of another kind', inFirst('calls', change({ sid: `SM${'1'.repeat(32)}` }))],
    ['calls', 'an unknown status', inFirst('calls', change({ status: 'done' }))],
    ['calls', 'no status', inFirst('calls', change({ status: null }))],
    ['calls', 'a number for the duration', inFirst('calls', change({ duration: 4 }))],
    ['calls', 'an ISO date', inFirst('calls', change({ start_time: '2026-03-11T12:00:00Z' }))],
    ['calls', 'GMT', inFirst('calls', change({ end_time: 'Wed, 11 Mar 2026 12:00:00 GMT' }))],
    ['calls', 'a misspelt field', inFirst('calls', change({ startTime: null }))],
    ['calls', 'a field left out', inFirst('calls', without('price'))],
    ['call', 'a number for the price', change({ price: -0.014 })],
    ['call', 'a field left out', without('queue_time')],
    ['accounts', 'no list', without('accounts')],
    ['accounts', 'an unknown status', inFirst('accounts', change({ status: 'open' }))],
    ['account', 'an unknown type', change({ type: 'Paid' })],
    ['account', 'a field left out', without('owner_account_sid')],
    ['connectApps', 'no list', without('connect_apps')],
    ['connectApp', 'an unknown permission', change({ permissions: ['read-all'] })],
    ['connectApp', 'an unknown method', change({ deauthorize_callback_method: 'PUT' })],
    ['connectApp', 'an Authorize URL that is none', change({ authorize_redirect_url: 'here' })],
    ['authorizedApps', 'no list', without('authorized_connect_apps')],
    ['authorizedApp', 'permissions in a string', change({ permissions: 'get-all' })],
    ['authorizedApp', 'a SID of another kind', change({ connect_app_sid: `AC${'1'.repeat(32)}` })],
  ])('in %s: %s', async (kind, _fault, plant) => {
    const answer = await answerOf(kind);
    expect(judges[kind](answer)).toEqual([]);
    const copy = structuredClone(answer);
    plant(copy);
    expect(judges[kind](copy)).not.toEqual([]);
  });
});
