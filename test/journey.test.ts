import { expect, test } from '@jest/globals';
import { attribute, browser, callSids, connectButton, disconnectForm, pathOf } from './browser.ts';
import { startApp } from './start-app.ts';

// The README's flow, request by request, as a browser makes it.
test('a newcomer signs in, connects, and reads the calls of the main account', async () => {
  const app = await startApp();
  const visitor = browser(app);

  const signedOut = await visitor.get('/').expect(200);
  expect(signedOut.text).toContain('href="/sign-in"');
  expect(signedOut.text).not.toContain('connect-button');

  await visitor.post('/sign-in/demo').expect(303).expect('Location', '/');
  const home = await visitor.get('/').expect(200);
  expect(home.text).toContain('Twilio bills you');
  expect(home.text).toContain('Read all account data');
  const button = connectButton(home.text);
  expect(button.pathname).toMatch(/\/authorize\/CN[0-9a-f]{32}$/);
  const state = button.searchParams.get('state');
  expect(state).toMatch(/^[\w-]{43}$/);

  const consentPage = await visitor.get(pathOf(button)).expect(200);
  expect(consentPage.text).toContain('Connect Quickstart');
  expect(consentPage.text).toContain('Rossum Industries');
  expect(consentPage.text).toContain('It is not Twilio');
  const allowed = await visitor
    .post(button.pathname)
    .type('form')
    .send({ customer: 'rossum', decision: 'allow', state })
    .expect(303);
  const callback = new URL(String(allowed.headers.location));
  expect(callback.pathname).toBe('/twilio/authorize');
  expect(callback.searchParams.get('state')).toBe(state);

  await visitor.get(pathOf(callback)).expect(303).expect('Location', '/myapp');
  const myApp = await visitor.get('/myapp').expect(200);
  expect(myApp.text).toContain('role="status">Connected.');
  expect(myApp.text).toContain('Connect Quickstart for Rossum Industries');
  const again = await visitor.get('/myapp').expect(200);
  expect(again.text).not.toContain('role="status"');

  const toCalls = attribute(myApp.text, /href="(\/calls\?account=[^"]+)"/);
  const calls = await visitor.get(toCalls).expect(200);
  expect(calls.text).toContain('Rossum Industries, main account');
  expect(callSids(calls.text)).toHaveLength(50);

  const older = await visitor.get(attribute(calls.text, /rel="next" href="([^"]+)"/)).expect(200);
  expect(callSids(older.text)).toHaveLength(50);
  const newer = await visitor.get(attribute(older.text, /rel="prev" href="([^"]+)"/)).expect(200);
  expect(callSids(newer.text)).toEqual(callSids(calls.text));

  const leave = disconnectForm(myApp.text);
  await visitor.post(leave).expect(303).expect('Location', '/myapp');
  const left = await visitor.get('/myapp').expect(200);
  expect(left.text).toContain('revoke');
  expect(left.text).not.toContain('href="/calls?account=');

  await visitor.post('/sign-out').expect(303).expect('Location', '/');
  await visitor.get('/myapp').expect(303).expect('Location', '/sign-in?next=%2Fmyapp');
});

test.each([
  ['bakery', 'Corner Bakery, main account', 1],
  ['newcomer', 'No calls in this account yet', 0],
] as const)('the customer %s sees "%s"', async (customer, text, atLeast) => {
  const app = await startApp();
  const visitor = browser(app);
  await visitor.post('/sign-in/demo').expect(303);
  const button = connectButton((await visitor.get('/')).text);
  const state = button.searchParams.get('state');
  const allowed = await visitor
    .post(button.pathname)
    .type('form')
    .send({ customer, decision: 'allow', state });
  await visitor.get(pathOf(String(allowed.headers.location))).expect('Location', '/myapp');

  const calls = await visitor.get('/calls').expect(200);
  expect(calls.text).toContain(text);
  expect(callSids(calls.text).length).toBeGreaterThanOrEqual(atLeast);
});
