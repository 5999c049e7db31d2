import { expect, test } from '@jest/globals';
import { browser, connectButton, signInAsDemo } from '../browser.ts';
import { startApp } from '../start-app.ts';

test('shows the app, what it may see, and four customers', async () => {
  const app = await startApp();
  const visitor = await signInAsDemo(app);
  const button = connectButton((await visitor.get('/')).text);
  const page = await visitor.get(button.pathname + button.search).expect(200);
  for (const text of [
    '“Connect Quickstart” asks for access',
    'Read all account data',
    'Allow',
    'Decline',
  ]) {
    expect(page.text).toContain(text);
  }
  expect(page.text.match(/type="radio"/g)).toHaveLength(4);
  expect(page.text).toContain('href="/sandbox"');
  expect(page.headers['content-security-policy']).toContain(`form-action 'self' ${app.url}`);
  await visitor.get('/sandbox/sandbox.css').expect(200).expect('Content-Type', /css/);
});

test('another Connect App is unknown', async () => {
  const app = await startApp();
  await browser(app)
    .get(`/sandbox/authorize/CN${'1'.repeat(32)}`)
    .expect(404);
  await browser(app)
    .post(`/sandbox/authorize/CN${'1'.repeat(32)}`)
    .expect(404);
});

test('an answer without a customer or a decision declines', async () => {
  const app = await startApp();
  const path = `/sandbox/authorize/${app.settings.connectAppSid}`;
  for (const form of ['', 'decision=allow', 'decision=allow&customer=nobody', 'customer=rossum']) {
    const answer = await browser(app).post(path).type('form').send(form).expect(303);
    expect(answer.headers.location).toBe(`${app.url}/twilio/authorize?error=unauthorized_client`);
  }
});

test('the state goes back as it came, or not at all', async () => {
  const app = await startApp();
  const path = `/sandbox/authorize/${app.settings.connectAppSid}`;
  const allow = (state?: string) =>
    browser(app).post(path).type('form').send({ customer: 'bakery', decision: 'allow', state });
  const back = new URL(String((await allow('a&b "<')).headers.location));
  expect(back.searchParams.get('state')).toBe('a&b "<');
  expect(back.searchParams.get('AccountSid')).toMatch(/^AC[0-9a-f]{32}$/);
  expect(String((await allow()).headers.location)).not.toContain('state');
});

test('what cannot be read gets a sentence, not a stack trace', async () => {
  const app = await startApp();
  const path = `/sandbox/authorize/${app.settings.connectAppSid}`;
  const large = `state=${'x'.repeat(300_000)}`;
  const answer = await browser(app).post(path).type('form').send(large).expect(413);
  expect(answer.text).toBe('The sandbox cannot read this request.\n');
  const nowhere = await browser(app).get('/sandbox/deep/nowhere').expect(404);
  expect(nowhere.text).toContain('href="/sandbox/sandbox.css"');
  expect(nowhere.text).toContain(`href="${app.url}/"`);
});
