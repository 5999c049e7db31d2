import type { ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import { afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Twilio } from 'twilio';
import type { Call } from '../../src/calls/call.ts';
import type { CallFilters } from '../../src/calls/filters.ts';
import { type ReadOptions, readAllCalls } from '../../src/calls/read-all.ts';
import { createCustomerClient } from '../../src/twilio/customer-client.ts';
import { connect, signInAsDemo } from '../browser.ts';
import {
  ACCOUNT,
  type CallLog,
  type LoggedCall,
  type LogOptions,
  random,
  sid,
  spread,
  startLog,
} from '../call-log.ts';
import { startApp } from '../start-app.ts';

// Long logs, on a machine that may have other work.
jest.setTimeout(30_000);

let log: CallLog | undefined;
afterEach(async () => {
  await log?.close();
  log = undefined;
});

async function start(calls: LoggedCall[], options?: LogOptions): Promise<CallLog> {
  log = await startLog(calls, options);
  return log;
}

function read(from: CallLog, filters: CallFilters = {}, options: ReadOptions = {}) {
  return readAllCalls(from.client, ACCOUNT, filters, { retryMs: 4, ...options });
}

async function sids(pages: AsyncIterable<Call[]>): Promise<string[]> {
  const all: string[] = [];
  for await (const page of pages) {
    expect(page.length).toBeGreaterThan(0);
    for (const call of page) all.push(call.sid);
  }
  return all;
}

const sidsOf = (calls: readonly LoggedCall[]) => calls.map((call) => call.sid);
const seconds = (text: string) => Date.parse(text) / 1000;
const completed = (start: number, index: number): LoggedCall => ({
  sid: sid(index),
  start,
  status: 'completed',
});
/** So many calls, `apart` seconds from each other, the newest at `from`. */
const row = (count: number, apart: number, from = '2026-03-11T12:00:00Z') =>
  Array.from({ length: count }, (_, n) => completed(seconds(from) - n * apart, n));

describe('the same calls in the same order as list(), and the same in all they say', () => {
  let client: Twilio;
  let main: string;

  beforeAll(async () => {
    const app = await startApp();
    const accountSid = await connect(await signInAsDemo(app), 'rossum');
    const sql = 'select owner_account_sid as sid from connections';
    main = String((await app.db.query<{ sid: string }>(sql))[0]?.sid);
    client = createCustomerClient(app.settings)(accountSid);
  });

  test.each([
    ['all of them', {}],
    ['a range of days', { startedAfter: '2026-02-15', startedBefore: '2026-03-05' }],
    ['one day', { startedAfter: '2026-03-03', startedBefore: '2026-03-03' }],
    ['those since a day', { startedAfter: '2026-03-01' }],
    ['those until a day', { startedBefore: '2026-03-01' }],
    ['those with a status', { status: 'completed' }],
    ['those with a party', { to: '+12125550100' }],
  ] as [string, CallFilters][])('%s', async (_name, filters) => {
    const { status, to, startedAfter, startedBefore } = filters;
    const day = (text: string, more = 0) => new Date(Date.parse(text) + more * 86_400_000);
    const list = await client.api.v2010.accounts(main).calls.list({
      pageSize: 1000,
      ...(status && { status }),
      ...(to && { to }),
      ...(startedAfter && { startTimeAfter: day(startedAfter) }),
      ...(startedBefore && { startTimeBefore: day(startedBefore, 1) }),
    });
    expect(list.length).toBeGreaterThan(50);
    const expected = list.map((call) => ({
      sid: call.sid,
      parentSid: call.parentCallSid,
      direction: call.direction,
      from: call.from,
      to: call.to,
      status: call.status,
      startedAt: call.startTime,
      endedAt: call.endTime,
      durationSeconds: call.duration === null ? null : Number(call.duration),
      price: call.price,
      currency: call.priceUnit,
    }));
    for (const pageSize of [1000, 200]) {
      const calls: Call[] = [];
      for await (const page of readAllCalls(client, main, filters, { pageSize })) {
        calls.push(...page);
      }
      expect(calls.slice(0, 300)).toEqual(expected.slice(0, 300));
      expect(calls.map((call) => call.sid)).toEqual(expected.map((call) => call.sid));
    }
  });
});

describe('requests', () => {
  const days90 = { startedAfter: '2025-12-12', startedBefore: '2026-03-11' };
  const days30 = { startedAfter: '2026-02-10', startedBefore: '2026-03-11' };

  test.each([
    ['none', 0, 30, {}, 1],
    ['1,000', 1000, 30, {}, 1],
    ['1,000 of a range', 1000, 30, days30, 1],
    ['1,001', 1001, 30, {}, 5],
    ['20,000 of 30 days', 20_000, 30, days30, 37],
    ['20,000 of an open range', 20_000, 30, {}, 37],
    ['100,000 of 90 days', 100_000, 90, days90, 137],
  ] as const)('%s calls cost no more than they may', async (_name, count, days, filters, most) => {
    const from = await start(spread(count, days));
    expect(await sids(read(from, filters))).toEqual(sidsOf(from.calls));
    expect(from.queries.length).toBeLessThanOrEqual(most);
    expect(from.mostInFlight).toBeLessThanOrEqual(8);
  });

  test('are eight at once, and never more', async () => {
    const from = await start(row(3000, 600));
    // Answers wait for one another: as many as there are when no more come.
    const waiting: (() => void)[] = [];
    let quiet: NodeJS.Timeout | undefined;
    const release = () => {
      for (const go of waiting.splice(0)) go();
    };
    from.hold = (go) => {
      waiting.push(go);
      clearTimeout(quiet);
      quiet = setTimeout(release, 30);
    };
    expect(await sids(read(from, {}, { pageSize: 20 }))).toEqual(sidsOf(from.calls));
    expect(from.mostInFlight).toBe(8);
  });

  test('ask for whole days where a day holds three pages, for hours where it holds more', async () => {
    const calm = await start(spread(2000, 30));
    await sids(read(calm, {}, { pageSize: 50 }));
    const times = (from: CallLog) =>
      from.queries.flatMap((query) => [query.get('StartTime<'), query.get('StartTime>')]);
    expect(times(calm).filter((time) => time?.includes('T'))).toEqual([]);
    await calm.close();

    const busy = await start(spread(2000, 3));
    await sids(read(busy, {}, { pageSize: 50 }));
    expect(times(busy).filter((time) => time?.includes('T')).length).toBeGreaterThan(20);
  });

  test('are few for a log that is short, or that ends long before its range', async () => {
    for (const filters of [{}, { startedAfter: '2020-01-01', startedBefore: '2026-03-11' }]) {
      const from = await start(spread(1500, 3));
      expect(await sids(read(from, filters))).toHaveLength(1500);
      expect(from.queries.length).toBeLessThanOrEqual(7);
      await from.close();
    }
  });

  test('find the calls of years ago behind a long silence', async () => {
    const from = await start([
      ...row(200, 600),
      ...row(300, 600, '2021-05-05T05:05:05Z').map((call, n) => ({ ...call, sid: sid(1000 + n) })),
    ]);
    expect(await sids(read(from, {}, { pageSize: 20 }))).toEqual(sidsOf(from.calls));
    expect(from.queries.length).toBeLessThanOrEqual(60);
  });
});

describe('no call twice, none missing', () => {
  const day = 86_400;
  const end = seconds('2026-03-12');

  /** A log of any shape: crowds in one second or one hour, midnights, silence, calls that never started. */
  function anyLog(draw: (below: number) => number, pageSize: number): LoggedCall[] {
    const count = [5, 60, 300, 800][draw(4)] ?? 0;
    const days = [1, 3, 30, 300][draw(4)] ?? 1;
    const starts: number[] = [];
    let undated = 0;
    while (starts.length < count) {
      const kind = draw(10);
      const time = end - 1 - draw(days * day);
      if (kind === 0) starts.push(time - (time % day));
      else if (kind === 1) starts.push(...Array(draw(pageSize * 5)).fill(time));
      else if (kind === 2)
        starts.push(...Array.from({ length: draw(pageSize * 8) }, () => time - draw(7200)));
      else if (kind === 3) undated += draw(2);
      else starts.push(time);
    }
    const calls: Omit<LoggedCall, 'sid'>[] = starts
      .sort((a, b) => b - a)
      .map((start) => ({ start, status: 'completed' }));
    for (let n = 0; n < undated; n++) {
      const status = draw(2) ? 'queued' : 'canceled';
      calls.splice(draw(calls.length + 1), 0, { start: null, status });
    }
    return calls.map((call, index) => ({ sid: sid(index), ...call }));
  }

  test.each(Array.from({ length: 50 }, (_, seed) => seed))(
    'in a log of any shape, whatever is asked of it (%i)',
    async (seed) => {
      const draw = random(seed);
      const pageSize = [5, 10, 50][draw(3)] ?? 10;
      const from = await start(anyLog(draw, pageSize), { daysOnly: draw(3) === 0 });
      const dayOf = (time: number) => new Date(time * 1000).toISOString().slice(0, 10);
      const [older = '', newer = ''] = [end - draw(30 * day), end - draw(30 * day)]
        .map(dayOf)
        .sort();
      const filters: CallFilters = {};
      if (draw(2)) filters.startedAfter = older;
      if (draw(2)) filters.startedBefore = newer;

      const found = await sids(read(from, filters, { pageSize }));
      const expected = from.calls.filter(({ start: time }) => {
        if (time === null) return !filters.startedAfter && !filters.startedBefore;
        if (filters.startedAfter && time < seconds(older)) return false;
        return !filters.startedBefore || time < seconds(newer) + day;
      });
      expect([...found].sort()).toEqual(sidsOf(expected).sort());
      const undated = new Set(sidsOf(expected.filter(({ start: time }) => time === null)));
      const dated = (list: string[]) => list.filter((one) => !undated.has(one));
      expect(dated(found)).toEqual(dated(sidsOf(expected)));
      expect(from.mostInFlight).toBeLessThanOrEqual(8);
    },
  );

  test('where more than three pages began in the same second, in the middle and at an edge', async () => {
    for (const second of ['2026-03-10T09:30:00Z', '2026-03-10T00:00:00Z']) {
      const starts = [...row(40, 300).map(({ start }) => Number(start)), ...Array(90).fill(0)];
      const calls = [
        ...starts.map((start) => start || seconds(second)),
        ...row(100, 3600, '2026-03-09T20:00:00Z').map(({ start }) => Number(start)),
      ].map(completed);
      const from = await start(calls.sort((a, b) => Number(b.start) - Number(a.start)));
      expect(await sids(read(from, {}, { pageSize: 20 }))).toEqual(sidsOf(from.calls));
      await from.close();
    }
  });

  test.each([
    ['heeds days only', { daysOnly: true }],
    ['refuses a time of day', {}],
  ])('of a Twilio that %s', async (_name, options: LogOptions) => {
    const from = await start(row(3000, 40), options);
    if (!options.daysOnly) {
      from.answer = (req, res) => {
        const isTime = /StartTime%3C=[^&]*T/.test(String(req.url));
        if (isTime) res.writeHead(400).end('{"status": 400, "code": 20001}');
        return isTime;
      };
    }
    expect(await sids(read(from, {}, { pageSize: 100 }))).toEqual(sidsOf(from.calls));
    const times = from.queries.filter((query) => query.get('StartTime<')?.includes('T'));
    expect(times).toHaveLength(1);
  });

  test('while new ones come in', async () => {
    const from = await start(row(500, 30));
    const before = sidsOf(from.calls);
    from.answer = (_req, _res, nth) => {
      if (nth === 0) return false;
      const newer = seconds('2026-03-11T12:00:00Z') + nth;
      from.calls.unshift({ ...completed(newer, 10_000 + nth), status: 'ringing' });
      return false;
    };
    expect(await sids(read(from, {}, { pageSize: 50 }))).toEqual(before);
    expect(from.calls.length).toBeGreaterThan(500);
  });
});

describe('calls that never started', () => {
  const undated = (status: string, n: number) => ({ sid: sid(50_000 + n), start: null, status });

  test('keep their place among the newest, and come last if they lie deeper', async () => {
    const calls = row(400, 3600);
    calls.splice(0, 0, undated('queued', 0));
    calls.splice(200, 0, undated('canceled', 1), undated('queued', 2));
    calls.splice(300, 0, undated('canceled', 3));
    const from = await start(calls);
    const found = await sids(read(from, {}, { pageSize: 20 }));
    expect(found[0]).toBe(sid(50_000));
    expect(found.slice(-3)).toEqual([sid(50_002), sid(50_001), sid(50_003)]);
    expect([...found].sort()).toEqual(sidsOf(calls).sort());
  });

  test('can be more than a page of the newest', async () => {
    const calls = [
      ...Array.from({ length: 70 }, (_, n) => undated('queued', n)),
      ...row(400, 3600),
    ];
    const from = await start(calls);
    expect(await sids(read(from, {}, { pageSize: 20 }))).toEqual(sidsOf(calls));
  });

  test('are found with a status of their own, and left out of a range of days', async () => {
    const calls = row(100, 3600);
    for (let n = 0; n < 60; n++) calls.splice(n * 2, 0, undated('canceled', n));
    const from = await start(calls);
    const found = await sids(read(from, { status: 'canceled' }, { pageSize: 20 }));
    expect(found).toEqual(Array.from({ length: 60 }, (_, n) => sid(50_000 + n)));
    const dated = await sids(read(from, { startedAfter: '2026-01-01' }, { pageSize: 20 }));
    expect(dated).toHaveLength(100);
  });

  test('are not looked for in vain where Twilio does not heed a status', async () => {
    const from = await start(row(400, 3600));
    from.answer = (req) => {
      req.url = String(req.url).replace(/Status=\w+/, '');
      return false;
    };
    expect(await sids(read(from, {}, { pageSize: 20 }))).toEqual(sidsOf(from.calls));
    expect(from.queries.filter((query) => query.has('Status'))).toHaveLength(2);
  });
});

describe('a reader that is slow', () => {
  test('stops the reading ahead at 24 pages, and gets everything in order', async () => {
    const from = await start(row(2000, 600));
    const pages = read(from, {}, { pageSize: 20 });
    const found = sidsOfPage(await pages.next());
    let asked = -1;
    while (asked < from.queries.length) {
      asked = from.queries.length;
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    // The first page is taken, and a few held no new call.
    expect(asked).toBeGreaterThan(20);
    expect(asked).toBeLessThanOrEqual(30);
    found.push(...(await sids(pages)));
    expect(found).toEqual(sidsOf(from.calls));
  });

  test('that goes away stops it at once', async () => {
    const from = await start(row(2000, 600), { latencyMs: 5 });
    for await (const page of read(from, {}, { pageSize: 20 })) {
      expect(page).toHaveLength(20);
      break;
    }
    const asked = from.queries.length;
    await new Promise((resolve) => setTimeout(resolve, 80));
    // Those that had left our side before it may still arrive.
    expect(from.queries.length - asked).toBeLessThan(8);
    expect(from.inFlight).toBe(0);
  });
});

function sidsOfPage({ value }: IteratorResult<Call[]>): string[] {
  return (value as Call[]).map((call) => call.sid);
}

describe('an abort', () => {
  test('ends the reading with its reason, and not one more request goes out', async () => {
    const from = await start(row(2000, 600));
    const leaving = new AbortController();
    let atAbort = 0;
    from.answer = (_req, res, nth) => {
      if (nth < 20) return false;
      if (nth === 20) {
        atAbort = from.queries.length;
        leaving.abort(new Error('the visitor left'));
      }
      setTimeout(() => res.destroy(), 30);
      return true;
    };
    const reading = sids(read(from, {}, { pageSize: 20, signal: leaving.signal }));
    await expect(reading).rejects.toThrow('the visitor left');
    await new Promise((resolve) => setTimeout(resolve, 80));
    // Those that had left our side before it may still arrive.
    expect(from.queries.length - atAbort).toBeLessThan(8);
    expect(from.queries.length).toBeGreaterThan(20);
  });

  test('ends the wait for a retry too', async () => {
    const from = await start(row(10, 600));
    from.answer = (_req, res) => {
      res.writeHead(429, { 'Retry-After': '60' }).end('{}');
      return true;
    };
    const leaving = new AbortController();
    const reading = sids(read(from, {}, { signal: leaving.signal }));
    while (from.queries.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    leaving.abort(new Error('the visitor left'));
    await expect(reading).rejects.toThrow('the visitor left');
    expect(from.queries).toHaveLength(1);
  });

  test('that came first asks nothing', async () => {
    const from = await start(row(10, 600));
    await expect(sids(read(from, {}, { signal: AbortSignal.abort() }))).rejects.toThrow('abort');
    expect(from.queries).toEqual([]);
  });
});

describe('a 429', () => {
  const throttle = '{"code": 20429, "status": 429, "message": "Too Many Requests"}';

  test('halves the requests on the way, which come back, and loses nothing', async () => {
    const from = await start(row(4000, 600));
    const waves: number[] = [];
    let waiting: ((refuse: boolean) => void)[] = [];
    let quiet: NodeJS.Timeout | undefined;
    const release = () => {
      const wave = waiting;
      waiting = [];
      waves.push(wave.length);
      for (const go of wave) go(waves.length === 8);
    };
    from.hold = (go, res) => {
      waiting.push((refuse) => {
        if (!refuse) return go();
        res.writeHead(429, { 'Content-Type': 'application/json' }).end(throttle);
      });
      clearTimeout(quiet);
      quiet = setTimeout(release, 30);
    };
    expect(await sids(read(from, {}, { pageSize: 20 }))).toEqual(sidsOf(from.calls));
    expect(waves.slice(7, 12)).toEqual([8, 4, 4, 5, 5]);
    expect(Math.max(...waves.slice(12))).toBe(8);
  });

  test('is answered by a wait, not by quick tries', async () => {
    const from = await start(row(10, 600));
    const times: number[] = [];
    from.answer = (_req, res, nth) => {
      times.push(Date.now());
      if (nth > 0) return false;
      res.writeHead(429, { 'Retry-After': '0' }).end(throttle);
      return true;
    };
    expect(await sids(read(from, {}, { retryMs: 40 }))).toHaveLength(10);
    expect(times).toHaveLength(2);
  });

  test('that stays is the error in the end', async () => {
    const from = await start(row(10, 600));
    from.answer = (_req, res) => {
      res.writeHead(429, { 'Content-Type': 'application/json' }).end(throttle);
      return true;
    };
    const reading = sids(read(from, {}, { retryMs: 1 }));
    await expect(reading).rejects.toMatchObject({ status: 429, code: 20429 });
    expect(from.queries).toHaveLength(8);
  });

  test('is the error at once where the first page is due before the wait is over', async () => {
    const from = await start(row(10, 600));
    from.answer = (_req, res) => {
      res.writeHead(429, { 'Retry-After': '30' }).end(throttle);
      return true;
    };
    const reading = sids(read(from, {}, { firstBy: performance.now() + 7000 }));
    await expect(reading).rejects.toMatchObject({ status: 429 });
    expect(from.queries).toHaveLength(1);
  });
});

test('a wait that ends between two looks at the clock is over', async () => {
  const from = await start(row(10, 600));
  from.answer = (_req, res, nth) => {
    if (nth === 0) res.writeHead(500).end();
    return nth === 0;
  };
  // 100 ms to wait, of which each look takes 30: one of them is the last before the end, the next one the first after it.
  let time = 0;
  const clock = jest.spyOn(performance, 'now').mockImplementation(() => {
    time += 30;
    return time;
  });
  const chance = jest.spyOn(Math, 'random').mockReturnValue(1);
  try {
    expect(await sids(read(from, {}, { retryMs: 100 }))).toHaveLength(10);
  } finally {
    clock.mockRestore();
    chance.mockRestore();
  }
});

describe('an answer that cannot be used', () => {
  const failures: [string, (res: ServerResponse) => void, object][] = [
    ['a reset', (res) => res.destroy(), { code: 'ECONNRESET' }],
    [
      'a 500',
      (res) => res.writeHead(500, { 'Content-Type': 'application/json' }).end('{"code": 20500}'),
      { status: 500, code: 20500 },
    ],
    ['HTML', (res) => res.writeHead(503).end('<h1>Down</h1>'), { status: 503 }],
    ['half a JSON', (res) => res.end('{"calls": ['), { name: 'TwilioUnreachable' }],
    ['no list', (res) => res.end('{"calls": {}}'), { name: 'TwilioUnreachable' }],
    ['nothing', (res) => res.end(), { name: 'TwilioUnreachable' }],
  ];

  test.each(failures)('(%s) is asked for again twice', async (_name, fail, error) => {
    const from = await start(row(300, 600));
    // One in the middle of the read fails twice, and all is well.
    const tries = new Map<string, number>();
    let failed: string | undefined;
    from.answer = (req, res, nth) => {
      if (nth >= 10) failed ??= req.url;
      if (req.url !== failed) return false;
      const count = (tries.get(String(req.url)) ?? 0) + 1;
      tries.set(String(req.url), count);
      if (count > 2) return false;
      fail(res);
      return true;
    };
    expect(await sids(read(from, {}, { pageSize: 20 }))).toEqual(sidsOf(from.calls));
    expect([...tries.values()]).toEqual([3]);

    from.queries.length = 0;
    from.answer = (_req, res) => {
      fail(res);
      return true;
    };
    await expect(sids(read(from))).rejects.toMatchObject(error);
    expect(from.queries).toHaveLength(3);
  });

  test.each([
    [400, 20001],
    [401, 20003],
    [403, 20403],
    [404, 20404],
  ])('(a %i) is the error at once, as the SDK has it', async (status, code) => {
    const from = await start(row(10, 600));
    const more_info = `https://www.twilio.com/docs/errors/${code}`;
    from.answer = (_req, res) => {
      res.writeHead(status, { 'Content-Type': 'application/json' });
      res.end(JSON.stringify({ code, message: 'Twilio says no', more_info, status }));
      return true;
    };
    const caught = await sids(read(from)).catch((error: unknown) => error);
    const listed = await from.client.calls.list({ pageSize: 1000 }).catch((error) => error);
    expect(caught).toBeInstanceOf(listed.constructor);
    for (const name of ['status', 'code', 'message', 'moreInfo']) {
      expect(caught).toHaveProperty(name, listed[name]);
    }
    expect((caught as { moreInfo: string }).moreInfo).toBe(more_info);
    expect(from.queries).toHaveLength(2);
    expect(/token|authorization|basic/i.test(inspect(caught, { depth: 9 }))).toBe(false);
  });
});
