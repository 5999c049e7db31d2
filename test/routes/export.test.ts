import http from 'node:http';
import net from 'node:net';
import { describe, expect, jest, test } from '@jest/globals';
import type { Response } from 'express';
import type { CallListInstanceOptions } from 'twilio/lib/rest/api/v2010/account/call.js';
import { markDeauthorized } from '../../src/database/connections.ts';
import { createCustomerClient } from '../../src/twilio/customer-client.ts';
import {
  type Agent,
  attribute,
  browser,
  type Customer,
  callSids,
  connect,
  connectButton,
  signInAsDemo,
  signUp,
} from '../browser.ts';
import { csvRows } from '../csv-rows.ts';
import { startApp, type TestApp, twilioError } from '../start-app.ts';

// Long logs, on a machine that may have other work.
jest.setTimeout(120_000);

/** A signed-in visitor with a connected customer. The requests of the way there are forgotten. */
async function visit(app: TestApp, customer: Customer = 'rossum') {
  const agent = await signInAsDemo(app);
  const accountSid = await connect(agent, customer);
  const cookie = agent.jar.getCookies({ path: '/', domain: '127.0.0.1' } as never).toValueString();
  app.upstream.requests.length = 0;
  return { agent, accountSid, cookie };
}

/** A visitor whose customer has so many calls in a year. */
async function visitMany(calls: number) {
  const app = await startApp({ SANDBOX_CALLS: String(calls) });
  return { app, ...(await visit(app, 'metropolis')) };
}

/** A download as it comes in, for what an agent would not show. */
interface Download {
  answer: http.IncomingMessage;
  /** All that came, once it has ended: whole, or broken off with the code of the failure. */
  end: Promise<{ text: string; code: string | undefined }>;
  leave(): void;
}

function download(app: TestApp, cookie: string, path = '/calls.csv'): Promise<Download> {
  return new Promise((resolve, reject) => {
    const request = http.get(app.url + path, { headers: { cookie }, agent: false });
    request.once('error', reject);
    request.once('response', (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      answer.pause();
      const end = new Promise<{ text: string; code: string | undefined }>((ended) => {
        answer.once('error', (error: NodeJS.ErrnoException) => ended({ text, code: error.code }));
        answer.once('end', () => ended({ text, code: undefined }));
      });
      resolve({ answer, end, leave: () => request.destroy() });
    });
  });
}

const pages = ({ upstream }: TestApp) =>
  upstream.requests.filter((line) => line.includes('/Calls.json'));

/** Waits until no more requests for calls go out. Gives how many there have been. */
async function settled(app: TestApp): Promise<number> {
  let asked = -1;
  while (asked < pages(app).length) {
    asked = pages(app).length;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  return asked;
}

/** As soon as so many requests for calls have come. */
async function asked(app: TestApp, count: number): Promise<void> {
  while (pages(app).length < count) await new Promise((resolve) => setTimeout(resolve, 10));
}

function failAfter(app: TestApp, count: number, fail: (res: Response) => unknown): void {
  app.upstream.answer = (_req, res) => {
    if (pages(app).length > count) fail(res);
  };
}

const hold = (app: TestApp) => {
  app.upstream.answer = (_req, res) => {
    res.locals.held = true;
  };
};

describe('the file', () => {
  test.each([
    ['all calls', '', {}],
    ['those with a status', '?status=busy', { status: 'busy' }],
    ['those to somebody', '?to=client:alice', { to: 'client:alice' }],
    ['those from a number', '?from=%2B12125550103', { from: '+12125550103' }],
    [
      'those of some days',
      '?started-after=2026-02-15&started-before=2026-03-05',
      { startTimeAfter: '2026-02-15', startTimeBefore: '2026-03-06' },
    ],
    [
      'those of one day',
      '?started-after=2026-03-03&started-before=2026-03-03',
      { startTime: '2026-03-03' },
    ],
    ['none, if none fits', '?to=client:nobody', { to: 'client:nobody' }],
  ] as [string, string, object][])(
    'holds %s, as list() has them',
    async (_name, query, options) => {
      const app = await startApp();
      const { agent, accountSid } = await visit(app);
      const file = await agent.get(`/calls.csv${query}`).expect(200);

      const sql = 'select owner_account_sid as sid from connections';
      const [row] = await app.db.query<{ sid: string }>(sql);
      const client = createCustomerClient(app.settings)(accountSid);
      const calls = await client.api.v2010
        .accounts(String(row?.sid))
        .calls.list({ ...(options as CallListInstanceOptions), pageSize: 1000 });
      const midnight = Date.parse('2026-03-06');
      const wanted = calls.filter(
        ({ startTime }) => !('startTimeBefore' in options) || Number(startTime) < midnight,
      );
      expect(csvRows(file.text)).toEqual(
        wanted.map((call) => ({
          sid: call.sid,
          parent_sid: call.parentCallSid ?? '',
          direction: call.direction,
          from: call.from,
          to: call.to,
          status: call.status,
          started_at: call.startTime?.toISOString() ?? '',
          ended_at: call.endTime?.toISOString() ?? '',
          duration_seconds: call.duration ?? '',
          price: call.price ?? '',
          currency: call.priceUnit ?? '',
        })),
      );
      if (query === '') expect(calls.length).toBeGreaterThan(3000);
    },
  );

  test('begins with the names of the columns, and is CSV in UTF-8 that no cache keeps', async () => {
    const app = await startApp();
    const { agent } = await visit(app, 'bakery');
    const file = await agent.get('/calls.csv?started-after=2026-03-01').expect(200);
    expect(file.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8; header=present',
      'cache-control': 'no-store',
      'content-disposition':
        'attachment; filename="Corner Bakery calls since 2026-03-01.csv"; ' +
        "filename*=UTF-8''Corner%20Bakery%20calls%20since%202026-03-01.csv",
    });
    expect(file.text.split('\r\n')[0]).toBe(
      'sid,parent_sid,direction,from,to,status,started_at,ended_at,duration_seconds,price,currency',
    );
    const shown = await agent.get('/calls?started-after=2026-03-01');
    expect(csvRows(file.text).map(({ sid }) => sid)).toEqual(callSids(shown.text));
  });

  test('has nothing of a caller’s that a spreadsheet would run', async () => {
    const app = await startApp();
    const { agent } = await visit(app, 'bakery');
    const parties = [
      '=HYPERLINK("http://evil.example")',
      '@A1',
      '+15551230000',
      'sip:"Zoë, 東京"@x',
    ];
    app.upstream.answer = (req, res) => {
      if (!req.originalUrl.includes('Calls.json')) return;
      const calls = parties.map((from, digit) => ({
        sid: `CA${String(digit).repeat(32)}`,
        status: 'completed',
        from,
        price: '-0.00850',
      }));
      res.json({ calls, next_page_uri: null });
    };
    const rows = csvRows((await agent.get('/calls.csv').expect(200)).text);
    expect(rows.map(({ from }) => from)).toEqual([
      `'${parties[0]}`,
      "'@A1",
      '+15551230000',
      'sip:"Zoë, 東京"@x',
    ]);
    expect(rows[0]?.price).toBe('-0.00850');
  });

  test.each([
    'Say "hi"',
    'Two\r\nSet-Cookie: lines=1',
    '../../etc/passwd',
    'Zoë’s 東京 📞',
    `a${'𠮷'.repeat(300)}`,
    '',
  ])('of an account that is called %j is a download like all others', async (name) => {
    const app = await startApp();
    const { agent } = await visit(app, 'bakery');
    app.upstream.answer = async (req, res) => {
      if (!req.originalUrl.includes('/Accounts.json')) return;
      const accounts = [{ sid: main, friendly_name: name, status: 'active' }];
      res.json({ accounts, next_page_uri: null });
    };
    const sql = 'select owner_account_sid as sid from connections';
    const main = (await app.db.query<{ sid: string }>(sql))[0]?.sid;
    const file = await agent.get('/calls.csv').expect(200);
    const disposition = String(file.headers['content-disposition']);
    expect(disposition).toMatch(
      /^attachment; filename="[\w .-]+ calls all\.csv"; filename\*=UTF-8''[\w.%-]+calls%20all\.csv$/,
    );
    expect(file.headers['set-cookie']).toBeUndefined();
    expect(csvRows(file.text).length).toBeGreaterThan(50);

    const page = await agent.get('/calls/export').expect(200);
    const link = attribute(page.text, /<a id="download" class="button" href="([^"]+)"/);
    expect((await agent.get(link).expect(200)).text).toBe(file.text);
  });

  test('of 20,000 calls has each of them once, newest first', async () => {
    const { app, agent } = await visitMany(20_000);
    const rows = csvRows((await agent.get('/calls.csv').expect(200)).text);
    expect(rows.length).toBeGreaterThan(18_000);
    expect(new Set(rows.map(({ sid }) => sid)).size).toBe(rows.length);
    const times = rows.flatMap(({ started_at }) => started_at || []);
    expect(times).toEqual([...times].sort().reverse());
    expect(pages(app).length).toBeLessThanOrEqual(37);
  });

  test('asked for by HEAD is its headers alone, after one page', async () => {
    const { app, agent } = await visitMany(50_000);
    const head = await agent.head('/calls.csv?status=completed').expect(200);
    expect(head.headers['content-type']).toBe('text/csv; charset=utf-8; header=present');
    expect(head.headers['content-disposition']).toContain('Metropolis Exchange calls all.csv');
    expect(head.text ?? '').toBe('');
    // What was read ahead by then may still arrive.
    expect(await settled(app)).toBeLessThanOrEqual(9);
    await agent.head('/calls.csv?status=done').expect(400);
  });
});

describe('if Twilio fails half-way', () => {
  test.each([
    ['a 500', (res) => twilioError(res, 500, 20500)],
    ['a 401', (res) => twilioError(res, 401, 20003)],
    ['a cut connection', (res) => res.destroy()],
    ['garbage', (res) => res.type('json').send('{"calls": [')],
  ] as [string, (res: Response) => unknown][])(
    'with %s, the download breaks off, and the log says why',
    async (_name, fail) => {
      const { app, cookie } = await visitMany(20_000);
      failAfter(app, 12, fail);
      const file = await download(app, cookie);
      file.answer.resume();
      const { text, code } = await file.end;
      expect(file.answer.statusCode).toBe(200);
      expect(code).toBe('ECONNRESET');
      expect(file.answer.complete).toBe(false);
      expect(text.length).toBeGreaterThan(0);
      expect(app.logs.join()).toContain('broke off');
    },
  );

  test('a client of HTTP/1.0, such as many a proxy, sees it too', async () => {
    const { app, cookie } = await visitMany(20_000);
    failAfter(app, 12, (res) => twilioError(res, 401, 20003));
    let text = '';
    // A byte at a time: of a reset, Node tells as of an ordinary end if its last reading did not fill the buffer.
    const onread = {
      buffer: Buffer.alloc(1),
      callback: (_length: number, byte: Uint8Array) => {
        text += String.fromCharCode(...byte);
        return true;
      },
    };
    const socket = net.connect({ port: Number(new URL(app.url).port), host: '127.0.0.1', onread });
    socket.write(`GET /calls.csv HTTP/1.0\r\nHost: 127.0.0.1\r\nCookie: ${cookie}\r\n\r\n`);
    const end = await new Promise((resolve) => {
      socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code));
      socket.once('end', () => resolve('end'));
    });
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(end).toBe('ECONNRESET');
    expect(app.logs.join()).toContain('broke off');
  });

  test('and answers again within the retries, nothing is missing', async () => {
    const { app, agent } = await visitMany(20_000);
    const whole = csvRows((await agent.get('/calls.csv')).text);
    app.upstream.requests.length = 0;
    app.upstream.answer = (_req, res) => {
      const nth = pages(app).length;
      if (nth === 5) twilioError(res, 429, 20429);
      if (nth === 9) res.destroy();
    };
    expect(csvRows((await agent.get('/calls.csv').expect(200)).text)).toEqual(whole);
  });
});

describe('what fails before the first byte is answered as at /calls', () => {
  test.each([
    ['status=done', 'status'],
    ['started-after=2026-03-02&started-before=2026-03-01', 'started-after'],
    ['account=a&account=b', 'account'],
  ])('the query %s gets 400', async (query, field) => {
    const app = await startApp();
    const { agent } = await visit(app);
    for (const path of ['/calls.csv', '/calls/export']) {
      const page = await agent.get(`${path}?${query}`).expect(400);
      expect(page.text).toContain(`<p class="lead">${field}: `);
      expect(page.headers['content-disposition']).toBeUndefined();
    }
    expect(app.upstream.requests).toEqual([]);
  });

  test.each([
    ['a 401', 403, 'any more', (res) => twilioError(res, 401, 20003)],
    ['a 404', 404, 'does not know this account', (res) => twilioError(res, 404, 20404)],
    ['a 400', 400, 'does not accept this filter', (res) => twilioError(res, 400, 20001)],
    ['a 500', 503, 'Twilio is not answering', (res) => twilioError(res, 500, 20500)],
    ['garbage', 503, 'Twilio is not answering', (res) => res.type('json').send('{"calls": [')],
  ] as [string, number, string, (res: Response) => unknown][])(
    '%s of Twilio’s becomes %i, with the cure',
    async (_name, status, text, fail) => {
      const app = await startApp();
      const { agent } = await visit(app);
      app.upstream.answer = (_req, res) => void fail(res);
      for (const path of ['/calls.csv', '/calls/export']) {
        const page = await agent.get(path).expect(status).expect('Content-Type', /html/);
        expect(page.text).toContain(text);
        if (status === 403) connectButton(page.text);
      }
      await agent.head('/calls.csv').expect(status);
      app.upstream.answer = undefined;
      app.clock.now += 60_000;
      await agent.get('/calls.csv').expect(200);
    },
  );

  test('a Twilio that throttles for longer than a page may take gets 503', async () => {
    const app = await startApp();
    const { agent } = await visit(app);
    app.upstream.answer = (req, res) => {
      if (req.originalUrl.includes('Calls.json')) {
        twilioError(res.set('Retry-After', '30'), 429, 20429);
      }
    };
    const page = await agent.get('/calls.csv').expect(503);
    expect(page.text).toContain('too many requests');
  });

  test('a Twilio that never answers gets 503, and is not asked again', async () => {
    const app = await startApp();
    const { agent } = await visit(app);
    hold(app);
    const page = await agent.get('/calls.csv').expect(503);
    expect(page.text).toContain('Twilio is not answering');
    expect(await settled(app)).toBe(1);
  });

  test('an account that left gets 403, one that is nobody’s 404, none a way to connect one', async () => {
    const app = await startApp();
    const { agent, accountSid } = await visit(app);
    for (const path of ['/calls.csv', '/calls/export']) {
      await agent.get(`${path}?account=AAAAAAAAAAAAAAAA`).expect(404);
    }
    await markDeauthorized(app.db, accountSid, app.clock.now);
    connectButton((await agent.get('/calls.csv').expect(403)).text);
    const nobody = await signUp(app, 'nobody@example.com');
    for (const path of ['/calls.csv', '/calls/export']) {
      await nobody.get(path).expect(303).expect('Location', '/myapp');
    }
  });

  test('who is signed out signs in first, and comes back', async () => {
    const app = await startApp();
    for (const path of ['/calls.csv?status=busy', '/calls/export?status=busy']) {
      await browser(app)
        .get(path)
        .expect(303)
        .expect('Location', `/sign-in?next=${encodeURIComponent(path)}`);
    }
    expect(app.upstream.requests).toEqual([]);
  });
});

describe('a main account that may not be read', () => {
  async function visitClosed() {
    const app = await startApp();
    const { agent, accountSid } = await visit(app);
    const page = await agent.get('/calls/export').expect(200);
    const link = attribute(page.text, /id="download" class="button" href="([^"]+)"/);
    app.clock.now += 61_000;
    app.upstream.answer = (req, res) => {
      const account = { sid: accountSid, friendly_name: 'Connect for you', status: 'active' };
      if (req.originalUrl.includes('/Accounts.json'))
        res.json({ accounts: [account], next_page_uri: null });
      else if (!req.originalUrl.includes(accountSid)) twilioError(res, 401, 20003);
    };
    return { agent, link };
  }

  test('gives way to the authorized one, as the page says and the file is named', async () => {
    const { agent } = await visitClosed();
    const page = await agent.get('/calls/export').expect(200);
    expect(page.text).toContain('Your main account may not be read');
    const file = await agent.get('/calls.csv').expect(200);
    expect(file.headers['content-disposition']).toMatch(
      /"Connect Quickstart for .* calls all\.csv"/,
    );
    expect(csvRows(file.text)).toEqual([]);
  });

  test('but was asked for by name is no file of another account', async () => {
    const { agent, link } = await visitClosed();
    const page = await agent.get(link).expect(403);
    expect(page.text).toContain('Read all account data');
  });
});

test('a client that is slow makes us read no further than it can take', async () => {
  const { app, cookie } = await visitMany(150_000);
  const file = await download(app, cookie);
  const before = await settled(app);
  expect(before).toBeGreaterThan(8);
  expect(before).toBeLessThan(100);
  expect(file.answer.complete).toBe(false);
  file.answer.resume();
  await asked(app, before + 10);
  file.leave();
});

test('a visitor who leaves stops the requests to Twilio, and that is no failure', async () => {
  const { app, cookie } = await visitMany(150_000);
  const file = await download(app, cookie);
  file.answer.resume();
  await asked(app, 12);
  file.leave();
  const before = pages(app).length;
  // Those that had left our side before it may still arrive, and those that it took to notice.
  expect((await settled(app)) - before).toBeLessThan(24);
  expect(app.logs.join()).not.toContain('broke off');
  expect(app.logs.join()).not.toContain('failed');
});

test('one who leaves before the first byte is no failure of Twilio’s', async () => {
  const app = await startApp();
  const { agent, cookie } = await visit(app);
  // Its accounts are known then: the calls alone are waited for.
  await agent.get('/calls').expect(200);
  app.upstream.requests.length = 0;
  hold(app);
  const request = http.get(`${app.url}/calls.csv`, { headers: { cookie }, agent: false });
  request.on('error', () => {});
  await asked(app, 1);
  request.destroy();
  await settled(app);
  expect(app.logs.join()).toContain('GET /calls.csv');
  expect(app.logs.join()).not.toContain('no calls');
});

test.each([0, 12])('one who leaves after %i pages has nothing tried again', async (count) => {
  const { app, cookie } = await visitMany(20_000);
  failAfter(app, count, (res) => twilioError(res.set('Retry-After', '2'), 429, 20429));
  const request = http.get(`${app.url}/calls.csv`, { headers: { cookie }, agent: false });
  request.on('error', () => {}).on('response', (answer) => answer.on('error', () => {}).resume());
  await asked(app, count + 1);
  const before = await settled(app);
  request.destroy();
  await new Promise((resolve) => setTimeout(resolve, 2500));
  expect(pages(app)).toHaveLength(before);
  expect(app.logs.join()).not.toContain('broke off');
});

test('one who signs out and disconnects meanwhile still gets what was asked for before', async () => {
  const { app, agent, cookie } = await visitMany(20_000);
  const whole = (await agent.get('/calls.csv').expect(200)).text;
  const waiting: (() => void)[] = [];
  app.upstream.answer = (req, res) => {
    if (!req.originalUrl.includes('StartTime') || res.locals.held) return;
    res.locals.held = true;
    waiting.push(() => req.next?.());
  };
  const file = await download(app, cookie);
  await agent.post('/connections/1/disconnect').expect(303);
  await agent.post('/sign-out').expect(303);
  expect(waiting.length).toBeGreaterThan(0);
  app.upstream.answer = undefined;
  for (const go of waiting) go();
  file.answer.resume();
  expect(await file.end).toEqual({ text: whole, code: undefined });
  await agent.get('/calls.csv').expect(303);
});

describe('a third export at once', () => {
  test('of the same user is a 429 that says what to do, until one of the others ends', async () => {
    const { app, agent, cookie } = await visitMany(20_000);
    // Both get their first page, and wait for more.
    app.upstream.answer = (req, res) => {
      res.locals.held = req.originalUrl.includes('StartTime');
    };
    const [first, second] = [await download(app, cookie), await download(app, cookie)];
    const page = await agent.get('/calls.csv').expect(429).expect('Retry-After', '10');
    expect(page.text).toContain('Two exports are running already');
    expect(page.text).toContain('Wait until one of them has finished, or cancel it.');

    const other = await signUp(app, 'other@example.com');
    await connect(other, 'bakery');
    await other.get('/calls.csv').expect(200);

    first.leave();
    const again = () => agent.get('/calls.csv?to=client:nobody');
    while ((await again()).status === 429) await settled(app);
    await again().expect(200);
    second.leave();
  });

  test('counts none that failed, was refused, or asked for headers alone', async () => {
    const app = await startApp();
    const { agent } = await visit(app, 'bakery');
    failAfter(app, 0, (res) => twilioError(res, 401, 20003));
    for (const _time of [1, 2, 3]) await agent.get('/calls.csv').expect(403);
    app.upstream.answer = undefined;
    for (const _time of [1, 2, 3]) await agent.head('/calls.csv').expect(200);
    for (const _time of [1, 2, 3]) await agent.get('/calls.csv?status=done').expect(400);
    await agent.get('/calls.csv').expect(200);
  });
});

test('no AccountSid stands in a page, a file, a link or a log line', async () => {
  const { app, agent, cookie } = await visitMany(20_000);
  const page = await agent.get('/calls/export').expect(200);
  const file = await agent.get(attribute(page.text, /id="download" class="button" href="([^"]+)"/));
  failAfter(app, pages(app).length + 12, (res) => twilioError(res, 401, 20003));
  const broken = await download(app, cookie);
  broken.answer.resume();
  await broken.end;
  const all = [page.text, file.text, JSON.stringify(file.headers), ...app.logs].join('\n');
  expect(all).toContain('broke off');
  expect(all).not.toMatch(/AC[0-9a-f]{32}/);
  expect(all).not.toContain(app.settings.authToken);
});

describe('the page of the export', () => {
  const open = async (agent: Agent, query = '') =>
    (await agent.get(`/calls/export${query}`).expect(200)).text;

  test('says how many calls there are, where one request tells', async () => {
    const app = await startApp();
    const { agent } = await visit(app, 'bakery');
    const text = await open(agent);
    expect(pages(app)).toHaveLength(1);
    const count = csvRows((await agent.get('/calls.csv')).text).length;
    expect(text).toContain(`<h2>${count} calls</h2>`);
    expect(text).toContain(`data-count="${count}"`);
  });

  test('says about how many there are, where a first day bounds them', async () => {
    const app = await startApp();
    const { agent } = await visit(app);
    const query = '?started-after=2026-02-15';
    const count = Number(attribute(await open(agent, query), /data-count="(\d+)"/));
    const rows = csvRows((await agent.get(`/calls.csv${query}`)).text);
    expect(count / rows.length).toBeGreaterThan(0.7);
    expect(count / rows.length).toBeLessThan(1.3);
    const guess = 'if all days had as many calls as the newest';
    expect(await open(agent, query)).toContain(guess);
    expect(await open(agent)).not.toContain(guess);
    expect(await open(agent)).toMatch(/<h2>More than 1,000 calls, about \d+ a day<\/h2>/);
  });

  test('keeps the filters in its links, and says them', async () => {
    const app = await startApp();
    const { agent } = await visit(app);
    const query = '?status=busy&to=%2B12125550100&started-after=2026-03-01';
    const text = await open(agent, query);
    expect(text).toContain(
      'Only calls with the status busy, to +12125550100, started on 2026-03-01 or later.',
    );
    for (const path of ['/calls.csv', '/calls']) {
      const link = attribute(text, new RegExp(`href="(${path}\\?account=[^"]+)"`));
      expect(link.replace(/account=[\w-]{16}&/, '')).toBe(path + query);
    }
    expect(text).toContain('data-file="Rossum Industries calls since 2026-03-01.csv"');
    // It would save whatever page answers in the file's place, under the file's name.
    expect(text).not.toContain(' download="');
  });

  test('is led to from the list, with its filters and its account', async () => {
    const app = await startApp();
    const { agent } = await visit(app);
    const list = await agent.get('/calls?status=busy');
    const link = attribute(list.text, /href="(\/calls\/export\?[^"]+)"/);
    expect((await agent.get(link).expect(200)).text).toContain('Only calls with the status busy.');
  });

  test('offers nothing where there is nothing', async () => {
    const app = await startApp();
    const { agent } = await visit(app, 'newcomer');
    const text = await open(agent);
    expect(text).toContain('There is nothing to export.');
    expect(text).not.toMatch(/calls\.csv|export\.js/);
  });
});
