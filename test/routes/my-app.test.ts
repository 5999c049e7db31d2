import { expect, test } from '@jest/globals';
import { browser, connect, signInAsDemo, signUp } from '../browser.ts';
import { startApp } from '../start-app.ts';

test('disconnect says what stays on Twilio’s side, and asks Twilio nothing', async () => {
  const app = await startApp();
  const visitor = await signInAsDemo(app);
  await connect(visitor, 'rossum');
  app.upstream.requests.length = 0;
  await visitor.post('/connections/1/disconnect').expect(303).expect('Location', '/myapp');
  const page = await visitor.get('/myapp').expect(200);
  expect(page.text).toContain('Twilio still allows it to, until you revoke access there');
  expect(page.text).toContain('<span class="badge disconnected">disconnected</span>');
  await visitor.get('/calls').expect(303).expect('Location', '/myapp');
  expect(app.upstream.requests).toEqual([]);
});

test('disconnecting twice changes nothing the second time', async () => {
  const app = await startApp();
  const visitor = await signInAsDemo(app);
  await connect(visitor, 'rossum');
  await visitor.post('/connections/1/disconnect').expect(303);
  const before = await app.db.query('select * from connections');
  app.clock.now += 1000;
  await visitor.post('/connections/1/disconnect').expect(303);
  expect(await app.db.query('select * from connections')).toEqual(before);
});

test('only one’s own connection can be disconnected', async () => {
  const app = await startApp();
  const owner = await signUp(app, 'owner@example.com');
  await connect(owner, 'rossum');
  const other = await signInAsDemo(app);
  for (const id of ['1', '2', '0', '-1', '1.0', 'x', '99999999999999999999', '1%20or%201=1']) {
    await other.post(`/connections/${id}/disconnect`).expect(404);
  }
  await browser(app).post('/connections/1/disconnect').expect(303).expect('Location', '/sign-in');
  await owner.get('/calls').expect(200);
});

test('shows an AccountSid masked, also to its own user', async () => {
  const app = await startApp();
  const visitor = await signInAsDemo(app);
  const accountSid = await connect(visitor, 'rossum');
  const page = await visitor.get('/myapp').expect(200);
  expect(page.text).toContain(`AC${accountSid.slice(2, 4)}…${accountSid.slice(-4)}`);
  expect(page.text).not.toContain(accountSid);
});
