import { describe, expect, test } from '@jest/globals';
import type { Response } from 'express';
import { markDeauthorized } from '../../src/database/connections.ts';
import {
  type Agent,
  attribute,
  browser,
  callSids,
  connect,
  connectButton,
  consent,
  pathOf,
  signInAsDemo,
  signUp,
} from '../browser.ts';
import { startApp, type TestApp, twilioError } from '../start-app.ts';

/** A signed-in visitor with a connected customer. The requests of the way there are forgotten. */
async function visit(app: TestApp, customer: 'rossum' | 'bakery' | 'newcomer' = 'rossum') {
  const agent = await signInAsDemo(app);
  const accountSid = await connect(agent, customer);
  app.upstream.requests.length = 0;
  return { agent, accountSid };
}

/** The calls of the page's table, each cell under the name of its column. */
function rows(html: string): Record<string, string>[] {
  const heads = [...html.matchAll(/<th scope="col".*?>(.*?)<\/th>/g)].map(([, head]) => `${head}`);
  return [...html.matchAll(/<tr id="CA.*?<\/tr>/gs)].map(([row]) => {
    const cells = [...row.matchAll(/<td.*?>(.*?)<\/td>/g)].map(([, cell]) =>
      `${cell}`.replace(/<[^>]+>/g, ''),
    );
    return Object.fromEntries(heads.map((head, index) => [head, cells[index] ?? '']));
  });
}

/** The picker's accounts: what it says, and the key behind it. */
function accounts(html: string): { key: string; label: string }[] {
  return [...html.matchAll(/<option value="([\w-]{16})"[^>]*>([^<]+)</g)].map(([, key, label]) => ({
    key: String(key),
    label: String(label),
  }));
}

function keyOf(html: string, label: string): string {
  const account = accounts(html).find((candidate) => candidate.label.includes(label));
  if (!account) throw new Error(`No account "${label}" in the picker`);
  return account.key;
}

/** The SIDs of each page from `first` on, as far as the links of that kind lead. */
async function walk(agent: Agent, first: string, rel: 'next' | 'prev'): Promise<string[][]> {
  const page = await agent.get(first).expect(200);
  const [, link] = new RegExp(`rel="${rel}" href="([^"]+)"`).exec(page.text) ?? [];
  const rest = link ? await walk(agent, pathOf(link), rel) : [];
  return [callSids(page.text), ...rest];
}

describe('requests to Twilio', () => {
  test('one view costs one calls request, and one accounts request a minute', async () => {
    const app = await startApp();
    const { agent } = await visit(app);
    const first = await agent.get('/calls').expect(200);
    expect(app.upstream.requests).toHaveLength(2);
    expect(app.upstream.requests.filter((line) => line.includes('/Calls.json?'))).toHaveLength(1);
    expect(app.upstream.requests).toContain('GET /2010-04-01/Accounts.json?PageSize=1000');

    app.upstream.requests.length = 0;
    app.clock.now += 59_000;
    const next = attribute(first.text, /rel="next" href="([^"]+)"/);
    await Promise.all([agent.get('/calls'), agent.get(next)]);
    expect(app.upstream.requests).toHaveLength(2);
    expect(app.upstream.requests.join()).not.toContain('Accounts.json');

    app.clock.now += 1_000;
    await agent.get('/calls').expect(200);
    expect(app.upstream.requests).toHaveLength(4);
  });

  test('go to the main account, as the authorized AccountSid with our Auth Token', async () => {
    const app = await startApp();
    const { agent, accountSid } = await visit(app);
    const seen: string[] = [];
    app.upstream.answer = (req) => void seen.push(`${req.get('Authorization')}`);
    await agent.get('/calls').expect(200);
    const pair = Buffer.from(`${accountSid}:${app.settings.authToken}`).toString('base64');
    expect(seen).toEqual([`Basic ${pair}`, `Basic ${pair}`]);
    const calls = app.upstream.requests.find((line) => line.includes('Calls.json'));
    expect(calls).not.toContain(accountSid);
  });
});

describe('paging', () => {
  test('leads through all calls once, newest first, and back', async () => {
    const app = await startApp();
    const { agent } = await visit(app);
    const pages = await walk(agent, '/calls?size=1000', 'next');
    const sids = pages.flat();
    expect(sids.length).toBeGreaterThan(3000);
    expect(new Set(sids).size).toBe(sids.length);
    expect(pages.map((page) => page.length).slice(0, -1)).toEqual(pages.slice(1).map(() => 1000));
    const last = await agent.get('/calls?size=1000&started-before=2026-02-12');
    expect(rows(last.text).at(-1)?.When).toMatch(/^2026-02-10/);

    const all = await agent.get('/calls?size=1000');
    const times = rows(all.text).map(({ When }) => `${When}`);
    expect(times).toEqual([...times].sort().reverse());
  });

  test('goes back by the previous page’s token', async () => {
    const app = await startApp();
    const { agent } = await visit(app);
    const forward = await walk(agent, '/calls?size=1000', 'next');
    let last = '/calls?size=1000';
    for (let n = 1; n < forward.length; n++) {
      last = attribute((await agent.get(last)).text, /rel="next" href="([^"]+)"/);
    }
    const back = await walk(agent, last, 'prev');
    expect(back.reverse()).toEqual(forward);
  });

  test('is not shifted by calls that come in meanwhile', async () => {
    const app = await startApp();
    const { agent } = await visit(app);
    const first = await agent.get('/calls?size=10').expect(200);
    const next = attribute(first.text, /rel="next" href="([^"]+)"/);
    const before = callSids((await agent.get(next)).text);
    app.clock.now += 2 * 3_600_000;
    expect(callSids((await agent.get(next)).text)).toEqual(before);
    expect(callSids((await agent.get('/calls?size=10')).text)).not.toEqual(callSids(first.text));
  });

  test('keeps filters, size and account in its links, and no AccountSid', async () => {
    const app = await startApp();
    const { agent } = await visit(app);
    const page = await agent.get('/calls?status=completed&size=20&started-after=2026-03-01');
    const next = attribute(page.text, /rel="next" href="([^"]+)"/);
    expect(next).toMatch(
      /^\/calls\?account=[\w-]{16}&status=completed&started-after=2026-03-01&size=20&cursor=PACA/,
    );
    expect(next).toMatch(/&page=1$/);
    expect(rows((await agent.get(next)).text)).toHaveLength(20);
    expect(page.text).not.toMatch(/AC[0-9a-f]{32}/);
  });
});

describe('filters', () => {
  test('by status', async () => {
    const app = await startApp();
    const { agent } = await visit(app);
    const page = await agent.get('/calls?status=busy').expect(200);
    expect(new Set(rows(page.text).map((row) => row.Status))).toEqual(new Set(['busy']));
    expect(page.text).toContain('<option selected>busy</option>');
  });

  test('by both parties, whatever their form', async () => {
    const app = await startApp();
    const { agent } = await visit(app);
    for (const to of [
      'client:alice',
      'sip:reception.third-floor@pbx.rossum.example.com',
      '+12125550100',
    ]) {
      const page = await agent.get('/calls').query({ to }).expect(200);
      expect(rows(page.text).length).toBeGreaterThan(0);
      expect(new Set(rows(page.text).map((row) => row.To))).toEqual(new Set([to]));
    }
    const byHand = await agent.get('/calls?to=+12125550100').expect(200);
    expect(new Set(rows(byHand.text).map((row) => row.To))).toEqual(new Set(['+12125550100']));
    const page = await agent.get('/calls').query({ from: '+12125550103', to: 'client:bob' });
    expect(rows(page.text).length).toBeGreaterThan(0);
    expect(new Set(rows(page.text).map((row) => `${row.From} ${row.To}`))).toEqual(
      new Set(['+12125550103 client:bob']),
    );
  });

  test('by days, both included', async () => {
    const app = await startApp();
    const { agent } = await visit(app);
    const days = async (query: Record<string, string>) => {
      const page = await agent
        .get('/calls')
        .query({ size: '1000', ...query })
        .expect(200);
      return [...new Set(rows(page.text).map((row) => row.When?.slice(0, 10)))];
    };
    const range = { 'started-after': '2026-03-02', 'started-before': '2026-03-04' };
    expect(await days(range)).toEqual(['2026-03-04', '2026-03-03', '2026-03-02']);
    expect(await days({ 'started-after': '2026-03-10' })).toEqual(['2026-03-11', '2026-03-10']);
    expect(await days({ 'started-before': '2026-02-11' })).toEqual(['2026-02-11', '2026-02-10']);
    const oneDay = { 'started-after': '2026-03-03', 'started-before': '2026-03-03' };
    expect(await days(oneDay)).toEqual(['2026-03-03']);
  });

  test('a range asks Twilio in Twilio’s own terms, one day as equality', async () => {
    const app = await startApp();
    const { agent } = await visit(app);
    await agent.get('/calls?started-after=2026-02-27&started-before=2026-02-28');
    expect(app.upstream.requests.join()).toContain(
      'StartTime%3C=2026-03-01&StartTime%3E=2026-02-27',
    );
    app.upstream.requests.length = 0;
    await agent.get('/calls?started-after=2026-02-28&started-before=2026-02-28');
    expect(app.upstream.requests.join()).toContain('StartTime=2026-02-28');
  });

  test('the last day of a range ends before midnight, though Twilio’s does not', async () => {
    const app = await startApp();
    const { agent } = await visit(app, 'bakery');
    app.upstream.answer = (req, res) => {
      if (!req.originalUrl.includes('Calls.json')) return;
      const call = { sid: `CA${'1'.repeat(32)}`, status: 'completed' };
      const midnight = { sid: `CA${'2'.repeat(32)}`, status: 'completed' };
      const calls = [
        { ...midnight, start_time: 'Thu, 05 Mar 2026 00:00:00 +0000' },
        { ...call, start_time: 'Wed, 04 Mar 2026 23:59:59 +0000' },
      ];
      res.json({ calls, next_page_uri: null, previous_page_uri: null });
    };
    const page = await agent.get('/calls?started-after=2026-03-01&started-before=2026-03-04');
    expect(callSids(page.text)).toEqual([`CA${'1'.repeat(32)}`]);
  });

  test('that leave a page empty lead on to the next', async () => {
    const app = await startApp();
    const { agent } = await visit(app, 'bakery');
    app.upstream.answer = (req, res) => {
      if (!req.originalUrl.includes('Calls.json')) return;
      const midnight = {
        sid: `CA${'2'.repeat(32)}`,
        status: 'completed',
        start_time: 'Thu, 05 Mar 2026 00:00:00 +0000',
      };
      const next_page_uri = `/2010-04-01/Calls.json?Page=1&PageToken=PA${midnight.sid}`;
      res.json({ calls: [midnight], next_page_uri, previous_page_uri: null });
    };
    const page = await agent.get('/calls?started-before=2026-03-04&size=1').expect(200);
    expect(page.text).toContain('No call on this page');
    expect(page.text).not.toContain('No call fits');
  });

  test('that fit nothing say so, and lead back', async () => {
    const app = await startApp();
    const { agent } = await visit(app);
    const page = await agent.get('/calls?to=client:nobody').expect(200);
    expect(page.text).toContain('No call fits');
    const all = attribute(page.text, /<a href="([^"]+)">see all calls/);
    expect(callSids((await agent.get(all)).text)).toHaveLength(50);
  });

  test('left empty, as a form sends them, count as left out', async () => {
    const app = await startApp();
    const { agent } = await visit(app);
    const query = 'account=&status=&from=&to=&started-after=&started-before=&size=&cursor=&page=';
    expect(callSids((await agent.get(`/calls?${query}`).expect(200)).text)).toHaveLength(50);
  });
});

test.each([
  ['status=done', 'status'],
  ['status=busy&status=busy', 'status'],
  ['status[a]=busy&status[a]=failed', null],
  ['to=a&to=b', 'to'],
  [`from=${'1'.repeat(201)}`, 'from'],
  ['from=%00', 'from'],
  ['started-after=yesterday', 'started-after'],
  ['started-after=2026-02-30', 'started-after'],
  ['started-before=2026-3-1', 'started-before'],
  ['started-before=0000-00-00', 'started-before'],
  ['started-after=2026-03-02&started-before=2026-03-01', 'started-after'],
  ['size=0', 'size'],
  ['size=1001', 'size'],
  ['size=ten', 'size'],
  ['size=1e2', 'size'],
  ['cursor=next', 'cursor'],
  ['cursor=https://evil.example/', 'cursor'],
  [`cursor=PACA${'1'.repeat(32)}&page=-1`, 'page'],
  ['page=3', 'page'],
  ['account=a&account=b', 'account'],
] as const)('the query %s gets 400, or is left aside if it names nothing', async (query, field) => {
  const app = await startApp();
  const { agent } = await visit(app);
  const page = await agent.get(`/calls?${query}`).expect(field ? 400 : 200);
  if (field) {
    expect(page.text).toContain(`<p class="lead">${field}: `);
    expect(app.upstream.requests).toEqual([]);
  }
});

describe('the account picker', () => {
  test('shows all accounts with name, role and masked SID', async () => {
    const app = await startApp();
    const { agent } = await visit(app);
    const page = await agent.get('/calls').expect(200);
    expect(accounts(page.text).map(({ label }) => label)).toEqual([
      expect.stringMatching(/^Rossum Industries: main account, AC..….{4}$/),
      expect.stringMatching(/^Connect Quickstart for Rossum Industries: Connect subaccount, AC/),
      expect.stringMatching(/^Rossum Support Line: other account, AC/),
      expect.stringMatching(/^Rossum Night Shift: other account, AC/),
    ]);
  });

  test('opens the account that was chosen, also once its list has to be asked for again', async () => {
    const app = await startApp();
    const { agent } = await visit(app);
    const key = keyOf((await agent.get('/calls')).text, 'Rossum Support Line');
    app.clock.now += 61_000;
    const page = await agent.get(`/calls?account=${key}`).expect(200);
    expect(page.text).toContain('of Rossum Support Line, other account');
    expect(callSids(page.text)).toHaveLength(50);
  });

  test('an empty account says so, and points to one that has calls', async () => {
    const app = await startApp();
    const { agent } = await visit(app);
    const key = keyOf((await agent.get('/calls')).text, 'Connect subaccount');
    app.upstream.requests.length = 0;
    const page = await agent.get(`/calls?account=${key}`).expect(200);
    expect(app.upstream.requests).toHaveLength(1);
    expect(page.text).toContain('No calls in this account yet');
    const [, link] =
      /other accounts: <a href="([^"]+)">Rossum Industries<\/a>/.exec(page.text) ?? [];
    expect(callSids((await agent.get(pathOf(String(link)))).text)).toHaveLength(50);
  });

  test('leads to no account that is closed, and says so in the picker', async () => {
    const app = await startApp();
    const { agent } = await visit(app, 'newcomer');
    const [row] = await app.db.query<{ sid: string }>(
      'select owner_account_sid as sid from connections',
    );
    const account = (sid: string, friendly_name: string, status: string) => ({
      sid,
      friendly_name,
      status,
    });
    app.upstream.answer = (req, res) => {
      if (!req.originalUrl.includes('/Accounts.json')) return;
      const gone = account(`AC${'1'.repeat(32)}`, 'Gone', 'closed');
      const open = account(`AC${'2'.repeat(32)}`, 'Open', 'active');
      const main = account(String(row?.sid), 'Main', 'active');
      res.json({ accounts: [gone, open, main], next_page_uri: null });
    };
    const page = await agent.get('/calls').expect(200);
    expect(accounts(page.text).find(({ label }) => label.includes('Gone'))?.label).toContain(
      'not active',
    );
    expect(page.text).toMatch(/other accounts: <a href="[^"]+">Open<\/a> \(other account\)\./);
  });

  test('another user’s key, or none at all, is a 404', async () => {
    const app = await startApp();
    const owner = await signUp(app, 'owner@example.com');
    await connect(owner, 'rossum');
    const key = keyOf((await owner.get('/calls')).text, 'main account');
    const other = await signInAsDemo(app);
    await connect(other, 'bakery');
    for (const account of [key, 'AAAAAAAAAAAAAAAA', `AC${'1'.repeat(32)}`, '%00']) {
      const page = await other.get(`/calls?account=${account}`).expect(404);
      expect(page.text).not.toContain('Rossum');
    }
  });
});

describe('the main account', () => {
  const listOnly = (sid: string) => (req: { originalUrl: string }, res: Response) => {
    const account = {
      sid,
      friendly_name: 'Connect for you',
      status: 'active',
      owner_account_sid: `AC${'9'.repeat(32)}`,
    };
    if (req.originalUrl.includes('/Accounts.json'))
      res.json({ accounts: [account], next_page_uri: null });
    else if (!req.originalUrl.includes(sid)) twilioError(res, 401, 20003);
  };

  test('that may not be read gives way to the authorized one, and the page says why', async () => {
    const app = await startApp();
    const { agent, accountSid } = await visit(app);
    app.upstream.answer = listOnly(accountSid);
    const first = await agent.get('/calls').expect(200);
    expect(first.text).toContain('Your main account may not be read');
    expect(first.text).toContain('Connect subaccount');
    app.upstream.requests.length = 0;
    const second = await agent.get('/calls').expect(200);
    expect(second.text).toContain('Your main account may not be read');
    expect(app.upstream.requests).toEqual([
      expect.stringContaining(`/Accounts/${accountSid}/Calls.json?`),
    ]);
  });

  test('that closes while one pages through it gives way from the first page on', async () => {
    const app = await startApp();
    const { agent, accountSid } = await visit(app);
    const next = attribute((await agent.get('/calls')).text, /rel="next" href="([^"]+)"/);
    app.upstream.answer = listOnly(accountSid);
    const page = await agent.get(next).expect(200);
    expect(page.text).toContain('Your main account may not be read');
    expect(app.upstream.requests.at(-1)).toMatch(/Calls\.json\?PageSize=50&Page=0$/);
  });

  test('is read although a list of a thousand accounts does not name it', async () => {
    const app = await startApp();
    const { agent, accountSid } = await visit(app);
    const some = { sid: accountSid, friendly_name: 'Some', status: 'active' };
    app.upstream.answer = (req, res) => {
      if (!req.originalUrl.includes('/Accounts.json')) return;
      res.json({ accounts: Array(1000).fill(some), next_page_uri: '/more' });
    };
    const page = await agent.get('/calls').expect(200);
    expect(callSids(page.text)).toHaveLength(50);
    expect(page.text).not.toContain('may not be read');
  });

  test('is shown without names if the list of accounts fails', async () => {
    const app = await startApp();
    const { agent } = await visit(app);
    app.upstream.answer = (req, res) => {
      if (req.originalUrl.includes('/Accounts.json')) twilioError(res, 500, 20500);
    };
    const page = await agent.get('/calls').expect(200);
    expect(callSids(page.text)).toHaveLength(50);
    expect(page.text).toContain('main account');
  });
});

describe('when Twilio says no', () => {
  test.each([
    [401, 20003],
    [403, 20403],
  ])(
    'a %i for the account and for its probe marks the connection, which comes back',
    async (status, code) => {
      const app = await startApp();
      const { agent } = await visit(app);
      app.upstream.answer = (_req, res) =>
        twilioError(res, status, code, '<script>alert(1)</script>');
      for (const _visit of ['first', 'second']) {
        const page = await agent.get('/calls').expect(403);
        expect(page.text).toContain('any more');
        expect(page.text).not.toContain('<script>');
        connectButton(page.text);
        expect((await agent.get('/myapp')).text).toContain('<span class="badge refused">');
      }
      app.upstream.answer = undefined;
      app.clock.now += 60_000;
      await agent.get('/calls').expect(200);
      expect((await agent.get('/myapp')).text).toContain('<span class="badge active">');
    },
  );

  test('to everyone, say with a wrong Auth Token, no account becomes another user’s', async () => {
    const app = await startApp();
    const { agent } = await visit(app);
    app.upstream.answer = (_req, res) => twilioError(res, 401, 20003);
    await agent.get('/calls').expect(403);
    app.upstream.answer = undefined;
    const other = await signUp(app, 'other@example.com');
    await other.get(pathOf(await consent(other, 'rossum'))).expect(409);
    app.clock.now += 60_000;
    await agent.get('/calls').expect(200);
  });

  test('by a signed Deauthorize request, every visit says so', async () => {
    const app = await startApp();
    const { agent, accountSid } = await visit(app);
    await markDeauthorized(app.db, accountSid, app.clock.now);
    for (const _visit of ['first', 'second']) {
      connectButton((await agent.get('/calls').expect(403)).text);
    }
    expect(app.upstream.requests).toEqual([]);
  });

  test('as the account is suspended, that is said and nothing is marked', async () => {
    const app = await startApp();
    const { agent, accountSid } = await visit(app);
    app.upstream.answer = (req, res) => {
      if (!/Accounts\/AC\w+\.json/.test(req.originalUrl)) return twilioError(res, 403, 20403);
      return res.json({ sid: accountSid, status: 'suspended' });
    };
    const page = await agent.get('/calls').expect(403);
    expect(page.text).toContain('<h1>This account is suspended or closed</h1>');
    expect((await agent.get('/myapp')).text).toContain('<span class="badge active">');
  });

  test('or nothing while the list of accounts is needed, that is no 404', async () => {
    const app = await startApp();
    const { agent } = await visit(app);
    const key = keyOf((await agent.get('/calls')).text, 'Rossum Support Line');
    app.clock.now += 61_000;
    app.upstream.answer = (_req, res) => twilioError(res, 500, 20500);
    await agent.get(`/calls?account=${key}`).expect(503);
    app.upstream.answer = undefined;
    app.clock.now += 5_000;
    await agent.get(`/calls?account=${key}`).expect(200);
    app.clock.now += 60_000;
    app.upstream.answer = (_req, res) => twilioError(res, 401, 20003);
    await agent.get(`/calls?account=${key}`).expect(403);
    expect((await agent.get('/myapp')).text).toContain('<span class="badge refused">');
  });

  test('to a page token of the right form that leads nowhere, that is a 400', async () => {
    const app = await startApp();
    const { agent } = await visit(app);
    const page = await agent.get(`/calls?cursor=PACA${'0'.repeat(32)}&page=1`).expect(400);
    expect(page.text).toContain('start again at the first page');
  });

  test('to one account only, the connection lives on', async () => {
    const app = await startApp();
    const { agent } = await visit(app);
    const key = keyOf((await agent.get('/calls')).text, 'Rossum Support Line');
    app.upstream.answer = (req, res) => {
      if (req.originalUrl.includes('Calls.json')) twilioError(res, 401, 20003);
    };
    const page = await agent.get(`/calls?account=${key}`).expect(403);
    expect(page.text).toContain('The connection itself works');
    app.upstream.answer = undefined;
    await agent.get('/calls').expect(200);
  });

  test('and the probe cannot tell, that is a 503 and nothing is marked', async () => {
    const app = await startApp();
    const { agent } = await visit(app);
    app.upstream.answer = (req, res) => {
      const isProbe = /Accounts\/AC\w+\.json/.test(req.originalUrl);
      twilioError(res, isProbe ? 500 : 401, 20003);
    };
    await agent.get('/calls').expect(503);
    expect((await agent.get('/myapp')).text).toContain('<span class="badge active">');
  });

  test.each([
    [
      'an unknown account',
      404,
      'does not know this account',
      (res) => twilioError(res, 404, 20404),
    ],
    ['a throttled one', 503, 'too many requests', (res) => twilioError(res, 429, 20429)],
    ['a failure', 503, 'Twilio is not answering', (res) => twilioError(res, 500, 20500)],
    ['HTML', 503, 'Twilio is not answering', (res) => res.status(503).send('<h1>Down</h1>')],
    ['garbage', 503, 'Twilio is not answering', (res) => res.type('json').send('{"calls": [')],
    ['an answer without calls', 503, 'Twilio is not answering', (res) => res.json({})],
    ['an empty answer', 503, 'Twilio is not answering', (res) => res.type('json').send('')],
    ['a cut connection', 503, 'Twilio is not answering', (res) => res.destroy()],
  ] as [string, number, string, (res: Response) => unknown][])(
    '%s gets %i and a cure, and nothing is marked',
    async (_name, status, text, fail) => {
      const app = await startApp();
      const { agent } = await visit(app);
      app.upstream.answer = (_req, res) => void fail(res);
      const page = await agent.get('/calls').expect(status);
      expect(page.text).toContain(text);
      app.upstream.answer = undefined;
      app.clock.now += 60_000;
      await agent.get('/calls').expect(200);
    },
  );
});

test('a Twilio that never answers gets 503 within ten seconds', async () => {
  const app = await startApp();
  const { agent } = await visit(app);
  app.upstream.answer = (_req, res) => {
    res.locals.held = true;
  };
  const page = await agent.get('/calls').expect(503);
  expect(page.text).toContain('Twilio is not answering');
}, 10_000);

test('calls in every state and of every party look right', async () => {
  const app = await startApp();
  const { agent } = await visit(app, 'bakery');
  const call = (digit: number, more: object) => ({
    sid: `CA${String(digit).repeat(32)}`,
    direction: 'inbound',
    from: '+15551230000',
    to: '+15551239999',
    status: 'completed',
    start_time: 'Tue, 10 Mar 2026 09:05:07 +0000',
    duration: '61',
    price: '-0.01700',
    price_unit: 'USD',
    ...more,
  });
  app.upstream.answer = (req, res) => {
    if (!req.originalUrl.includes('Calls.json')) return;
    const nothing = { start_time: null, duration: null, price: null };
    const calls = [
      call(1, { status: 'queued', ...nothing, direction: 'outbound-api' }),
      call(2, { status: 'in-progress', duration: '', price: '', from: 'client:<b>ann</b>' }),
      call(3, { to: 'sip:desk@pbx.example.com', from: '', duration: '3661', price_unit: 'JPY' }),
      call(4, { from: null, to: null, direction: null, price: null }),
      call(5, { direction: 'brand-new', status: 'parked', duration: '0' }),
    ];
    res.json({ calls, next_page_uri: null, previous_page_uri: null });
  };
  const page = await agent.get('/calls').expect(200);
  const When = '2026-03-10 09:05:07';
  // A column more than these breaks nothing.
  expect(rows(page.text)).toMatchObject([
    {
      When: 'not started',
      Direction: 'Outbound, by API',
      From: '+15551230000',
      To: '+15551239999',
      Status: 'queued',
      Duration: '–',
      Price: '–',
    },
    {
      When,
      Direction: 'Inbound',
      From: 'client:&lt;b&gt;ann&lt;/b&gt;',
      Duration: '–',
      Price: '–',
    },
    { When, From: '–', To: 'sip:desk@pbx.example.com', Duration: '1:01:01', Price: '-0.01700 JPY' },
    { When, Direction: '–', From: '–', To: '–', Duration: '1:01', Price: '–' },
    { When, Direction: 'brand-new', Status: 'parked', Duration: '0:00', Price: '-0.01700 USD' },
  ]);
});

test('a page that is still waiting for Twilio does not undo a sign-out', async () => {
  const app = await startApp();
  const agent = await signInAsDemo(app);
  const callback = await consent(agent, 'rossum');
  await agent.get(pathOf(callback)).expect(303);
  let release = () => {};
  const isAsked = new Promise<void>((asked) => {
    app.upstream.answer = (_req, res) => {
      res.locals.held = true;
      const earlier = release;
      release = () => {
        earlier();
        twilioError(res, 401, 20003);
      };
      asked();
    };
  });
  const slow = agent.get('/calls').then(({ status }) => status);
  await isAsked;
  const [session] = await app.db.query<{ sid: string }>(
    'select sid from sessions where data is not null',
  );
  await agent.post('/sign-out').expect(303);
  app.upstream.answer = (_req, res) => twilioError(res, 401, 20003);
  release();
  expect(await slow).toBe(403);
  const left = await app.db.query<{ data: string | null }>(
    'select data from sessions where sid = $1',
    [String(session?.sid)],
  );
  expect(left).toEqual([{ data: null }]);
});

test('without a connection, or signed out, there is nothing to list', async () => {
  const app = await startApp();
  const visitor = browser(app);
  await visitor
    .get('/calls?status=busy')
    .expect(303)
    .expect('Location', '/sign-in?next=%2Fcalls%3Fstatus%3Dbusy');
  const agent = await signInAsDemo(app);
  await agent.get('/calls').expect(303).expect('Location', '/myapp');
  expect((await agent.get('/myapp')).text).toContain('Press Connect first');
});

test('two users at once never see each other’s calls', async () => {
  const app = await startApp();
  const one = await signUp(app, 'one@example.com');
  const two = await signInAsDemo(app);
  await connect(one, 'rossum');
  await connect(two, 'bakery');
  const pages = await Promise.all(
    Array.from({ length: 20 }, (_, n) => (n % 2 ? one : two).get('/calls').expect(200)),
  );
  for (const [n, { text }] of pages.entries()) {
    expect(text.includes('Rossum')).toBe(n % 2 === 1);
    expect(text.includes('Bakery')).toBe(n % 2 === 0);
  }
  const [mine, theirs] = [callSids(String(pages[1]?.text)), callSids(String(pages[0]?.text))];
  expect(mine.filter((sid) => theirs.includes(sid))).toEqual([]);
});

test('opens on the newest active connection', async () => {
  const app = await startApp();
  const { agent } = await visit(app, 'rossum');
  app.clock.now += 1000;
  await connect(agent, 'bakery');
  expect((await agent.get('/calls')).text).toContain('Corner Bakery, main account');
  await agent.post('/connections/2/disconnect').expect(303);
  expect((await agent.get('/calls')).text).toContain('Rossum Industries, main account');
});
