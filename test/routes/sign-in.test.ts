import { describe, expect, test } from '@jest/globals';
import { type Agent, attribute, browser, signInAsDemo, signUp } from '../browser.ts';
import { startApp } from '../start-app.ts';

const ada = { email: 'ada@example.com', password: 'correct horse battery' };

function send(agent: Agent, path: string, form: Record<string, string>) {
  return agent.post(path).type('form').send(form);
}

test('signs up, out and in again, each time with a new session', async () => {
  const app = await startApp();
  const visitor = await signUp(app, ada.email);
  const first = await app.db.query<{ sid: string }>('select sid from sessions');
  expect((await visitor.get('/')).text).toContain(ada.email);

  await visitor.post('/sign-out').expect(303);
  expect(await app.db.query('select data from sessions')).toEqual([{ data: null }]);
  await visitor.get('/myapp').expect(303);

  await send(visitor, '/sign-in', { ...ada, email: ' ADA@example.com ' }).expect(303);
  const second = await app.db.query('select sid from sessions where data is not null');
  expect(second).toHaveLength(1);
  expect(second).not.toEqual(first);
  await visitor.get('/myapp').expect(200);
});

test('a session id from before signing in is worth nothing after it', async () => {
  const app = await startApp();
  const visitor = await signInAsDemo(app);
  const [planted] = await app.db.query<{ sid: string }>('select sid from sessions');
  await visitor.post('/sign-in/demo').expect(303);
  const left = await app.db.query<{ sid: string }>(
    'select sid from sessions where data is not null',
  );
  expect(left).toHaveLength(1);
  expect(left[0]?.sid).not.toBe(planted?.sid);
});

test('the same answer for an unknown e-mail and for a wrong password', async () => {
  const app = await startApp();
  await signUp(app, ada.email);
  await signInAsDemo(app);
  const answer = async (email: string) => {
    const page = await send(browser(app), '/sign-in', { email, password: 'not this one' });
    return `${page.status} ${page.text.replaceAll(email, '')}`;
  };
  const wrong = await answer(ada.email);
  expect(wrong).toMatch(/^401 .*do not belong together/s);
  expect(await answer('nobody@example.com')).toBe(wrong);
  // The demo user has no password, so none is right.
  expect(await answer('demo@example.com')).toBe(wrong);
});

test('passwords are the same however their letters are composed, and never stored', async () => {
  const app = await startApp();
  const composed = '\u00e9'.repeat(200);
  await send(browser(app), '/sign-up', { email: ada.email, password: composed }).expect(303);
  const decomposed = { email: ada.email, password: composed.normalize('NFD') };
  await send(browser(app), '/sign-in', decomposed).expect(303);
  const users = JSON.stringify(await app.db.query('select * from users'));
  expect(users).not.toContain(composed.slice(0, 10));
});

test.each([
  ['no e-mail', { email: 'ada', password: ada.password }, 400, 'E-mail: '],
  [
    'a long e-mail',
    { email: `${'a'.repeat(250)}@b.example`, password: ada.password },
    400,
    'E-mail: ',
  ],
  ['seven characters', { email: ada.email, password: '1234567' }, 400, 'Password: '],
  ['257 characters', { email: ada.email, password: 'x'.repeat(257) }, 400, 'Password: '],
  [
    'seven that JavaScript counts twice',
    { email: ada.email, password: '🔑'.repeat(7) },
    400,
    'Pass',
  ],
  ['a control character', { email: 'ada\0@example.com', password: ada.password }, 400, 'E-mail: '],
] as const)('signing up with %s says what to write', async (_name, form, status, text) => {
  const app = await startApp();
  const page = await send(browser(app), '/sign-up', form).expect(status);
  expect(page.text).toContain(`role="alert" id="problem">${text}`);
  expect(await app.db.query('select id from users')).toEqual([]);
});

test('repeated and missing fields are no sign-in', async () => {
  const app = await startApp();
  await signUp(app, ada.email);
  const twice = `email=${ada.email}&password=${ada.password}&password=${ada.password}`;
  await browser(app).post('/sign-in').type('form').send(twice).expect(401);
  await browser(app).post('/sign-in').expect(401);
  await browser(app).post('/sign-up').expect(400);
});

test('an e-mail signs up once', async () => {
  const app = await startApp();
  await signUp(app, ada.email);
  const page = await send(browser(app), '/sign-up', { ...ada, email: 'Ada@Example.com' }).expect(
    409,
  );
  expect(page.text).toContain('Sign in instead');
});

describe('the page that was wanted', () => {
  test('comes after signing in', async () => {
    const app = await startApp();
    const visitor = browser(app);
    await visitor
      .get('/sign-in?next=%2Fcalls%3Fstatus%3Dbusy')
      .expect(200, /name="next" value="\/calls\?status=busy"/);
    await send(visitor, '/sign-in/demo', { next: '/calls?status=busy' })
      .expect(303)
      .expect('Location', '/calls?status=busy');
  });

  test.each([
    'https://evil.example/',
    '//evil.example/calls',
    '/\\evil.example/calls',
    '/\t/evil.example/',
    '/.//evil.example/calls',
    'javascript:alert(1)',
    'evil',
    '',
  ])('is never another site: %j', async (next) => {
    const app = await startApp();
    await send(browser(app), '/sign-in/demo', { next }).expect(303).expect('Location', '/');
  });

  test.each([
    '%2F%2Fevil.example',
    '%5C%5Cevil.example',
    '/%2F%2Fevil.example',
    '/%5Cevil.example',
    '/%252Fevil.example',
    '/%2Fevil.example%2F..',
    '/%09/evil.example',
    '/%0D%0ALocation:%20https://evil.example',
    '/&next=//evil.example',
    'http:evil.example',
  ])('nor in an address, whatever its encoding: %j', async (next) => {
    const app = await startApp();
    const form = await browser(app).get(`/sign-in?next=${next}`).expect(200);
    const kept = attribute(form.text, /name="next" value="([^"]*)"/);
    const answer = await send(browser(app), '/sign-in/demo', { next: kept }).expect(303);
    const { origin, pathname } = new URL(String(answer.headers.location), app.url);
    expect(origin).toBe(app.url);
    expect(pathname).not.toMatch(/^\/[/\\]/);
  });
});

describe('limits', () => {
  test('10 failed sign-ins for an e-mail, then 429 with the wait, also with the right password', async () => {
    const app = await startApp();
    await signUp(app, ada.email);
    const attempt = (email: string, password: string) =>
      send(browser(app), '/sign-in', { email, password });
    const wrong = () => attempt(ada.email, 'wrong password').expect(401);
    await Promise.all(Array.from({ length: 10 }, wrong));
    const page = await attempt('ADA@example.com', ada.password).expect(429);
    expect(page.text).toContain('Wait 15 minutes');
    expect(Number(page.headers['retry-after'])).toBeGreaterThan(800);
    // Those that are refused give nothing back, however many they are.
    for (let second = 0; second < 3; second++) {
      for (let n = 0; n < 6; n++) await attempt(ada.email, ada.password).expect(429);
      app.clock.now += 1001;
    }
    await attempt('other@example.com', 'wrong password').expect(401);
  }, 60_000);

  test('30 failed sign-ins for an address, as the proxy tells it; those that succeed do not count', async () => {
    const app = await startApp({ TRUST_PROXY: '1' });
    await signUp(app, ada.email);
    const from = (address: string, form: Record<string, string>) =>
      send(browser(app), '/sign-in', form).set('X-Forwarded-For', `6.6.6.6, ${address}`);
    const wrong = (n: number) => ({ email: `u${n}@example.com`, password: 'wrong password' });
    for (let n = 0; n < 3; n++) await from('1.1.1.1', ada).expect(303);
    // Ten at once is as many as wait for their turn.
    for (let n = 0; n < 30; n += 10) {
      const failures = Array.from({ length: 10 }, (_, m) => from('1.1.1.1', wrong(n + m)));
      expect((await Promise.all(failures)).map(({ status }) => status)).toEqual(
        Array(10).fill(401),
      );
    }
    await from('1.1.1.1', ada).expect(429);
    await from('2.2.2.2', ada).expect(303);
  }, 120_000);

  test('20 sign-ups an hour for an address; a form to be corrected is none', async () => {
    const app = await startApp();
    for (let n = 0; n < 25; n++) await browser(app).post('/sign-up').expect(400);
    // The same e-mail: the first gets the account, the others are told so, and all count.
    const ten = () =>
      Promise.all(Array.from({ length: 10 }, () => send(browser(app), '/sign-up', ada)));
    const statuses = [...(await ten()), ...(await ten())].map(({ status }) => status).sort();
    expect(statuses).toEqual([303, ...Array(19).fill(409)]);
    const page = await send(browser(app), '/sign-up', ada).expect(429);
    expect(page.text).toContain('Too many sign-ups');
    expect(page.text).toContain('Wait 60 minutes');
  }, 120_000);
});

test('the demo sign-in is there on the sandbox only', async () => {
  const app = await startApp({
    TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
    TWILIO_AUTH_TOKEN: '0'.repeat(32),
    TWILIO_CONNECT_APP_SID: `CN${'0'.repeat(32)}`,
  });
  await browser(app).post('/sign-in/demo').expect(404);
  expect((await browser(app).get('/sign-in')).text).not.toContain('demo');
});

test('someone signed in has no use for the forms', async () => {
  const app = await startApp();
  const visitor = await signInAsDemo(app);
  await visitor.get('/sign-in').expect(303).expect('Location', '/');
  await visitor.get('/sign-up').expect(303).expect('Location', '/');
});
