import { beforeAll, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { readCallFilters } from '../../src/sandbox/call-filters.ts';
import { type CallLog, callLog } from '../../src/sandbox/call-log.ts';
import { inventCustomers, type SandboxAccount } from '../../src/sandbox/customers.ts';
import { pageOf } from '../../src/sandbox/paging.ts';
import { connect, signInAsDemo } from '../browser.ts';
import { NOON, startApp } from '../start-app.ts';

type Json = Record<string, string | null>;
interface Page {
  calls: Json[];
  page: number;
  start: number;
  end: number;
  first_page_uri: string;
  next_page_uri: string | null;
  previous_page_uri: string | null;
}

let get: (path: string) => Promise<Page>;
let path: string;
let all: Json[];

const DAY = 86_400_000;
const sidsOf = (calls: Json[]) => calls.map(({ sid }) => sid);
const started = ({ start_time }: Json) => Date.parse(start_time ?? 'never');
const ended = ({ end_time }: Json) => Date.parse(end_time ?? 'never');
const midnight = Date.parse('2026-03-04T00:00:00Z');
const moment = Date.parse('2026-03-04T15:30:00Z');

// An account of about 300 calls, at a moment when one is in the queue: so it has everything, and one request reads all.
beforeAll(async () => {
  const app = await startApp();
  const auth = await connect(await signInAsDemo(app), 'rossum');
  get = async (uri) => {
    const answer = request(app.url).get(`/sandbox${uri}`).auth(auth, app.settings.authToken);
    return (await answer.expect(200)).body;
  };
  const accounts = (await get('/2010-04-01/Accounts.json')) as unknown as { accounts: Json[] };
  path = `/2010-04-01/Accounts/${accounts.accounts[1]?.sid}/Calls.json`;
  const over = (await get(`${path}?PageSize=1000&StartTime=2026-03-10`)).calls[4] as Json;
  app.clock.now = started(over) - 1000;
  all = (await get(`${path}?PageSize=1000`)).calls;
  expect(all[0]).toMatchObject({ status: 'queued', start_time: null });
  expect(all.length).toBeGreaterThan(200);
  expect(all.length).toBeLessThan(1000);
});

/** The pages from `uri` on, as far as that kind of link leads. */
async function walk(uri: string, link: 'next_page_uri' | 'previous_page_uri'): Promise<Page[]> {
  const page = await get(uri);
  return page[link] ? [page, ...(await walk(page[link], link))] : [page];
}

describe('a walk by next_page_uri, the walk back and the list agree', () => {
  const someLeg = () => all.filter(({ parent_call_sid }) => parent_call_sid)[3];
  const some = (name: string) => () => String(all[40]?.[name]);

  test.each<[string, Record<string, string | (() => string)>, (call: Json) => boolean]>([
    ['no filter', {}, () => true],
    ['Status=completed', { Status: 'completed' }, ({ status }) => status === 'completed'],
    ['Status=canceled', { Status: 'canceled' }, ({ status }) => status === 'canceled'],
    ['Status=queued', { Status: 'queued' }, ({ status }) => status === 'queued'],
    ['To', { To: some('to') }, ({ to }) => to === all[40]?.to],
    ['From', { From: some('from') }, ({ from }) => from === all[40]?.from],
    [
      'ParentCallSid',
      { ParentCallSid: () => String(someLeg()?.parent_call_sid) },
      ({ sid }) => sid === someLeg()?.sid,
    ],
    [
      'StartTime=',
      { StartTime: '2026-03-04' },
      (call) => started(call) >= midnight && started(call) < midnight + DAY,
    ],
    ['StartTime<=', { 'StartTime<': '2026-03-04' }, (call) => started(call) <= midnight],
    ['StartTime>=', { 'StartTime>': '2026-03-04' }, (call) => started(call) >= midnight],
    [
      'StartTime>= with an offset',
      { 'StartTime>': '2026-03-04T17:30:00+02:00' },
      (call) => started(call) >= moment,
    ],
    [
      'StartTime<= in a loose form',
      { 'StartTime<': '03/04/2026 08:30:00 MST' },
      (call) => started(call) <= moment,
    ],
    [
      'a range of days',
      { 'StartTime>': '2026-02-20', 'StartTime<': '2026-03-04' },
      (call) => started(call) >= midnight - 12 * DAY && started(call) <= midnight,
    ],
    [
      'EndTime=',
      { EndTime: '2026-03-04' },
      (call) => ended(call) >= midnight && ended(call) < midnight + DAY,
    ],
    ['EndTime<=', { 'EndTime<': '2026-03-04T15:30:00.000' }, (call) => ended(call) <= moment],
    ['EndTime>=', { 'EndTime>': '2026-03-04 15:30:00' }, (call) => ended(call) >= moment],
    [
      'several at once',
      {
        Status: 'completed',
        From: '+12125550101',
        'StartTime>': '2026-02-20',
        'EndTime<': '2026-03-04',
      },
      (call) =>
        call.status === 'completed' &&
        call.from === '+12125550101' &&
        started(call) >= midnight - 12 * DAY &&
        ended(call) <= midnight,
    ],
  ])('%s', async (_, filters, passes) => {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(filters)) {
      query.set(name, typeof value === 'string' ? value : value());
    }
    const first = `${path}?${query}&PageSize=23`;
    const expected = sidsOf(all.filter(passes));
    expect(expected.length).toBeGreaterThan(0);

    const there = await walk(first, 'next_page_uri');
    expect(there.flatMap(({ calls }) => sidsOf(calls))).toEqual(expected);
    expect(there.map(({ page }) => page)).toEqual(there.map((_page, index) => index));
    expect(there.map(({ start }) => start)).toEqual(there.map((_page, index) => index * 23));
    expect(there.at(-1)?.end).toBe(expected.length - 1);
    expect(there.map((page) => page.previous_page_uri === null)).toEqual(
      there.map((_page, index) => index === 0),
    );

    const lastUri = there.at(-2)?.next_page_uri ?? first;
    const back = await walk(lastUri, 'previous_page_uri');
    expect(back.reverse().map(({ calls }) => sidsOf(calls))).toEqual(
      there.map(({ calls }) => sidsOf(calls)),
    );
    const middle = Math.floor(there.length / 2);
    expect(await get(`${first}&Page=${middle}`)).toMatchObject({ calls: there[middle]?.calls });
  });

  test('a page beyond the end is empty', async () => {
    for (const filter of ['', '&Status=completed', '&StartTime=2026-03-04']) {
      expect(await get(`${path}?PageSize=23&Page=99${filter}`)).toMatchObject({
        calls: [],
        start: 0,
        end: 0,
        next_page_uri: null,
        previous_page_uri: null,
      });
    }
  });

  test('a token of a call outside the selected days leads to their nearer end', async () => {
    const day = `${path}?PageSize=5&StartTime=2026-03-04`;
    const onDay = sidsOf((await walk(day, 'next_page_uri')).flatMap(({ calls }) => calls));
    const [newest, oldest] = [all[0]?.sid, all.at(-1)?.sid];
    const at = async (token: string) => sidsOf((await get(`${day}&PageToken=${token}`)).calls);
    expect(await at(`PA${newest}`)).toEqual(onDay.slice(0, 5));
    expect(await at(`PB${newest}`)).toEqual(onDay.slice(0, 5));
    expect(await at(`PA${oldest}`)).toEqual([]);
    expect(await at(`PB${oldest}`)).toEqual(onDay.slice(-5));
  });

  test('with less than a page before it, a PB leads to the whole first page', async () => {
    const page = await get(`${path}?PageSize=23&PageToken=PB${all[3]?.sid}`);
    expect(sidsOf(page.calls)).toEqual(sidsOf(all).slice(0, 23));
    expect(page.previous_page_uri).toBeNull();
  });
});

describe('a log of a million calls', () => {
  const account = inventCustomers(1_000_000).at(-1)?.accounts[0] as SandboxAccount;
  const plain = callLog(account, NOON);
  let computed = 0;
  const log: CallLog = {
    ...plain,
    at(position) {
      computed++;
      return plain.at(position);
    },
  };

  function ask(query: Record<string, string>) {
    computed = 0;
    const { selection, repeated } = readCallFilters(query, log);
    const asked = { PageSize: '1000', ...query };
    const { slice } = pageOf(log, selection, asked, '/Calls.json', repeated);
    return { computed, numbers: slice.map(({ number }) => number) };
  }

  test('is walked from end to end, and each page is the same without the walk', () => {
    // Which calls there are, not what they are: else a walk would take a while.
    const positions = { ...plain, at: (position: number) => position };
    const everything = { from: 0, to: plain.length };
    const page = (query: Record<string, string>) =>
      pageOf(positions, everything, { PageSize: '1000', ...query }, '/Calls.json', []);
    const token = (uri: string | null) => new URLSearchParams(uri?.split('?')[1]).get('PageToken');

    let walked = page({});
    for (let seen = 0; seen < plain.length; seen += 1000) {
      expect(walked.slice).toHaveLength(Math.min(1000, plain.length - seen));
      expect(walked.slice.every((position, index) => position === seen + index)).toBe(true);
      const next = token(walked.envelope.next_page_uri);
      expect(next === null).toBe(seen + 1000 >= plain.length);
      if (next) walked = page({ PageToken: next });
    }
    const last = Math.floor((plain.length - 1) / 1000);
    expect(page({ Page: String(last) }).slice).toEqual(walked.slice);
    const before = page({ PageToken: String(token(walked.envelope.previous_page_uri)) });
    expect(before.slice).toEqual(page({ Page: String(last - 1) }).slice);
  });

  test('computes no call but those of the page, wherever it is', () => {
    const middle = plain.sidAt(500_000);
    const end = plain.sidAt(plain.length - 1001);
    const queries: Record<string, string>[] = [
      {},
      { PageToken: `PA${middle}` },
      { PageToken: `PB${middle}` },
      { PageToken: `PA${end}` },
      { Page: '500' },
      { StartTime: '2025-09-10' },
      { 'StartTime<': '2025-09-10' },
      { 'StartTime>': '2025-09-10', 'StartTime<': '2025-09-12', Page: '2' },
    ];
    for (const query of queries) {
      expect(ask(query)).toMatchObject({ computed: 1000, numbers: { length: 1000 } });
    }
  });

  test('computes with a filter no more than it takes to fill the page', () => {
    const token = `PA${plain.sidAt(500_000)}`;
    const filtered = { Status: 'canceled', PageSize: '20' };
    for (const query of [filtered, { ...filtered, PageToken: token }]) {
      const page = ask(query);
      expect(page.numbers).toHaveLength(20);
      expect(page.computed).toBeLessThan(2000);
    }
    const parent = Array.from({ length: 50 }, (_, step) => plain.at(600_000 + step)).find(
      (call) => call.parent !== null,
    );
    const legs = ask({ ParentCallSid: plain.sidAt(plain.at(0).number - Number(parent?.parent)) });
    expect(legs).toMatchObject({ numbers: [parent?.number] });
    expect(legs.computed).toBeLessThan(5);
    // A day of calls, and one hour of them more.
    expect(ask({ EndTime: '2025-09-10', To: 'nobody' })).toMatchObject({ numbers: [] });
    expect(computed).toBeLessThan(5000);
  });
});
