import { type IncomingMessage, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import {
  type Agent,
  attribute,
  browser,
  type Customer,
  callSids,
  connect,
  pathOf,
  signInAsDemo,
  signUp,
} from '../browser.ts';
import { startApp, type TestApp, twilioError } from '../start-app.ts';

/** A signed-in visitor with a connected customer. The requests of the way there are forgotten. */
async function visit(app: TestApp, customer: Customer = 'rossum') {
  const agent = await signInAsDemo(app);
  const accountSid = await connect(agent, customer);
  app.upstream.requests.length = 0;
  return { agent, accountSid };
}

/** The lines of a file, without the header. */
function lines(csv: string): string[] {
  expect(csv).toMatch(/^sid,parent_sid,.*\r\n/);
  return csv.split('\r\n').slice(1, -1);
}

const sidsOf = (csv: string) => lines(csv).map((line) => line.split(',')[0]);

/** All calls of the account as /calls shows them, page after page. */
async function shown(agent: Agent, query = ''): Promise<string[]> {
  const page = await agent.get(`/calls?size=1000${query}`).expect(200);
  const sids = callSids(page.text);
  let [, link] = /rel="next" href="([^"]+)"/.exec(page.text) ?? [];
  while (link) {
    const next = await agent.get(pathOf(link)).expect(200);
    sids.push(...callSids(next.text));
    [, link] = /rel="next" href="([^"]+)"/.exec(next.text) ?? [];
  }
  return sids;
}

const callsRequests = (app: TestApp) =>
  app.upstream.requests.filter((line) => line.includes('/Calls.json'));

/** A download that its test reads, or does not read, as it likes. */
async function download(app: TestApp, agent: Agent, path = '/calls.csv') {
  const jar = agent.jar.getCookies({
    path: '/',
    domain: '127.0.0.1',
    secure: false,
    script: false,
  });
  const asked = request(app.url + path, { headers: { Cookie: jar.toValueString() } }).end();
  const answer = await new Promise<IncomingMessage>((resolve, reject) =>
    asked.once('response', resolve).once('error', reject),
  );
  return { asked, answer };
}

async function whole(answer: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of answer.setEncoding('utf8')) text += chunk;
  return text;
}

/** Waits for what another part of the process is about to do. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(5);
}

describe('the file', () => {
  test('has every call of the main account, as /calls shows them', async () => {
    const app = await startApp();
    const { agent } = await visit(app);
    const file = await agent.get('/calls.csv').expect(200);
    const sids = sidsOf(file.text);
    expect(sids.length).toBeGreaterThan(3000);
    expect(sids).toEqual(await shown(agent));
  });

  test.each([
    '&status=busy',
    '&to=%2B12125550100',
    '&started-after=2026-03-02&started-before=2026-03-04',
    '&started-before=2026-02-11',
  ])('with %s has the calls that /calls shows with it', async (query) => {
    const app = await startApp();
    const { agent } = await visit(app);
    const file = await agent.get(`/calls.csv?${query}`).expect(200);
    expect(sidsOf(file.text).length).toBeGreaterThan(10);
    expect(sidsOf(file.text)).toEqual(await shown(agent, query));
  });

  test('of a small customer costs one request for calls', async () => {
    const app = await startApp();
    const { agent } = await visit(app, 'bakery');
    const file = await agent.get('/calls.csv').expect(200);
    expect(lines(file.text).length).toBeGreaterThan(10);
    expect(callsRequests(app)).toHaveLength(1);
    expect(callsRequests(app)[0]).toContain('PageSize=1000');
  });

  test('of the account that was chosen, also one without calls', async () => {
    const app = await startApp();
    const { agent } = await visit(app);
    const calls = await agent.get('/calls');
    const key = attribute(calls.text, /value="([\w-]{16})"[^>]*>[^<]*Connect subaccount/);
    const file = await agent.get(`/calls.csv?account=${key}`).expect(200);
    expect(lines(file.text)).toEqual([]);
    expect(file.headers['content-disposition']).toContain(
      'Connect Quickstart for Rossum Industries',
    );
  });

  test('says what it is, what it is called, and is kept by no cache', async () => {
    const app = await startApp();
    const { agent } = await visit(app);
    const file = await agent.get('/calls.csv?started-after=2026-03-10').expect(200);
    expect(file.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition':
        'attachment; filename="Rossum Industries calls since 2026-03-10.csv"; ' +
        "filename*=UTF-8''Rossum%20Industries%20calls%20since%202026-03-10.csv",
      'cache-control': 'no-store',
    });
  });

  test('is UTF-8, with formulas of callers defused and names of accounts made safe', async () => {
    const app = await startApp();
    const { agent } = await visit(app, 'bakery');
    const name = 'Zoë "电话"\r\nX-Evil: 1; ../x';
    app.upstream.answer = (req, res) => {
      if (req.originalUrl.includes('Accounts.json')) {
        const own = {
          sid: `AC${'9'.repeat(32)}`,
          friendly_name: name,
          status: 'active',
          type: 'Full',
        };
        res.json({ accounts: [{ ...own, owner_account_sid: own.sid }], next_page_uri: null });
      }
      if (!req.originalUrl.includes('Calls.json')) return;
      const call = { sid: `CA${'1'.repeat(32)}`, status: 'completed', to: '+15551239999' };
      const calls = [
        { ...call, from: '=HYPERLINK("https://evil.example")', price: '-0.00850' },
        { ...call, sid: `CA${'2'.repeat(32)}`, from: 'Zoë' },
      ];
      res.json({ calls, next_page_uri: null, previous_page_uri: null });
    };
    const file = await agent.get('/calls.csv').expect(200);
    expect(lines(file.text)).toEqual([
      `CA${'1'.repeat(32)},,,"'=HYPERLINK(""https://evil.example"")",+15551239999,completed,,,,-0.00850,`,
      `CA${'2'.repeat(32)},,,Zoë,+15551239999,completed,,,,,`,
    ]);
    expect(file.headers).not.toHaveProperty('x-evil');
  });

  test('is asked after with HEAD: the headers, no body, and not all of its calls', async () => {
    const app = await startApp({ SANDBOX_CALLS: '20000' });
    const { agent } = await visit(app, 'metropolis');
    const answer = await agent.head('/calls.csv').expect(200);
    expect(answer.headers['content-type']).toContain('text/csv');
    expect(answer.text).toBeUndefined();
    expect(callsRequests(app).length).toBeLessThan(15);
  });
});

describe('what fails before the first byte is a page', () => {
  test.each([
    ['a wrong filter', 400, '/calls.csv?started-after=2026-02-30', 'started-after'],
    ['an account that is none', 404, '/calls.csv?account=AAAAAAAAAAAAAAAA', ''],
  ])('%s: %i', async (_name, status, path, text) => {
    const app = await startApp();
    const { agent } = await visit(app);
    const page = await agent.get(path).expect(status).expect('Content-Type', /html/);
    expect(page.headers).not.toHaveProperty('content-disposition');
    expect(page.text).toContain(text);
  });

  test('nobody is signed in: to the sign-in, and back', async () => {
    const app = await startApp();
    await browser(app)
      .get('/calls.csv')
      .expect(303)
      .expect('Location', /^\/sign-in/);
  });

  test('nothing is connected: to /myapp', async () => {
    const app = await startApp();
    const agent = await signInAsDemo(app);
    await agent.get('/calls.csv').expect(303).expect('Location', '/myapp');
  });

  test('access was revoked: 403, and the connection is marked', async () => {
    const app = await startApp();
    const { agent } = await visit(app);
    app.upstream.answer = (_req, res) => twilioError(res, 401, 20003);
    const page = await agent.get('/calls.csv').expect(403);
    expect(page.text).toContain('Twilio does not let us into this account any more');
    const [row] = await app.db.query<{ status: string }>('select status from connections');
    expect(row?.status).toBe('refused');
  });

  test('Twilio fails: 503', async () => {
    const app = await startApp();
    const { agent } = await visit(app);
    app.upstream.answer = (_req, res) => twilioError(res, 500, 20500);
    const page = await agent.get('/calls.csv').expect(503);
    expect(page.text).toContain('Twilio is not answering');
  });
});

describe('what fails on the way', () => {
  test('breaks the connection off, so that half a file is not taken for the whole', async () => {
    const app = await startApp({ SANDBOX_CALLS: '20000' });
    const { agent } = await visit(app, 'metropolis');
    let answered = 0;
    app.upstream.answer = (req, res) => {
      if (req.originalUrl.includes('Calls.json') && ++answered > 5) twilioError(res, 403, 20403);
    };
    const { answer } = await download(app, agent);
    expect(answer.statusCode).toBe(200);
    await expect(whole(answer)).rejects.toThrow('aborted');
    await until(() => app.logs.some((line) => line.includes('broke off')));
    expect(app.logs.join()).not.toMatch(/AC[0-9a-f]{32}/);
  });

  test('is tried again, and leaves no trace in the file', async () => {
    const app = await startApp({ SANDBOX_CALLS: '5000' });
    const { agent } = await visit(app, 'metropolis');
    const expected = await shown(agent);
    let asked = 0;
    app.upstream.answer = (req, res) => {
      if (!req.originalUrl.includes('Calls.json')) return;
      const nth = ++asked;
      if (nth === 3) twilioError(res, 429, 20429);
      if (nth === 5) res.destroy();
    };
    const file = await agent.get('/calls.csv').expect(200);
    expect(asked).toBeGreaterThan(5);
    expect(sidsOf(file.text)).toEqual(expected);
  });
});

describe('a long file', () => {
  test('is not read faster than its visitor takes it, and whole all the same', async () => {
    const app = await startApp({ SANDBOX_CALLS: '120000' });
    const { agent } = await visit(app, 'metropolis');
    const { answer } = await download(app, agent);
    // Nobody reads: what may wait on the way fills up, and then no request goes out any more.
    let before = -1;
    while (before < callsRequests(app).length) {
      before = callsRequests(app).length;
      await sleep(500);
    }
    const held = before;
    const csv = await whole(answer);
    expect(callsRequests(app).length).toBeGreaterThan(held + 10);
    const sids = sidsOf(csv);
    expect(sids.length).toBeGreaterThan(119_000);
    expect(new Set(sids).size).toBe(sids.length);
  }, 60_000);

  test('is read no further when its visitor leaves, who then may have another', async () => {
    const app = await startApp({ SANDBOX_CALLS: '200000' });
    const { agent } = await visit(app, 'metropolis');
    const downloads = [await download(app, agent), await download(app, agent)];
    const refused = await agent.get('/calls.csv').expect(429);
    expect(refused.headers['retry-after']).toBe('10');
    expect(refused.text).toContain('Two exports are running already');
    // Another user's are their own.
    await (await signUp(app, 'other@example.com')).get('/calls.csv').expect(303);

    for (const { asked } of downloads) asked.destroy();
    await until(() => app.logs.filter((line) => line.includes('/calls.csv')).length >= 3);
    await sleep(100);
    const left = callsRequests(app).length;
    await sleep(300);
    expect(callsRequests(app)).toHaveLength(left);
    // Of 400 that the two would have taken: what came before the connections' buffers were full.
    expect(left).toBeLessThan(200);
    expect(app.logs.join()).not.toContain('broke off');
    const { asked, answer } = await download(app, agent);
    expect(answer.statusCode).toBe(200);
    asked.destroy();
  }, 60_000);
});

describe('the page before it', () => {
  test('says how many calls, which, and leads to the file of just these', async () => {
    const app = await startApp();
    const { agent } = await visit(app);
    const list = await agent.get('/calls?status=busy&started-after=2026-03-01').expect(200);
    const link = attribute(list.text, /href="(\/calls\/export\?[^"]+)"/);
    const page = await agent.get(link).expect(200);
    const [, count] = /<h2>([\d,]+) calls<\/h2>/.exec(page.text) ?? [];
    expect(page.text).toContain('Only calls with the status busy, started on 2026-03-01 or later.');
    const file = await agent
      .get(attribute(page.text, /id="download"[^>]*href="([^"]+)"/))
      .expect(200);
    expect(lines(file.text)).toHaveLength(Number(count?.replace(',', '')));
    expect(page.text).toContain('download="Rossum Industries calls since 2026-03-01.csv"');
    expect(link).not.toMatch(/AC[0-9a-f]{32}/);
  });

  test('says what is likely where it is not known', async () => {
    const app = await startApp({ SANDBOX_CALLS: '20000' });
    const { agent } = await visit(app, 'metropolis');
    const all = await agent.get('/calls/export').expect(200);
    expect(all.text).toMatch(/<h2>More than 1,000 calls, about \d+ a day<\/h2>/);
    expect(all.text).not.toContain('data-count');
    const range = await agent.get('/calls/export?started-after=2026-01-01').expect(200);
    const guess = Number(attribute(range.text, /data-count="(\d+)"/));
    const file = await agent.get('/calls.csv?started-after=2026-01-01').expect(200);
    expect(guess / lines(file.text).length).toBeGreaterThan(0.8);
    expect(guess / lines(file.text).length).toBeLessThan(1.25);
  });

  test('of an account without calls offers nothing to download', async () => {
    const app = await startApp();
    const { agent } = await visit(app, 'newcomer');
    const page = await agent.get('/calls/export').expect(200);
    expect(page.text).toContain('There is nothing to export.');
    expect(page.text).not.toContain('id="download"');
  });

  test('is for those who are signed in and connected, and may fail as /calls does', async () => {
    const app = await startApp();
    await browser(app)
      .get('/calls/export')
      .expect(303)
      .expect('Location', /^\/sign-in/);
    const { agent } = await visit(app);
    await agent.get('/calls/export?status=none').expect(400);
    app.upstream.answer = (_req, res) => twilioError(res, 500, 20500);
    await agent.get('/calls/export').expect(503);
  });
});
