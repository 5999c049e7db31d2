import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import type { Request, Response } from 'express';
import twilio, { type Twilio } from 'twilio';
import { createCustomerClient } from '../../src/twilio/customer-client.ts';
import {
  type Agent,
  attribute,
  browser,
  connect,
  connectButton,
  pathOf,
  signInAsDemo,
  signUp,
  wholeAnalytics,
} from '../browser.ts';
import { NOON, startApp, type TestApp, twilioError } from '../start-app.ts';
import { expectWellFormed } from '../well-formed.ts';

// Thousands of calls are read in many of these.
jest.setTimeout(30_000);

const MINUTE = 60_000;
const DAY = 86_400_000;

type Customer = 'rossum' | 'bakery' | 'newcomer';
type Stored = { day: number; groups: unknown[][]; hours: number[]; lengths: number[] };

/** A signed-in visitor with a connected customer. The requests of the way there are forgotten. */
async function visit(app: TestApp, customer: Customer = 'rossum') {
  const agent = await signInAsDemo(app);
  const accountSid = await connect(agent, customer);
  app.upstream.requests.length = 0;
  return { agent, accountSid };
}

/** The requests for calls since the last time. */
function callRequests(app: TestApp): string[] {
  return app.upstream.requests.splice(0).filter((line) => line.includes('/Calls.json'));
}

async function stored(app: TestApp): Promise<Stored[]> {
  const rows = await app.db.query<{ day: number; totals: string }>(
    'select day, totals from call_totals order by day',
  );
  return rows.map(({ day, totals }) => ({ day, ...JSON.parse(totals) }));
}

/** Gives what `look` finds, as soon as it finds something. */
async function eventually<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The figures on top of the page by their names: each with how it has changed. */
function headlines(html: string): Record<string, string[]> {
  const found = [...html.matchAll(/<dt>([^<]+)<\/dt>\s*((?:<dd>.*?<\/dd>\s*)+)/gs)];
  return Object.fromEntries(
    found.map(([, name, lines]) => [
      String(name),
      [...String(lines).matchAll(/<dd>(.*?)<\/dd>/gs)].map(([, line]) =>
        String(line)
          .replace(/<[^>]+>/g, '')
          .trim(),
      ),
    ]),
  );
}

/** The rows of a table by its section: the texts of their cells. */
function table(html: string, section: string): string[][] {
  const [, body = ''] =
    new RegExp(`id="${section}-table">.*?<tbody>(.*?)</tbody>`, 's').exec(html) ?? [];
  return [...body.matchAll(/<tr>(.*?)<\/tr>/g)].map(([, row]) =>
    [...String(row).matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/g)].map(([, cell]) =>
      String(cell).replace(/<[^>]+>/g, ''),
    ),
  );
}

/**
 * Keeps back Twilio's answers about calls but the first `free` ones. `waiting` says how many there are, `release` lets
 * them all through, those to come too.
 */
function holdCalls(app: TestApp, free = 0) {
  const held: [Request, Response][] = [];
  let rest = free;
  app.upstream.answer = (req, res) => {
    if (!req.originalUrl.includes('/Calls.json') || rest-- > 0) return;
    res.locals.held = true;
    held.push([req, res]);
  };
  return {
    waiting: () => eventually(async () => (held.length > 0 ? held.length : undefined)),
    release: async () => {
      app.upstream.answer = undefined;
      for (const [req, res] of held.splice(0)) {
        const headers = { Authorization: String(req.get('Authorization')) };
        const answer = await fetch(app.url + req.originalUrl, { headers });
        res.type('json').send(await answer.text());
      }
    },
  };
}

function cookieOf(agent: Agent): string {
  const cookies = agent.jar.getCookies({
    path: '/',
    domain: '127.0.0.1',
    secure: false,
    script: false,
  });
  return cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
}

/** Some rounds through the app, in which whatever is under way would come to its end. */
async function idle(agent: Agent): Promise<void> {
  for (let round = 0; round < 20; round++) await agent.get('/healthz');
}

/** The day after the newest one that these requests ask for. */
function newestAskedFor(requests: string[]): number {
  const ends = requests.map((line) => attribute(line, /StartTime%3C=([\d-]{10})/));
  return Math.max(...ends.map((end) => Date.parse(end) / DAY));
}

function keyOf(html: string, label: string): string {
  return attribute(html, new RegExp(`<option value="([\\w-]{16})"[^>]*>[^<]*${label}`));
}

async function mainAccount(app: TestApp): Promise<{ client: Twilio; sid: string }> {
  const [row] = await app.db.query<{ sid: string; main: string }>(
    'select account_sid as sid, owner_account_sid as main from connections',
  );
  return { client: createCustomerClient(app.settings)(String(row?.sid)), sid: String(row?.main) };
}

/** The same totals by the SDK's own list of all calls, counted one by one. */
async function bruteForce(app: TestApp): Promise<Map<number, Stored>> {
  const { client, sid } = await mainAccount(app);
  const calls = await client.api.v2010.accounts(sid).calls.list({ pageSize: 1000 });
  const days = new Map<number, Stored>();
  for (const call of calls) {
    if (!call.startTime) continue;
    const day = Math.floor(call.startTime.getTime() / DAY);
    const totals: Stored = days.get(day) ?? {
      day,
      groups: [],
      hours: Array(24).fill(0),
      lengths: Array(8).fill(0),
    };
    days.set(day, totals);
    const name = [call.status, call.direction, call.priceUnit];
    const known = totals.groups.find((one) => one.slice(0, 3).join() === name.join());
    const group: unknown[] = known ?? [...name, 0, 0, 0];
    if (!known) totals.groups.push(group);
    group[3] = Number(group[3]) + 1;
    group[4] = Number(group[4]) + Number(call.duration ?? 0);
    group[5] = Number(group[5]) + Math.round(Number(call.price ?? 0) * 100_000);
    const hour = call.startTime.getUTCHours();
    totals.hours[hour] = Number(totals.hours[hour]) + 1;
    if (call.status !== 'completed') continue;
    const seconds = Number(call.duration);
    const place = [10, 30, 60, 120, 300, 900, 3600].filter((limit) => seconds >= limit).length;
    totals.lengths[place] = Number(totals.lengths[place]) + 1;
  }
  return days;
}

async function countCalls(app: TestApp): Promise<number> {
  const days = [...(await bruteForce(app)).values()];
  return days.flatMap(({ groups }) => groups).reduce((sum, group) => sum + Number(group[3]), 0);
}

/** How the page says that all calls are there. */
async function allCalls(app: TestApp): Promise<string> {
  return `${(await countCalls(app)).toLocaleString('en')} from 0`;
}

function sorted(day: Stored | undefined): unknown {
  return day && { ...day, groups: day.groups.map((group) => group.join()).sort() };
}

describe('what is shown', () => {
  test('is what the calls add up to, counted one by one', async () => {
    const app = await startApp();
    const { agent } = await visit(app);
    const page = await wholeAnalytics(agent);
    const counted = await bruteForce(app);
    const days = await stored(app);
    expect(days).toHaveLength(60);
    for (const day of days) {
      const none = {
        day: day.day,
        groups: [],
        hours: Array(24).fill(0),
        lengths: Array(8).fill(0),
      };
      expect(sorted(day)).toEqual(sorted(counted.get(day.day) ?? none));
    }
    const all = [...counted.values()].flatMap(({ groups }) => groups);
    const sum = (index: number) => all.reduce((total, group) => total + Number(group[index]), 0);
    expect(sum(3)).toBeGreaterThan(3500);
    const answered = all.filter(([status]) => status === 'completed' || status === 'in-progress');
    const share = answered.reduce((total, group) => total + Number(group[3]), 0) / sum(3);
    expect(headlines(page.text)).toEqual({
      Calls: [`${sum(3).toLocaleString('en')} from 0`],
      Minutes: [`${Math.round(sum(4) / 60).toLocaleString('en')} from 0`],
      Answered: [`${(share * 100).toFixed(1)} % from no calls`],
      Cost: [`USD ${(-sum(5) / 100_000).toFixed(2)} from 0.00`],
    });
  });

  test('has a table for each picture that adds up to the same', async () => {
    const app = await startApp();
    const { agent } = await visit(app);
    const { text } = await wholeAnalytics(agent);
    const column = (section: string, index: number) =>
      table(text, section).reduce((sum, row) => sum + Number(row[index]?.replace(/,/g, '')), 0);
    expect(table(text, 'calls-a-day')).toHaveLength(30);
    expect(table(text, 'calls-a-day')[0]?.[0]).toBe('Tue 10 Feb 2026');
    const calls = column('calls-a-day', 1);
    expect(calls).toBe(await countCalls(app));
    expect(
      [2, 3, 4, 5, 6, 7].reduce((sum, index) => sum + (column('calls-a-day', index) || 0), 0),
    ).toBe(calls);
    expect(column('direction', 1)).toBe(calls);
    const completed = [...(await bruteForce(app)).values()].flatMap(({ lengths }) => lengths);
    expect(column('length', 1)).toBe(completed.reduce((sum, calls) => sum + calls, 0));
    expect(table(text, 'week')).toHaveLength(24);
    const units = table(text, 'minutes-a-day').reduce(
      (sum, row) => sum + Math.round(Number(row[2]) * 100_000),
      0,
    );
    const days = await stored(app);
    expect(-units).toBe(
      days.flatMap(({ groups }) => groups).reduce((sum, group) => sum + Number(group[5]), 0),
    );
  });

  test('compares a period with the one before it, of the same length', async () => {
    const app = await startApp();
    const { agent } = await visit(app);
    const { text } = await wholeAnalytics(agent, '/analytics?days=7');
    const calls = (await stored(app)).map(({ groups }) =>
      groups.reduce((sum, group) => sum + Number(group[3]), 0),
    );
    const [before, now] = [calls.slice(0, 7), calls.slice(7)].map((part) =>
      part.reduce((sum, one) => sum + one, 0),
    );
    const change = Math.round((Number(now) / Number(before) - 1) * 100);
    expect(headlines(text).Calls).toEqual([
      `${now} ${change < 0 ? '−' : '+'}${Math.abs(change)} % from ${before}`,
    ]);
    expect(text).toContain('against the 7 days before: Thu 26 Feb 2026 to Wed 4 Mar 2026');
    expect(text).toContain('Today counts as far as it goes: it was read at 12:00.');
    expect(text).toContain('Calls without a start time do not count.');
  });

  test('leads from a day to its calls', async () => {
    const app = await startApp();
    const { agent } = await visit(app);
    const { text } = await wholeAnalytics(
      agent,
      '/analytics?started-after=2026-03-02&started-before=2026-03-02',
    );
    const link = attribute(text, /<a href="(\/calls\?[^"]+)">Mon 2 Mar 2026</);
    const calls = await agent.get(`${link}&size=1000`).expect(200);
    const shown = calls.text.match(/<tr id="CA/g)?.length;
    expect(headlines(text).Calls?.[0]).toMatch(new RegExp(`^${shown} `));
  });

  test('is well-formed SVG without a style of its own, in every range', async () => {
    const app = await startApp();
    const { agent } = await visit(app);
    for (const range of [
      '',
      '?days=7',
      '?days=90',
      '?started-after=2025-03-11&started-before=2026-03-11',
    ]) {
      const { text } = await wholeAnalytics(agent, `/analytics${range}`);
      const drawings = text.match(/<svg class="chart.*?<\/svg>(?=\n|<\/|\s)/gs) ?? [];
      expect(drawings.length).toBeGreaterThan(5);
      for (const drawing of drawings) expectWellFormed(drawing);
      expect(text).not.toMatch(/ style=|<style|NaN|undefined|Infinity/);
    }
  });

  test('an account without calls says so, and points to the others', async () => {
    const app = await startApp();
    const { agent } = await visit(app);
    const key = keyOf((await wholeAnalytics(agent)).text, 'Connect subaccount');
    const { text } = await wholeAnalytics(agent, `/analytics?account=${key}`);
    expect(text).toContain('No calls on these days');
    expect(headlines(text)).toEqual({
      Calls: ['0 as before'],
      Minutes: ['0 as before'],
      Answered: ['–'],
      Cost: ['–'],
    });
    expect(text).toMatch(
      /Your other accounts: <a href="\/analytics\?account=[\w-]{16}&amp;days=30">Rossum Industries</,
    );
  });

  test('calls of every kind and currency are told apart, as text', async () => {
    const app = await startApp();
    const { agent } = await visit(app, 'newcomer');
    const start_time = 'Tue, 10 Mar 2026 09:05:07 +0000';
    const call = (digit: number, more: object) => ({
      sid: `CA${String(digit).repeat(32)}`,
      direction: 'inbound',
      from: '+15551230000',
      to: '+15551239999',
      status: 'completed',
      start_time,
      duration: '61',
      price: '-0.01700',
      price_unit: 'USD',
      ...more,
    });
    app.upstream.answer = (req, res) => {
      if (!req.originalUrl.includes('Calls.json')) return;
      const calls = [
        call(1, { price_unit: 'JPY', price: '-1250' }),
        call(2, { direction: '<b>new</b>', status: 'parked', price: null, price_unit: null }),
        call(3, { price_unit: '', price: '-0.5' }),
        call(4, { status: 'ringing', duration: '', price: '' }),
        call(5, { start_time: null, status: 'queued' }),
        call(6, { start_time: '' }),
      ];
      res.json({ calls, next_page_uri: null, previous_page_uri: null });
    };
    const { text } = await wholeAnalytics(agent, '/analytics?days=7');
    expect(headlines(text)).toEqual({
      Calls: ['4 from 0'],
      Minutes: ['3.1 from 0'],
      Answered: ['66.7 % from no calls'],
      Cost: ['JPY 1,250.00 from 0.00', 'Unknown currency 0.50 from 0.00', 'USD 0.00 as before'],
    });
    const names = table(text, 'direction').map(([name]) => name);
    expect(names).toEqual(['Inbound', '&lt;b&gt;new&lt;/b&gt;']);
    expect(text).toContain('1 under way, 1 other');
    expect(text).not.toContain('<b>new');
  });
});

test('a call that waited over midnight before it began counts on its day, though it is listed later', async () => {
  const app = await startApp();
  const { agent } = await visit(app, 'newcomer');
  // In the order in which they were created, the newest first, two a page.
  const calls = [
    { sid: `CA${'4'.repeat(32)}`, start_time: 'Tue, 10 Mar 2026 00:10:00 +0000' },
    { sid: `CA${'3'.repeat(32)}`, start_time: 'Mon, 09 Mar 2026 23:59:50 +0000' },
    { sid: `CA${'2'.repeat(32)}`, start_time: 'Tue, 10 Mar 2026 00:00:05 +0000' },
    { sid: `CA${'1'.repeat(32)}`, start_time: 'Sun, 08 Mar 2026 12:00:00 +0000' },
  ];
  app.upstream.answer = (req, res) => {
    if (!req.originalUrl.includes('Calls.json')) return;
    const { 'StartTime>': from, 'StartTime<': to, PageToken: token } = req.query;
    const asked = calls.filter(({ start_time }) => {
      const time = Date.parse(start_time);
      return time >= Date.parse(String(from)) && time <= Date.parse(String(to));
    });
    const index = asked.findIndex(({ sid }) => `PA${sid}` === token) + 1;
    const next = new URL(req.originalUrl, app.url);
    next.searchParams.set('PageToken', `PA${asked[index + 1]?.sid}`);
    const page = asked.slice(index, index + 2).map((call) => ({ ...call, status: 'completed' }));
    const next_page_uri = asked[index + 2]
      ? next.pathname.replace('/sandbox', '') + next.search
      : null;
    res.json({ calls: page, next_page_uri, previous_page_uri: null });
  };
  const { text } = await wholeAnalytics(agent, '/analytics?days=7');
  const days = table(text, 'calls-a-day').map(([day, number]) => [day, number]);
  expect(days.slice(-4)).toEqual([
    ['Sun 8 Mar 2026', '1'],
    ['Mon 9 Mar 2026', '1'],
    ['Tue 10 Mar 2026', '2'],
    ['Wed 11 Mar 2026', '0'],
  ]);
});

describe('the range', () => {
  test.each([
    ['days=8', 'days'],
    ['days=', null],
    ['days=7&days=30', 'days'],
    ['days=30&started-after=nonsense', null],
    ['started-after=2026-03-01', 'started-before'],
    ['started-before=2026-03-01', 'started-after'],
    ['started-after=2026-03-02&started-before=2026-03-01', 'started-after'],
    ['started-after=2026-02-30&started-before=2026-03-01', 'started-after'],
    ['started-after=2026-03-01&started-before=tomorrow', 'started-before'],
    ['started-after=2025-03-10&started-before=2026-03-11', 'started-before'],
    ['started-after=2026-03-12&started-before=2026-03-13', 'started-after'],
    ['account=a&account=b', 'account'],
  ] as const)('%s gets 400, or is left aside if it asks nothing', async (query, field) => {
    const app = await startApp();
    const { agent } = await visit(app, 'newcomer');
    const page = await agent.get(`/analytics?${query}`).expect(field ? 400 : 200);
    if (!field) return;
    expect(page.text).toContain(`<p class="lead">${field}: `);
    expect(app.upstream.requests).toEqual([]);
  });

  test('may be 366 days, and ends today at the latest', async () => {
    const app = await startApp();
    const { agent } = await visit(app, 'newcomer');
    const year = await wholeAnalytics(
      agent,
      '/analytics?started-after=2025-03-11&started-before=2026-03-11',
    );
    expect(year.text).toContain('Tue 11 Mar 2025 to Wed 11 Mar 2026');
    const month = await wholeAnalytics(
      agent,
      '/analytics?started-after=2026-03-01&started-before=2026-03-31',
    );
    expect(month.text).toContain('Sun 1 Mar 2026 to Wed 11 Mar 2026');
    expect(month.text).toContain('against the 11 days before');
  });

  test('asks Twilio in Twilio’s terms, for both periods at once', async () => {
    const app = await startApp();
    const { agent } = await visit(app, 'newcomer');
    await wholeAnalytics(agent, '/analytics?started-after=2026-02-10&started-before=2026-02-12');
    expect(callRequests(app).join()).toContain('StartTime%3C=2026-02-13&StartTime%3E=2026-02-07');
  });
});

describe('days that are settled', () => {
  test('are read once: later only the young ones are, in one request', async () => {
    const app = await startApp();
    const { agent } = await visit(app);
    await wholeAnalytics(agent, '/analytics?days=90');
    expect(callRequests(app).length).toBeGreaterThan(3);
    app.clock.now += 61_000;
    await wholeAnalytics(agent, '/analytics?days=90');
    const requests = callRequests(app);
    expect(requests).toHaveLength(1);
    // The 9th ended 36 hours ago, the 8th 60.
    expect(requests[0]).toContain('StartTime%3C=2026-03-12&StartTime%3E=2026-03-09');
  });

  test('and young ones not more than once a minute', async () => {
    const app = await startApp();
    const { agent } = await visit(app, 'bakery');
    await wholeAnalytics(agent);
    app.clock.now += 59_000;
    callRequests(app);
    await wholeAnalytics(agent);
    await wholeAnalytics(agent, '/analytics?days=7');
    expect(callRequests(app)).toEqual([]);
  });

  test('a young day is replaced when its calls are over and priced', async () => {
    const app = await startApp();
    const { agent } = await visit(app);
    for (const later of [0, 3 * MINUTE, 8 * 60 * MINUTE, 3 * DAY]) {
      app.clock.now = NOON + later;
      await wholeAnalytics(agent, '/analytics?days=7');
      const counted = await bruteForce(app);
      for (const day of await stored(app)) {
        // The sandbox forgets what is older than 30 days; the totals do not.
        if (counted.has(day.day)) expect(sorted(day)).toEqual(sorted(counted.get(day.day)));
      }
    }
  });

  test('a day that was young when it was read is read once more, and then no more', async () => {
    const app = await startApp();
    const { agent } = await visit(app, 'bakery');
    const address = '/analytics?started-after=2026-03-10&started-before=2026-03-10';
    await wholeAnalytics(agent, address);
    app.clock.now += 4 * DAY;
    callRequests(app);
    await wholeAnalytics(agent, address);
    expect(callRequests(app).join()).toContain('StartTime%3C=2026-03-11&StartTime%3E=2026-03-09');
    app.clock.now += DAY;
    await wholeAnalytics(agent, address);
    expect(callRequests(app)).toEqual([]);
  });
});

describe('a long reading', () => {
  test('is shown as it comes: a bar, the days there are, and nothing as zero', async () => {
    const app = await startApp();
    const { agent } = await visit(app);
    const { waiting, release } = holdCalls(app, 1);
    const page = await agent.get('/analytics').expect(200);
    await waiting();
    const read = Number(attribute(page.text, /<progress [^>]*max="60" value="(\d+)"/));
    expect(read).toBeGreaterThan(0);
    expect(read).toBeLessThan(30);
    expect(page.text).toContain('<noscript><meta http-equiv="refresh" content="5"></noscript>');
    expect(page.text).toContain(
      `${30 - read} days are</strong>`.replace('</strong>', ' not read yet'),
    );
    const unread = table(page.text, 'calls-a-day').filter(([, cell]) => cell === 'not read yet');
    expect(unread).toHaveLength(30 - read);
    expect(page.text.match(/class="unread"/g)?.length).toBe(3 * (30 - read));
    expect(headlines(page.text).Calls?.[0]).not.toContain('from');
    await release();
    const end = await wholeAnalytics(agent);
    expect(headlines(end.text).Calls).toEqual([await allCalls(app)]);
    expect(end.text).not.toContain('http-equiv="refresh"');
  });

  test('tells a script how far it has come, until it ends', async () => {
    const app = await startApp();
    const { agent } = await visit(app);
    const { waiting, release } = holdCalls(app, 1);
    const page = await agent.get('/analytics').expect(200);
    const address = pathOf(attribute(page.text, /data-events="([^"]+)"/));
    const stream = agent
      .get(address)
      .expect(200)
      .expect('Content-Type', /^text\/event-stream/);
    const events = stream.buffer(true).then(({ text }) => text);
    await waiting();
    await release();
    const [first, ...rest] = (await events).trim().split('\n\n');
    expect(first).toMatch(/^event: progress\ndata: {"read":\d+,"total":60}$/);
    expect(rest.at(-1)).toBe('event: end\ndata: {}');
    expect((await agent.get(address).expect(200)).text).toBe('event: end\ndata: {}\n\n');
  });

  test('is one for all tabs, and days that two ranges share are read once', async () => {
    const app = await startApp();
    const { agent } = await visit(app, 'bakery');
    const { waiting, release } = holdCalls(app);
    const tabs = ['', '', '?days=7', '?days=30'].map((range) =>
      wholeAnalytics(agent, `/analytics${range}`),
    );
    await waiting();
    await release();
    const pages = await Promise.all(tabs);
    const asked = callRequests(app).map((line) =>
      line.replace(/.*StartTime%3C=([\d-]+)&StartTime%3E=([\d-]+).*/, '$2 $1'),
    );
    // The answers that were held were asked for twice: by the app, and by this test.
    const ranges = [...new Set(asked)].sort();
    const overlaps = ranges
      .slice(1)
      .filter((range, index) => range.slice(0, 10) < String(ranges[index]).slice(11));
    expect(overlaps).toEqual([]);
    expect(new Set(pages.map(({ text }) => headlines(text).Calls?.[0])).size).toBe(2);
  });

  test('stops when the visitor says so, and goes on from there when they want it', async () => {
    const app = await startApp();
    const { agent } = await visit(app);
    const { waiting, release } = holdCalls(app, 1);
    const page = await agent.get('/analytics?days=30').expect(200);
    await waiting();
    const account = keyOf(page.text, 'main account');
    const press = (button: string) =>
      agent.post(`/analytics/${button}`).type('form').send({ account, days: '30' }).expect(303);
    const { headers } = await press('stop');
    expect(headers.location).toBe(`/analytics?account=${account}&days=30`);
    await release();
    await idle(agent);
    callRequests(app);
    const kept = await stored(app);
    expect(kept.length).toBeGreaterThan(0);
    for (const _visit of ['first', 'second']) {
      const stopped = await agent.get(headers.location as string).expect(200);
      expect(stopped.text).toContain('<h2>Stopped</h2>');
      expect(stopped.text).not.toContain('data-events');
    }
    expect(callRequests(app)).toEqual([]);
    expect(await stored(app)).toEqual(kept);

    await press('go-on');
    const end = await wholeAnalytics(agent);
    const asked = callRequests(app);
    expect(headlines(end.text).Calls).toEqual([await allCalls(app)]);
    expect(newestAskedFor(asked)).toBe(kept[0]?.day);
  });

  test('goes on where it was after a restart', async () => {
    const app = await startApp();
    const { agent } = await visit(app);
    const { waiting, release } = holdCalls(app, 2);
    await agent.get('/analytics').expect(200);
    await waiting();
    const kept = await stored(app);
    app.restart();
    await release();
    await idle(agent);
    expect(await stored(app)).toEqual(kept);
    callRequests(app);
    app.clock.now += MINUTE;
    const end = await wholeAnalytics(agent);
    const asked = callRequests(app);
    expect(headlines(end.text).Calls).toEqual([await allCalls(app)]);
    const young = asked.filter((line) => line.includes('StartTime%3E=2026-03-09'));
    expect(young).toHaveLength(1);
    expect(newestAskedFor(asked.filter((line) => !young.includes(line)))).toBe(kept[0]?.day);
  });

  test('ends with the process, and so do its events', async () => {
    const app = await startApp();
    const { agent } = await visit(app);
    const { waiting } = holdCalls(app, 1);
    const page = await agent.get('/analytics').expect(200);
    await waiting();
    const address = pathOf(attribute(page.text, /data-events="([^"]+)"/));
    const events = await fetch(app.url + address, { headers: { Cookie: cookieOf(agent) } });
    app.restart();
    expect(await events.text()).toMatch(/^event: progress\ndata: .*\n\nevent: end\n/);
  });

  test('that Twilio breaks off keeps what was read, and says what to do', async () => {
    const app = await startApp();
    const { agent } = await visit(app);
    app.upstream.answer = (req, res) => {
      if (
        req.originalUrl.includes('PageToken=') ||
        /StartTime%3C=2026-0[12]/.test(req.originalUrl)
      ) {
        twilioError(res, 500, 20500);
      }
    };
    const page = await wholeAnalytics(agent);
    expect(page.text).toContain('<h2>Twilio is not answering</h2>');
    expect(page.text).toContain('role="alert"');
    const kept = await stored(app);
    expect(kept.length).toBeGreaterThan(0);
    callRequests(app);
    await agent.get('/analytics').expect(200, /Twilio is not answering/);
    expect(callRequests(app)).toEqual([]);

    app.upstream.answer = undefined;
    const account = keyOf(page.text, 'main account');
    await agent.post('/analytics/go-on').type('form').send({ account }).expect(303);
    expect(headlines((await wholeAnalytics(agent)).text).Calls).toEqual([await allCalls(app)]);
  });

  test('that Twilio broke off begins again by itself after some seconds', async () => {
    const app = await startApp();
    const { agent } = await visit(app, 'bakery');
    app.upstream.answer = (req, res) => {
      if (req.originalUrl.includes('Calls.json')) twilioError(res, 500, 20500);
    };
    await agent.get('/analytics').expect(503);
    app.upstream.answer = undefined;
    await agent.get('/analytics').expect(503);
    app.clock.now += 5_000;
    await wholeAnalytics(agent);
  });
});

describe('when a connection ends, its totals are deleted', () => {
  const signed = (app: TestApp, accountSid: string) => {
    const form = { AccountSid: accountSid, ConnectAppSid: app.settings.connectAppSid };
    const url = `${app.url}/twilio/deauthorize`;
    const signature = twilio.getExpectedTwilioSignature(app.settings.authToken, url, form);
    return browser(app)
      .post('/twilio/deauthorize')
      .set('X-Twilio-Signature', signature)
      .type('form')
      .send(form);
  };
  const ends: [string, (app: TestApp, agent: Agent, sid: string) => PromiseLike<unknown>][] = [
    ['by Disconnect', (_app, agent) => agent.post('/connections/1/disconnect').expect(303)],
    ['by a Deauthorize request', (app, _agent, sid) => signed(app, sid).expect(204)],
  ];

  test.each(ends)('%s: those of all its accounts, and of no other', async (_name, end) => {
    const app = await startApp();
    const { agent, accountSid } = await visit(app, 'rossum');
    const page = await wholeAnalytics(agent);
    await wholeAnalytics(agent, `/analytics?account=${keyOf(page.text, 'Support Line')}`);
    const other = await signUp(app, 'other@example.com');
    await connect(other, 'bakery');
    await wholeAnalytics(other);
    expect(await stored(app)).toHaveLength(180);
    await end(app, agent, accountSid);
    expect(await stored(app)).toHaveLength(60);
    const left = await app.db.query('select distinct connection_id as id from call_totals');
    expect(left).toEqual([{ id: 2 }]);
  });

  test.each(ends)('%s: a scan that is under way stores nothing more', async (_name, end) => {
    const app = await startApp();
    const { agent, accountSid } = await visit(app);
    const { waiting, release } = holdCalls(app, 1);
    await agent.get('/analytics').expect(200);
    await waiting();
    expect((await stored(app)).length).toBeGreaterThan(0);
    await end(app, agent, accountSid);
    await release();
    await idle(agent);
    expect(await stored(app)).toEqual([]);
  });

  test.each(ends)(
    '%s and connected again: the old scan stores nothing more',
    async (_name, end) => {
      const app = await startApp();
      const { agent, accountSid } = await visit(app);
      const { waiting, release } = holdCalls(app, 1);
      await agent.get('/analytics').expect(200);
      await waiting();
      await end(app, agent, accountSid);
      app.clock.now += 1;
      await connect(agent, 'rossum');
      await release();
      await idle(agent);
      expect(await stored(app)).toEqual([]);
    },
  );
});

describe('another user', () => {
  test('sees nothing, stops nothing and hears nothing of an account', async () => {
    const app = await startApp();
    const owner = await signUp(app, 'owner@example.com');
    await connect(owner, 'rossum');
    const key = keyOf((await wholeAnalytics(owner)).text, 'main account');
    const other = await signInAsDemo(app);
    await connect(other, 'bakery');
    await other.get(`/analytics?account=${key}`).expect(404);
    await other.get(`/analytics/events?account=${key}`).expect(404);
    await other.post('/analytics/stop').type('form').send({ account: key }).expect(404);
    await other.post('/analytics/go-on').type('form').send({ account: key }).expect(404);
    expect((await wholeAnalytics(other)).text).not.toContain('Rossum');
  });

  test('who holds the account after it was revoked finds none of the first one’s totals', async () => {
    const app = await startApp();
    const first = await signUp(app, 'first@example.com');
    const accountSid = await connect(first, 'rossum');
    await wholeAnalytics(first);
    const { markDeauthorized } = await import('../../src/database/connections.ts');
    await markDeauthorized(app.db, accountSid, app.clock.now);
    const second = await signInAsDemo(app);
    await connect(second, 'rossum');
    expect(await stored(app)).toEqual([]);
    await wholeAnalytics(second);
    await first.get('/analytics').expect(303);
  });
});

describe('when Twilio says no', () => {
  test.each([
    ['a refusal', 403, 'any more', (res) => twilioError(res, 401, 20003)],
    [
      'an unknown account',
      404,
      'does not know this account',
      (res) => twilioError(res, 404, 20404),
    ],
    // Without the header a scan may pause for longer than the page after it waits.
    ['a throttled one', 503, '', (res) => twilioError(res.set('Retry-After', '1'), 429, 20429)],
    ['a failure', 503, 'Twilio is not answering', (res) => twilioError(res, 500, 20500)],
    ['HTML', 503, 'Twilio is not answering', (res) => res.status(503).send('<h1>Down</h1>')],
    ['an answer without calls', 503, 'Twilio is not answering', (res) => res.json({})],
    ['a cut connection', 503, 'Twilio is not answering', (res) => res.destroy()],
  ] as [string, number, string, (res: Response) => unknown][])(
    'from the start, %s is the same page as for the calls',
    async (_name, status, text, fail) => {
      const app = await startApp();
      const { agent } = await visit(app);
      app.upstream.answer = (_req, res) => void fail(res);
      const page = await agent.get('/analytics').expect(status);
      expect(page.text).toContain(text);
      app.upstream.answer = undefined;
      app.clock.now += MINUTE;
      await wholeAnalytics(agent);
    },
  );

  test('a refused connection is shown as such, keeps its totals, and comes back with them', async () => {
    const app = await startApp();
    const { agent } = await visit(app);
    const settled = '/analytics?started-after=2026-03-01&started-before=2026-03-03';
    await wholeAnalytics(agent, settled);
    app.clock.now += MINUTE;
    app.upstream.answer = (_req, res) => twilioError(res, 401, 20003);
    for (const _visit of ['first', 'second']) {
      connectButton((await agent.get(settled).expect(403)).text);
      expect((await agent.get('/myapp')).text).toContain('<span class="badge refused">');
    }
    expect(await stored(app)).toHaveLength(6);
    app.upstream.answer = undefined;
    app.clock.now += MINUTE;
    callRequests(app);
    await wholeAnalytics(agent, settled);
    expect(callRequests(app)).toEqual([]);
    expect((await agent.get('/myapp')).text).toContain('<span class="badge active">');
  });

  test('half-way, as access was revoked, what was read stays and the page says so', async () => {
    const app = await startApp();
    const { agent } = await visit(app);
    const { waiting } = holdCalls(app, 1);
    await agent.get('/analytics').expect(200);
    await waiting();
    app.restart();
    const kept = await stored(app);
    app.clock.now += MINUTE;
    app.upstream.answer = (_req, res) => twilioError(res, 401, 20003);
    connectButton((await agent.get('/analytics').expect(403)).text);
    expect(await stored(app)).toEqual(kept);
  });

  test('to the main account, the authorized one is shown, and the page says why', async () => {
    const app = await startApp();
    const { agent, accountSid } = await visit(app);
    app.upstream.answer = (req, res) => {
      const account = { sid: accountSid, friendly_name: 'Connect for you', status: 'active' };
      if (req.originalUrl.includes('/Accounts.json'))
        res.json({ accounts: [account], next_page_uri: null });
      else if (!req.originalUrl.includes(accountSid)) twilioError(res, 401, 20003);
    };
    const page = await wholeAnalytics(agent);
    expect(page.text).toContain('Your main account may not be read');
    expect(page.text).toContain('Connect subaccount');
  });

  test('to one account only, the connection lives on', async () => {
    const app = await startApp();
    const { agent } = await visit(app);
    const key = keyOf((await wholeAnalytics(agent)).text, 'Support Line');
    app.upstream.answer = (req, res) => {
      if (req.originalUrl.includes('Calls.json')) twilioError(res, 401, 20003);
    };
    const page = await agent.get(`/analytics?account=${key}`).expect(403);
    expect(page.text).toContain('The connection itself works');
    expect((await agent.get('/myapp')).text).toContain('<span class="badge active">');
  });

  test('by a signed Deauthorize request, that is said', async () => {
    const app = await startApp();
    const { agent, accountSid } = await visit(app);
    const { markDeauthorized } = await import('../../src/database/connections.ts');
    await markDeauthorized(app.db, accountSid, app.clock.now);
    connectButton((await agent.get('/analytics').expect(403)).text);
    expect(app.upstream.requests).toEqual([]);
  });
});

test('a fault of ours is a 500, not Twilio’s, and is logged', async () => {
  const app = await startApp();
  const { agent } = await visit(app, 'bakery');
  await app.db.query('create unique index one_day_only on call_totals (connection_id)');
  const page = await agent.get('/analytics').expect(500);
  expect(page.text).not.toContain('Twilio is not answering');
  expect(app.logs.join('')).toMatch(/unique constraint/i);
});

test('no phone number and no other party of a call gets into the database', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'quickstart-'));
  const app = await startApp({ DATABASE_URL: `file:${folder}/app.db` });
  const { agent } = await visit(app);
  await wholeAnalytics(agent);
  const { client, sid } = await mainAccount(app);
  const calls = await client.api.v2010.accounts(sid).calls.list({ pageSize: 1000 });
  const parties = new Set(calls.flatMap(({ from, to, sid: callSid }) => [from, to, callSid]));
  expect(parties.size).toBeGreaterThan(3500);
  const bytes = readdirSync(folder).map((file) => readFileSync(path.join(folder, file), 'latin1'));
  const all = bytes.join('');
  expect(all).toContain('outbound-dial');
  expect([...parties].filter((party) => all.includes(party.replace('+', '')))).toEqual([]);
  rmSync(folder, { recursive: true });
});

test('without a connection, or signed out, there is nothing to show', async () => {
  const app = await startApp();
  await browser(app)
    .get('/analytics?days=7')
    .expect(303)
    .expect('Location', '/sign-in?next=%2Fanalytics%3Fdays%3D7');
  await browser(app).post('/analytics/stop').expect(303).expect('Location', '/sign-in');
  const agent = await signInAsDemo(app);
  await agent.get('/analytics').expect(303).expect('Location', '/myapp');
  await agent.get('/analytics/events').expect(404);
  await agent.post('/analytics/go-on').expect(404);
});

test('calls and analytics ask for the list of accounts once a minute between them', async () => {
  const app = await startApp();
  const { agent } = await visit(app, 'bakery');
  await agent.get('/calls').expect(200);
  await wholeAnalytics(agent);
  expect(app.upstream.requests.filter((line) => line.includes('/Accounts.json'))).toHaveLength(1);
});

test('the menu, the calls and each connection lead here', async () => {
  const app = await startApp();
  const { agent } = await visit(app, 'bakery');
  const [calls, myApp] = [await agent.get('/calls'), await agent.get('/myapp')];
  for (const { text } of [calls, myApp])
    expect(text).toContain('<a href="/analytics">Analytics</a>');
  for (const { text } of [calls, myApp]) {
    const link = attribute(text, /<a href="(\/analytics\?account=[^"]+)"/);
    expect((await wholeAnalytics(agent, link)).text).toContain('of Corner Bakery, main account');
  }
});
