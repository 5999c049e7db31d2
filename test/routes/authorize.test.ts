import { describe, expect, test } from '@jest/globals';
import type { Response } from 'express';
import {
  browser,
  connect,
  connectButton,
  consent,
  pathOf,
  signInAsDemo,
  signUp,
} from '../browser.ts';
import { startApp, type TestApp, twilioError } from '../start-app.ts';

const HOUR = 3_600_000;
const STRANGER = `AC${'5'.repeat(32)}`;

async function storedConnections(app: TestApp) {
  return app.db.query<{ account_sid: string; user_id: number; status: string }>(
    'select account_sid, user_id, status from connections',
  );
}

test('stores a new account and goes on to /myapp with a notice', async () => {
  const app = await startApp();
  const visitor = await signInAsDemo(app);
  const accountSid = await connect(visitor, 'rossum');
  const page = await visitor.get('/myapp').expect(200);
  expect(page.text).toContain('role="status">Connected.');
  expect(await storedConnections(app)).toEqual([
    { account_sid: accountSid, user_id: 1, status: 'active' },
  ]);
});

test('takes back an account that the same user had disconnected', async () => {
  const app = await startApp();
  const visitor = await signInAsDemo(app);
  await connect(visitor, 'rossum');
  await visitor.post('/connections/1/disconnect').expect(303);
  await connect(visitor, 'rossum');
  const page = await visitor.get('/myapp').expect(200);
  expect(page.text).toContain('role="status">Connected again.');
  expect(await storedConnections(app)).toHaveLength(1);
});

test('keeps several accounts of one user', async () => {
  const app = await startApp();
  const visitor = await signInAsDemo(app);
  await connect(visitor, 'rossum');
  await connect(visitor, 'bakery');
  const page = await visitor.get('/myapp').expect(200);
  expect(page.text).toContain('for Rossum Industries');
  expect(page.text).toContain('for Corner Bakery');
});

describe('declined', () => {
  test('changes nothing, and needs no state', async () => {
    const app = await startApp();
    const visitor = await signInAsDemo(app);
    const callback = await consent(visitor, 'rossum', 'decline');
    expect([...callback.searchParams.keys()]).toEqual(['error']);
    const before = connectButton((await visitor.get('/')).text).searchParams.get('state');
    await visitor.get(pathOf(callback)).expect(303).expect('Location', '/myapp');
    const page = await visitor.get('/myapp').expect(200);
    expect(page.text).toContain('role="status">You did not allow access');
    expect(await storedConnections(app)).toEqual([]);
    expect(connectButton(page.text).searchParams.get('state')).toBe(before);
  });

  test('spends the state that it carries', async () => {
    const app = await startApp();
    const visitor = await signInAsDemo(app);
    const state = connectButton((await visitor.get('/')).text).searchParams.get('state');
    await visitor.get(`/twilio/authorize?error=unauthorized_client&state=${state}`).expect(303);
    const fresh = connectButton((await visitor.get('/')).text).searchParams.get('state');
    expect(fresh).not.toBe(state);
  });

  test('is taken calmly from someone who is signed out', async () => {
    const app = await startApp();
    const visitor = browser(app);
    await visitor
      .get('/twilio/authorize?error=unauthorized_client')
      .expect(303)
      .expect('Location', '/myapp');
  });
});

test('any other error is a 400', async () => {
  const app = await startApp();
  const visitor = await signInAsDemo(app);
  for (const query of ['error=server_error', 'error=', 'error=a&error=unauthorized_client']) {
    const page = await visitor.get(`/twilio/authorize?${query}`).expect(400);
    expect(page.text).toContain('Twilio reported an error');
  }
});

test('an error that comes back signed out is a 400 too, without a button', async () => {
  const app = await startApp();
  const page = await browser(app).get('/twilio/authorize?error=server_error').expect(400);
  expect(page.text).not.toContain('connect-button');
  expect(await app.db.query('select sid from sessions')).toEqual([]);
});

test('signed out: keeps nothing, and says to press Connect again', async () => {
  const app = await startApp();
  const visitor = await signInAsDemo(app);
  const callback = await consent(visitor, 'rossum');
  await visitor.post('/sign-out').expect(303);
  const answer = await visitor.get(pathOf(callback)).expect(303).expect('Location', '/sign-in');
  expect(answer.text).not.toContain('AC');
  const page = await visitor.get('/sign-in').expect(200);
  expect(page.text).toContain('press Connect again');
  expect(await storedConnections(app)).toEqual([]);
  expect(await app.db.query('select sid from sessions where data is not null')).toEqual([]);
});

test('repeated: a double click on Allow is no error', async () => {
  const app = await startApp();
  const visitor = await signInAsDemo(app);
  const callback = await consent(visitor, 'rossum');
  await visitor.get(pathOf(callback)).expect(303);
  await visitor.get(pathOf(callback)).expect(303).expect('Location', '/myapp');
  expect((await visitor.get('/myapp')).text).toContain('Twilio sent you back twice');
  expect(await storedConnections(app)).toHaveLength(1);
});

test('repeated after disconnecting is not called connected', async () => {
  const app = await startApp();
  const visitor = await signInAsDemo(app);
  const callback = await consent(visitor, 'rossum');
  await visitor.get(pathOf(callback)).expect(303);
  await visitor.post('/connections/1/disconnect').expect(303);
  const page = await visitor.get(pathOf(callback)).expect(403);
  expect(page.text).toContain('used already');
});

test('two callbacks at once make one row', async () => {
  const app = await startApp();
  const visitor = await signInAsDemo(app);
  const callback = pathOf(await consent(visitor, 'rossum'));
  const answers = await Promise.all([visitor.get(callback), visitor.get(callback)]);
  expect(answers.map(({ status }) => status)).toEqual([303, 303]);
  expect(await storedConnections(app)).toHaveLength(1);
});

describe('the state', () => {
  test.each([
    ['missing', (callback: URL) => callback.searchParams.delete('state'), 'carries no state'],
    ['empty', (callback: URL) => callback.searchParams.set('state', ''), 'carries no state'],
    [
      'mismatched',
      (callback: URL) => callback.searchParams.set('state', 'x'.repeat(43)),
      'not the one',
    ],
    ['repeated', (callback: URL) => callback.searchParams.append('state', 'x'), 'not the one'],
  ])('%s is refused with a fresh button', async (_name, spoil, message) => {
    const app = await startApp();
    const visitor = await signInAsDemo(app);
    const callback = await consent(visitor, 'rossum');
    spoil(callback);
    const requests = app.upstream.requests.length;
    const page = await visitor.get(pathOf(callback)).expect(403);
    expect(page.text).toContain(message);
    expect(connectButton(page.text).searchParams.get('state')).toMatch(/^[\w-]{43}$/);
    expect(app.upstream.requests).toHaveLength(requests);
    expect(await storedConnections(app)).toEqual([]);
  });

  test('is good for an hour, and no longer', async () => {
    const app = await startApp();
    const visitor = await signInAsDemo(app);
    const early = await consent(visitor, 'rossum');
    app.clock.now += HOUR - 1;
    await visitor.get(pathOf(early)).expect(303);
    app.clock.now += HOUR;
    const late = await consent(visitor, 'bakery');
    app.clock.now += HOUR;
    const page = await visitor.get(pathOf(late)).expect(403);
    expect(page.text).toContain('more than an hour');
    expect(connectButton(page.text).searchParams.get('state')).not.toBe(
      late.searchParams.get('state'),
    );
  });

  test('of an open button stays good while other pages are opened', async () => {
    const app = await startApp();
    const visitor = await signInAsDemo(app);
    const callback = await consent(visitor, 'rossum');
    for (let minutes = 0; minutes < 55; minutes += 5) {
      app.clock.now += 5 * 60_000;
      await visitor.get('/').expect(200);
    }
    await visitor.get(pathOf(callback)).expect(303).expect('Location', '/myapp');
  });

  test('of a page opened while Twilio was being asked is not spent by that callback', async () => {
    const app = await startApp();
    const visitor = await signInAsDemo(app);
    const callback = pathOf(await consent(visitor, 'rossum'));
    let release = () => {};
    const isAsked = new Promise<void>((asked) => {
      app.upstream.answer = (req, res) => {
        app.upstream.answer = undefined;
        res.locals.held = true;
        const sid = /Accounts\/(\w+)/.exec(req.originalUrl)?.[1];
        release = () => void res.json({ sid, status: 'active' });
        asked();
      };
    });
    const slow = visitor.get(callback).then((answer) => answer.status);
    await isAsked;
    await visitor.get(callback).expect(303);
    const fresh = connectButton((await visitor.get('/myapp')).text).searchParams.get('state');
    release();
    expect(await slow).toBe(303);
    expect(connectButton((await visitor.get('/myapp')).text).searchParams.get('state')).toBe(fresh);
  });

  test('works once: the same one with another account is refused', async () => {
    const app = await startApp();
    const visitor = await signInAsDemo(app);
    const callback = await consent(visitor, 'rossum');
    await visitor.get(pathOf(callback)).expect(303);
    callback.searchParams.set('AccountSid', STRANGER);
    const page = await visitor.get(pathOf(callback)).expect(403);
    expect(page.text).toContain('used already');
  });

  test('works once, also for another account whose callback came while Twilio was asked for the first', async () => {
    const app = await startApp();
    const visitor = await signInAsDemo(app);
    const [rossum, bakery] = [await consent(visitor, 'rossum'), await consent(visitor, 'bakery')];
    expect(rossum.searchParams.get('state')).toBe(bakery.searchParams.get('state'));
    let release = () => {};
    const isAsked = new Promise<void>((asked) => {
      app.upstream.answer = (_req, res) => {
        app.upstream.answer = undefined;
        res.locals.held = true;
        const sid = rossum.searchParams.get('AccountSid');
        release = () => void res.json({ sid, status: 'active' });
        asked();
      };
    });
    const slow = visitor.get(pathOf(rossum)).then((answer) => answer);
    await isAsked;
    await visitor.get(pathOf(bakery)).expect(303);
    release();
    const { status, text } = await slow;
    expect({ status, isSaid: text.includes('used already') }).toEqual({
      status: 403,
      isSaid: true,
    });
    expect(await storedConnections(app)).toMatchObject([
      { account_sid: bakery.searchParams.get('AccountSid') },
    ]);
  });

  test('is shared by the tabs of a session, and by no other session', async () => {
    const app = await startApp();
    const one = await signInAsDemo(app);
    const other = await signInAsDemo(app);
    // All four are let at their session in the same moment.
    let letGo = () => {};
    const held = app.db.transaction(() => new Promise<void>((resolve) => (letGo = resolve)));
    const opening = Promise.all(['/', '/myapp', '/', '/myapp'].map((path) => one.get(path)));
    await new Promise((resolve) => setTimeout(resolve, 100));
    letGo();
    await held;
    const tabs = await opening;
    const states = tabs.map(({ text }) => connectButton(text).searchParams.get('state'));
    expect(new Set(states).size).toBe(1);
    const callback = await consent(other, 'rossum');
    const page = await one.get(pathOf(callback)).expect(403);
    expect(page.text).toContain('not the one');
  });

  test('ends with the session: it is worth nothing after signing out and in', async () => {
    const app = await startApp();
    const visitor = await signInAsDemo(app);
    const callback = await consent(visitor, 'rossum');
    await visitor.post('/sign-out').expect(303);
    await visitor.post('/sign-in/demo').expect(303);
    await visitor.get(pathOf(callback)).expect(403);
    expect(await storedConnections(app)).toEqual([]);
  });
});

test.each([
  ['missing', ''],
  ['empty', 'AccountSid='],
  ['malformed', 'AccountSid=AC123'],
  ['of another kind', `AccountSid=CA${'5'.repeat(32)}`],
  ['followed by more', `AccountSid=${STRANGER}%0A`],
  ['repeated', `AccountSid=${STRANGER}&AccountSid=${STRANGER}`],
  ['an object', `AccountSid[a]=${STRANGER}`],
])('an AccountSid that is %s is a 400 that spends nothing', async (_name, query) => {
  const app = await startApp();
  const visitor = await signInAsDemo(app);
  const state = connectButton((await visitor.get('/')).text).searchParams.get('state');
  const page = await visitor.get(`/twilio/authorize?${query}&state=${state}`).expect(400);
  expect(page.text).toContain('AccountSid');
  expect(connectButton(page.text).searchParams.get('state')).toBe(state);
  expect(app.upstream.requests).toEqual([]);
});

describe('somebody else’s account', () => {
  test('is refused without a word about them, even with a valid state', async () => {
    const app = await startApp();
    const victim = await signUp(app, 'victim@example.com');
    const accountSid = await connect(victim, 'rossum');

    const attacker = await signInAsDemo(app);
    const state = connectButton((await attacker.get('/')).text).searchParams.get('state');
    const swap = `/twilio/authorize?AccountSid=${accountSid}&state=${state}`;
    const requests = app.upstream.requests.length;
    const page = await attacker.get(swap).expect(409);
    expect(page.text).not.toMatch(/victim|Rossum|AC[0-9a-f]{2}…/);
    expect(app.upstream.requests).toHaveLength(requests);
    await attacker.get('/calls').expect(303).expect('Location', '/myapp');
    expect((await attacker.get('/myapp')).text).not.toContain('Rossum');
    expect(await storedConnections(app)).toEqual([
      { account_sid: accountSid, user_id: 1, status: 'active' },
    ]);

    const warning = app.logs.find((line) => line.includes('claimed'));
    expect(JSON.parse(String(warning)).level).toBe(40);
    await attacker.get(swap).expect(403);
  });

  test('is refused in capital letters too', async () => {
    const app = await startApp();
    const victim = await signUp(app, 'victim@example.com');
    const accountSid = await connect(victim, 'rossum');
    const attacker = await signInAsDemo(app);
    const state = connectButton((await attacker.get('/')).text).searchParams.get('state');
    const shouted = accountSid.toUpperCase();
    await attacker.get(`/twilio/authorize?AccountSid=${shouted}&state=${state}`).expect(409);
  });

  test('stays theirs after they disconnect, and is free after Twilio deauthorized it', async () => {
    const app = await startApp();
    const first = await signUp(app, 'first@example.com');
    const accountSid = await connect(first, 'rossum');
    await first.post('/connections/1/disconnect').expect(303);

    const second = await signInAsDemo(app);
    const callback = await consent(second, 'rossum');
    await second.get(pathOf(callback)).expect(409);

    await app.db.query(`update connections set status = 'deauthorized'`);
    await connect(second, 'rossum');
    expect((await second.get('/myapp')).text).toContain('role="status">Connected.');
    expect((await first.get('/myapp')).text).not.toContain('Rossum');
    expect(await storedConnections(app)).toEqual([
      { account_sid: accountSid, user_id: 2, status: 'active' },
    ]);
  });

  test('goes to one of two who claim it at the same moment', async () => {
    const app = await startApp();
    const one = await signUp(app, 'one@example.com');
    const two = await signInAsDemo(app);
    const callbacks = [await consent(one, 'rossum'), await consent(two, 'rossum')];
    const answers = await Promise.all([
      one.get(pathOf(String(callbacks[0]))),
      two.get(pathOf(String(callbacks[1]))),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 409]);
    expect(await storedConnections(app)).toHaveLength(1);
  });
});

test('our own account, which our Auth Token opens to anyone, is nobody’s to connect', async () => {
  const app = await startApp();
  const visitor = await signInAsDemo(app);
  const state = connectButton((await visitor.get('/')).text).searchParams.get('state');
  const sid = app.settings.accountSid;
  app.upstream.answer = (_req, res) => res.json({ sid, status: 'active', friendly_name: 'Us' });
  await visitor.get(`/twilio/authorize?AccountSid=${sid}&state=${state}`).expect(403);
  expect(app.upstream.requests).toEqual([]);
  expect(await storedConnections(app)).toEqual([]);
});

describe('Twilio is asked before anything is stored', () => {
  test.each([
    [401, 20003],
    [403, 20403],
    [404, 20404],
  ])('and a %i refuses the connection', async (status, code) => {
    const app = await startApp();
    const visitor = await signInAsDemo(app);
    const callback = await consent(visitor, 'rossum');
    app.upstream.answer = (_req, res) => twilioError(res, status, code);
    const page = await visitor.get(pathOf(callback)).expect(403);
    expect(page.text).toContain('Twilio does not let us into that account');
    expect(connectButton(page.text).searchParams.get('state')).not.toBe(
      callback.searchParams.get('state'),
    );
    expect(await storedConnections(app)).toEqual([]);
  });

  test('and an account that never allowed us in is refused', async () => {
    const app = await startApp();
    const visitor = await signInAsDemo(app);
    const state = connectButton((await visitor.get('/')).text).searchParams.get('state');
    await visitor.get(`/twilio/authorize?AccountSid=${STRANGER}&state=${state}`).expect(403);
    expect(app.upstream.requests).toEqual([`GET /2010-04-01/Accounts/${STRANGER}.json`]);
  });

  test.each([
    ['a suspended account', { status: 'suspended' }, 403],
    ['another account', { sid: STRANGER }, 503],
  ])('and an answer about %s does not count', async (_name, change, status) => {
    const app = await startApp();
    const visitor = await signInAsDemo(app);
    const callback = await consent(visitor, 'rossum');
    const account = { sid: callback.searchParams.get('AccountSid'), status: 'active' };
    app.upstream.answer = (_req, res) => void res.json({ ...account, ...change });
    await visitor.get(pathOf(callback)).expect(status);
    expect(await storedConnections(app)).toEqual([]);
  });

  test.each([
    ['a 500', (res) => twilioError(res, 500, 20500)],
    ['a 503 in HTML', (res) => res.status(503).send('<h1>down</h1>')],
    ['a 429 that stays', (res) => twilioError(res, 429, 20429)],
    ['garbage', (res) => res.type('json').send('{"sid": "AC')],
    ['an empty body', (res) => res.type('json').send('')],
    ['a cut connection', (res) => res.destroy()],
  ] as [string, (res: Response) => unknown][])(
    'and after %s the state is still good',
    async (_name, fail) => {
      const app = await startApp();
      const visitor = await signInAsDemo(app);
      const callback = await consent(visitor, 'rossum');
      app.upstream.answer = (_req, res) => fail(res);
      const page = await visitor.get(pathOf(callback)).expect(503);
      expect(page.text).toContain('Twilio is not answering');
      expect(await storedConnections(app)).toEqual([]);
      app.upstream.answer = undefined;
      await visitor.get(pathOf(callback)).expect(303).expect('Location', '/myapp');
      expect(await storedConnections(app)).toHaveLength(1);
    },
  );
});

test('a sign-out in another tab while Twilio is being asked is not undone', async () => {
  const app = await startApp();
  const visitor = await signInAsDemo(app);
  const callback = await consent(visitor, 'rossum');
  app.upstream.answer = (_req, res) => {
    app.upstream.answer = undefined;
    res.locals.held = true;
    // The other tab: sign-out deletes the session, then Twilio answers.
    void app.db.query('update sessions set data = null').then(() => {
      res.json({ sid: callback.searchParams.get('AccountSid'), status: 'active' });
    });
  };
  await visitor.get(pathOf(callback)).expect(303).expect('Location', '/sign-in');
  await visitor.get('/myapp').expect(303).expect('Location', '/sign-in?next=%2Fmyapp');
  expect(await storedConnections(app)).toEqual([]);
});
