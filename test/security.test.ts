import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { sendRaw } from './attack/raw-request.ts';
import { browser, connect, signInAsDemo } from './browser.ts';
import { startApp } from './start-app.ts';

const PAGES = [
  '/',
  '/sign-in',
  '/sign-up',
  '/faq',
  '/myapp',
  '/calls',
  '/nothing-here',
  '/twilio/authorize',
];

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
    for (const path of [
      '/connections/1/disconnect',
      '/sign-out',
      '/sign-in',
      '/sign-up',
      '/sign-in/demo',
    ]) {
      const page = await visitor.post(path).set(sent).expect(403);
      expect(page.text).toContain('That form came from another site');
    }
    await visitor.get('/calls').expect(200);
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

test('every page has the strict headers and is kept by no cache', async () => {
  const app = await startApp();
  for (const visitor of [browser(app), await signInAsDemo(app)]) {
    for (const path of PAGES) {
      const { headers } = await visitor.get(path);
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain('unsafe');
      expect(headers['cache-control']).toBe('no-store');
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('same-origin');
      expect(headers['x-powered-by']).toBeUndefined();
      // On plain http these two would lock the developer out of localhost.
      expect(headers['strict-transport-security']).toBeUndefined();
      expect(policy).not.toContain('upgrade-insecure-requests');
    }
  }
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
    expect(String(headers['strict-transport-security'])).toMatch(/^max-age=/);
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
  for (const target of ['http://evil.example/', 'a:///twilio/deauthorize', 'a:///calls']) {
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
    const app = await startApp({
      NODE_ENV: 'production',
      TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
      TWILIO_AUTH_TOKEN: '0'.repeat(32),
      TWILIO_CONNECT_APP_SID: `CN${'0'.repeat(32)}`,
    });
    await browser(app).get('/faq').set('Host', 'evil.example').expect(200);
  });
});
