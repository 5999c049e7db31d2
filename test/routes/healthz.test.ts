import { createHmac } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { type Identity, identify } from '../../src/identity.ts';
import { browser } from '../browser.ts';
import { SESSION_SECRET, startApp } from '../start-app.ts';

const NONCE = 'a-nonce-of-this-test';

test('says which app it is, to those who have its session secret', async () => {
  const app = await startApp({ TRUST_PROXY: '1' });
  const answer = await browser(app).get(`/healthz?nonce=${NONCE}`).expect(200);
  expect(answer.body).toEqual({ status: 'ok', identity: identify(app.config, NONCE, 0) });

  const ours: Identity = answer.body.identity;
  const other = { ...app.config, sessionSecrets: ['another session secret, also of 32 or more'] };
  expect(identify(other, NONCE, 0).app).not.toBe(ours.app);
  expect(identify(app.config, `${NONCE}2`, 0).app).not.toBe(ours.app);

  const moved = identify({ ...app.config, baseUrl: 'https://example.com' }, NONCE, 0);
  expect(moved).toEqual({
    ...ours,
    settings: { ...ours.settings, BASE_URL: moved.settings.BASE_URL },
  });
  expect(moved.settings.BASE_URL).not.toBe(ours.settings.BASE_URL);
});

test('counts the proxies that a question came through', async () => {
  const app = await startApp();
  for (const [forwardedFor, proxies] of Object.entries({
    '192.0.2.1': 1,
    '192.0.2.1, 10.0.0.1': 2,
  })) {
    const answer = await browser(app)
      .get(`/healthz?nonce=${NONCE}`)
      .set('X-Forwarded-For', forwardedFor)
      .expect(200);
    expect(answer.body.identity).toEqual(identify(app.config, NONCE, proxies));
  }
});

test('never signs the nonce as a cookie is signed', async () => {
  const app = await startApp();
  const answer = await browser(app).get(`/healthz?nonce=${NONCE}`).expect(200);
  const signature = createHmac('sha256', SESSION_SECRET).update(NONCE).digest('base64url');
  expect(answer.text).not.toContain(signature);
});

test.each(['', 'short', 'x'.repeat(65), 'with a space in between', 'nönce-nönce-nönce'])(
  'refuses the nonce %j',
  async (nonce) => {
    const app = await startApp();
    const answer = await browser(app)
      .get(`/healthz?${new URLSearchParams({ nonce })}`)
      .expect(400);
    expect(answer.body.status).toMatch(/^nonce: /);
  },
);

test('refuses two nonces', async () => {
  const app = await startApp();
  await browser(app).get(`/healthz?nonce=${NONCE}&nonce=${NONCE}`).expect(400);
});
