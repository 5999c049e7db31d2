import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { createUser } from '../src/database/users.ts';
import { hashPassword } from '../src/password.ts';
import { sendRaw } from './attack/raw-request.ts';
import { browser, connect, signInAsDemo } from './browser.ts';
import { startApp, type TestApp } from './start-app.ts';

const PRODUCTION = {
  NODE_ENV: 'production',
  BASE_URL: 'https://app.example.com',
  TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
  TWILIO_AUTH_TOKEN: '0'.repeat(32),
  TWILIO_CONNECT_APP_SID: `CN${'0'.repeat(32)}`,
};

const TABLES = ['users', 'connections', 'sessions', 'call_totals'];

/** The paths of every route with this method, from the app itself, so that none is forgotten. */
function pathsOf(app: TestApp, method: string): string[] {
  const routes = app.routes.map((route) => route.replace(':id', '1').split(' '));
  return routes.flatMap(([verb, path = '']) => (verb === method ? [path] : []));
}

describe('a form', () => {
  test.each([
    ['cross-site', { 'Sec-Fetch-Site': 'cross-site' }],
    ['same-site, another origin', { 'Sec-Fetch-Site': 'same-site' }],
    ['cross-site, whatever Origin says', { 'Sec-Fetch-Site': 'cross-site', Origin: 'OURS' }],
    ['another origin, in an older browser', { Origin: 'https://evil.example' }],
    ['another port', { Origin: 'http://127.0.0.1:1' }],
    ['no origin that can be named', { Origin: 'null' }],
  ])('from another site is refused: %s', async (_name, headers) => {
    const app = await startApp();
    const visitor = await signInAsDemo(app);
    await connect(visitor, 'rossum');
    const sent = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, value.replace('OURS', app.url)]),
    );
    const rows = () => Promise.all(TABLES.map((table) => app.db.query(`select * from ${table}`)));
    const before = await rows();
    // What Twilio sends comes from no browser; its signature is checked instead.
    const forms = pathsOf(app, 'POST').filter((path) => path !== '/twilio/deauthorize');
    expect(forms.length).toBeGreaterThan(6);
    for (const path of [...forms, '/nothing-here']) {
      const page = await visitor.post(path).set(sent).expect(403);
      expect(page.text).toContain('That form came from another site');
    }
    for (const method of ['put', 'patch', 'delete'] as const) {
      await visitor[method]('/connections/1/disconnect').set(sent).expect(403);
    }
    expect(await rows()).toEqual(before);
  });

  test.each([
    ['by Sec-Fetch-Site', { 'Sec-Fetch-Site': 'same-origin' }],
    ['by Origin', { Origin: 'OURS' }],
    ['from no browser at all', {}],
  ])('of ours passes %s', async (_name, headers: Record<string, string>) => {
    const app = await startApp();
    const sent = headers.Origin ? { Origin: app.url } : headers;
    await browser(app).post('/sign-in/demo').set(sent).expect(303);
  });

  test('over 16 KB is a 413, one that cannot be read a 415 or 400', async () => {
    const app = await startApp();
    const post = () => browser(app).post('/sign-in').type('form');
    const page = await post()
      .send(`email=${'a'.repeat(16_400)}`)
      .expect(413);
    expect(page.text).toContain('A form may hold 16 KB');
    await post()
      .set('Content-Type', 'application/x-www-form-urlencoded; charset=utf-7')
      .send('a=b')
      .expect(415);
    await post().set('Content-Encoding', 'gzip').send('not gzip').expect(400);
  });
});

test('every answer of the app has the strict headers and is kept by no cache, be it a page, a file or a refusal', async () => {
  const app = await startApp();
  const visitor = await signInAsDemo(app);
  await connect(visitor, 'bakery');
  const answers = [];
  for (const agent of [visitor, browser(app)]) {
    for (const path of [...pathsOf(app, 'GET'), '/nothing-here', '/calls?size=x']) {
      answers.push(await agent.get(path));
    }
    for (const path of pathsOf(app, 'POST')) {
      answers.push(await agent.post(path).set('Sec-Fetch-Site', 'cross-site'));
    }
  }
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 303, 400, 403, 404]));
  for (const { headers } of answers) {
    const policy = String(headers['content-security-policy']);
    expect(policy.split(';').sort()).toEqual([
      "base-uri 'none'",
      "connect-src 'self'",
      "default-src 'none'",
      "form-action 'self'",
      "frame-ancestors 'none'",
      "img-src 'self'",
      "script-src 'self'",
      "style-src 'self'",
    ]);
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['x-frame-options']).toBe('DENY');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('same-origin');
    expect(headers['x-powered-by']).toBeUndefined();
    // On plain http these two would lock the developer out of localhost.
    expect(headers['strict-transport-security']).toBeUndefined();
  }
});

test.each([
  [
    'in development',
    {},
    /^[\w-]+=[^;]*; (Max-Age=\d+; )?Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/,
  ],
  [
    'in development behind https',
    { BASE_URL: 'https://app.example.com' },
    /^[\w-]+=[^;]*; (Max-Age=\d+; )?Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Lax$/,
  ],
  [
    'in production',
    PRODUCTION,
    /^__Host-[\w-]+=[^;]*; (Max-Age=\d+; )?Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Lax$/,
  ],
])('every cookie has its flags %s', async (_name, environment: Record<string, string>, flags) => {
  const app = await startApp(environment);
  const { host } = new URL(app.config.baseUrl);
  const user = await createUser(app.db, {
    email: 'ada@example.com',
    passwordHash: await hashPassword('correct horse'),
    now: app.clock.now,
  });
  expect(user?.id).toBe(1);
  const signedIn = await browser(app)
    .post('/sign-in')
    .set('Host', host)
    .type('form')
    .send({ email: 'ada@example.com', password: 'correct horse' })
    .expect(303);
  const cookies = [...(signedIn.headers['set-cookie'] ?? [])];
  const session = cookies.map((cookie: string) => cookie.split(';')[0]).join('; ');
  const ask = ['/twilio/authorize?error=unauthorized_client', ...pathsOf(app, 'GET')];
  for (const cookie of ['', session]) {
    for (const path of ask) {
      const { headers } = await browser(app).get(path).set('Host', host).set('Cookie', cookie);
      cookies.push(...(headers['set-cookie'] ?? []));
    }
    for (const path of pathsOf(app, 'POST')) {
      const { headers } = await browser(app).post(path).set('Host', host).set('Cookie', cookie);
      cookies.push(...(headers['set-cookie'] ?? []));
    }
  }
  expect(new Set(cookies.map((cookie) => cookie.split('=')[0])).size).toBeGreaterThan(1);
  for (const cookie of cookies) expect(cookie).toMatch(flags);
});

describe('the session cookie', () => {
  test('is HttpOnly and Lax', async () => {
    const app = await startApp();
    const { headers } = await browser(app).post('/sign-in/demo');
    expect(headers['set-cookie']).toContainEqual(
      expect.stringMatching(/^session=[^;]+; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/),
    );
  });

  test('is Secure and bound to the host behind https, whatever the proxy forgets to say', async () => {
    const app = await startApp({ BASE_URL: 'https://app.example.com' });
    const { headers } = await browser(app).post('/sign-in/demo').set('Host', 'app.example.com');
    expect(headers['set-cookie']).toContainEqual(
      expect.stringMatching(/^__Host-session=[^;]+; Path=\/; .*HttpOnly; Secure; SameSite=Lax$/),
    );
    const callback = '/twilio/authorize?error=unauthorized_client';
    const visitor = browser(app);
    const notice = await visitor.get(callback).set('Host', 'app.example.com');
    const [cookie = ''] = notice.headers['set-cookie'] ?? [];
    expect(cookie).toMatch(/^__Host-notice=declined; .*Path=\/; .*HttpOnly; Secure; SameSite=Lax$/);
    const page = await visitor
      .get('/')
      .set('Host', 'app.example.com')
      .set('Cookie', `${cookie.split(';')[0]}`);
    expect(page.text).toContain('You did not allow access');
    expect(String(headers['strict-transport-security'])).toBe(
      'max-age=31536000; includeSubDomains',
    );
    expect(String(headers['content-security-policy'])).toContain('upgrade-insecure-requests');
  });

  test('that was tampered with, or whose session is spoilt, is no session', async () => {
    const app = await startApp();
    await browser(app).get('/myapp').set('Cookie', 'session=s%3Aabc.def').expect(303);
    const visitor = await signInAsDemo(app);
    await app.db.query(`update sessions set data = '{'`);
    await visitor.get('/myapp').expect(303);
  });

  test('lives on when the secret rotates', async () => {
    const [fresh, old] = ['n'.repeat(32), 'o'.repeat(32)];
    const app = await startApp({ SESSION_SECRET: `${fresh},${old}` });
    await signInAsDemo(app);
    const [row] = await app.db.query<{ sid: string }>('select sid from sessions');
    const visit = (secret: string) => {
      const signature = createHmac('sha256', secret).update(String(row?.sid)).digest('base64');
      const cookie = `s:${row?.sid}.${signature.replace(/=+$/, '')}`;
      return browser(app)
        .get('/myapp')
        .set('Cookie', `session=${encodeURIComponent(cookie)}`);
    };
    await visit(old).expect(200);
    await visit(fresh).expect(200);
    await visit('x'.repeat(32)).expect(303);
  });

  test('ends after a week', async () => {
    const app = await startApp();
    const visitor = await signInAsDemo(app);
    app.clock.now += 7 * 24 * 3_600_000;
    await visitor.get('/myapp').expect(303);
  });

  test('is not given to a visitor who only looks', async () => {
    const app = await startApp();
    for (const path of ['/', '/faq', '/sign-in', '/nothing']) {
      expect((await browser(app).get(path)).headers['set-cookie']).toBeUndefined();
    }
    expect(await app.db.query('select sid from sessions')).toEqual([]);
  });
});

test('a target that is no path is a 400, whoever it asks us to be', async () => {
  const app = await startApp();
  for (const target of [
    'http://evil.example/',
    'http://evil.example/assets',
    'a:///twilio/deauthorize',
    'a:///calls',
  ]) {
    const request = `GET ${target} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n`;
    const { status, headers } = await sendRaw(app, request, 5000);
    expect(status).toBe(400);
    expect(headers.join()).not.toContain('evil');
  }
});

describe('another host name', () => {
  test('goes on at BASE_URL’s in development', async () => {
    const app = await startApp();
    const { port } = new URL(app.url);
    await browser(app)
      .get('/calls?size=10')
      .set('Host', `localhost:${port}`)
      .expect(302)
      .expect('Location', `${app.url}/calls?size=10`);
    await browser(app).get('/').set('Host', 'evil.example').expect(302);
    await browser(app).get('/healthz').set('Host', 'evil.example').expect(200);
  });

  test('that a tunnel wrote into the request does not send it round in circles', async () => {
    const app = await startApp({ BASE_URL: 'https://tunnel.example' });
    await browser(app).get('/').set('Host', 'localhost').expect(302);
    await browser(app)
      .get('/')
      .set('Host', 'localhost')
      .set('X-Forwarded-For', '1.1.1.1')
      .expect(200);
  });

  test('is served in production', async () => {
    const app = await startApp(PRODUCTION);
    await browser(app).get('/faq').set('Host', 'evil.example').expect(200);
  });
});
