import { expect, test } from '@jest/globals';
import request from 'supertest';
import { createCustomerClient } from '../../src/twilio/customer-client.ts';
import { attribute, browser, connect, consent, signInAsDemo } from '../browser.ts';
import { startApp, type TestApp } from '../start-app.ts';
import { ask, keysOf, ownerOf, type Pair, update } from './customer-keys.ts';

/** The SDK, signed in as this pair. */
function sdk(app: TestApp, [accountSid, authToken]: Pair) {
  return createCustomerClient({ ...app.settings, authToken })(accountSid);
}

test('its owner reads the Connect App, every key of it', async () => {
  const app = await startApp();
  const { accountSid, connectAppSid } = app.settings;
  const path = `/Accounts/${accountSid}/ConnectApps`;
  const one = await ask(app, ownerOf(app), `${path}/${connectAppSid}.json`).expect(200);
  expect(one.body).toEqual({
    account_sid: accountSid,
    authorize_redirect_url: `${app.url}/twilio/authorize`,
    company_name: 'Quickstart Company',
    deauthorize_callback_method: 'POST',
    deauthorize_callback_url: `${app.url}/twilio/deauthorize`,
    description: null,
    friendly_name: 'Connect Quickstart',
    homepage_url: app.url,
    permissions: ['get-all'],
    sid: connectAppSid,
    uri: `/2010-04-01${path}/${connectAppSid}.json`,
  });
  const list = await ask(app, ownerOf(app), `${path}.json?PageSize=20`).expect(200);
  expect(list.body).toEqual({
    connect_apps: [one.body],
    first_page_uri: `/2010-04-01${path}.json?PageSize=20&Page=0`,
    next_page_uri: null,
    previous_page_uri: null,
    page: 0,
    page_size: 20,
    start: 0,
    end: 0,
    uri: `/2010-04-01${path}.json?PageSize=20&Page=0`,
  });
  const [viaSdk] = await sdk(app, ownerOf(app)).connectApps.list({ pageSize: 1 });
  expect(viaSdk?.deauthorizeCallbackMethod).toBe('POST');
  const account = await sdk(app, ownerOf(app)).api.v2010.accounts(accountSid).fetch();
  expect(account).toMatchObject({ sid: accountSid, ownerAccountSid: accountSid, status: 'active' });
});

test('consent page and redirects follow the Connect App as it is now', async () => {
  const app = await startApp();
  const elsewhere = 'https://elsewhere.example/back?from=twilio';
  await sdk(app, ownerOf(app))
    .connectApps(app.settings.connectAppSid)
    .update({
      friendlyName: 'Call <Counter>',
      companyName: 'Counting & Sons',
      description: 'Counts calls.',
      homepageUrl: 'https://elsewhere.example/',
      authorizeRedirectUrl: elsewhere,
      permissions: ['get-all', 'post-all'],
    });
  const visitor = await signInAsDemo(app);
  const page = await visitor.get(`/sandbox/authorize/${app.settings.connectAppSid}`);
  for (const text of [
    '“Call &lt;Counter&gt;” asks for access',
    'By Counting &amp; Sons. Counts calls.',
    'href="https://elsewhere.example/"',
    'Read all account data',
    'Charge account for usage',
  ]) {
    expect(page.text).toContain(text);
  }
  expect(page.headers['content-security-policy']).toContain(
    "form-action 'self' https://elsewhere.example;",
  );
  const allowed = await consent(visitor, 'bakery');
  expect(allowed.href).toMatch(
    /^https:\/\/elsewhere\.example\/back\?from=twilio&AccountSid=AC[0-9a-f]{32}&state=[\w-]{43}$/,
  );
  const declined = await consent(visitor, 'bakery', 'decline');
  expect(declined.href).toBe(`${elsewhere}&error=unauthorized_client`);
});

test('permissions come repeated or with commas between, what may be absent goes with an empty value', async () => {
  const app = await startApp();
  const change = async (form: string) => (await update(app, form).expect(200)).body;
  const both = await change('Permissions=post-all&Permissions=get-all&Permissions=post-all');
  expect(both.permissions).toEqual(['post-all', 'get-all']);
  expect((await change('Permissions=get-all,post-all')).permissions).toEqual([
    'get-all',
    'post-all',
  ]);
  const bare = await change(
    'CompanyName=&Description=&HomepageUrl=&DeauthorizeCallbackUrl=&Unknown=1',
  );
  expect(bare).toMatchObject({
    company_name: null,
    description: null,
    homepage_url: null,
    deauthorize_callback_url: null,
    permissions: ['get-all', 'post-all'],
  });
  expect((await change('DeauthorizeCallbackMethod=GET')).deauthorize_callback_method).toBe('GET');
  const page = await browser(app).get(`/sandbox/authorize/${app.settings.connectAppSid}`);
  expect(page.text).not.toMatch(/By |null/);
});

test.each([
  'AuthorizeRedirectUrl=',
  'AuthorizeRedirectUrl=/twilio/authorize',
  'AuthorizeRedirectUrl=javascript:alert(1)',
  'AuthorizeRedirectUrl=http://user:secret@localhost/',
  'AuthorizeRedirectUrl=http://a/&AuthorizeRedirectUrl=http://b/',
  'DeauthorizeCallbackUrl=nowhere',
  'HomepageUrl=ftp://localhost/',
  'DeauthorizeCallbackMethod=PUT',
  'DeauthorizeCallbackMethod=',
  'FriendlyName=%20',
  `FriendlyName=${'x'.repeat(65)}`,
  'CompanyName=a&CompanyName=b',
  'Permissions=',
  'Permissions=get-all,put-all',
])('an update with %s is a 400 that names the parameter, and changes nothing', async (form) => {
  const app = await startApp();
  const path = `/Accounts/${app.settings.accountSid}/ConnectApps/${app.settings.connectAppSid}.json`;
  const before = await ask(app, ownerOf(app), path);
  const answer = await update(app, `Description=changed&${form}`).expect(400);
  const [parameter] = form.split('=');
  expect(answer.body).toMatchObject({ code: 20001, message: `Invalid parameter: ${parameter}` });
  expect((await ask(app, ownerOf(app), path)).body).toEqual(before.body);
});

test('nobody but its owner sees or changes it', async () => {
  const app = await startApp();
  const connectSid = await connect(await signInAsDemo(app), 'rossum');
  const { pair, main } = await keysOf(app, 'rossum');
  const { accountSid, authToken } = app.settings;
  const form = { FriendlyName: 'Mine' };
  await update(app, form, [connectSid, authToken]).expect(404);
  await update(app, form, pair).expect(404);
  await update(app, form, [accountSid, pair[1]]).expect(401);
  const own = await ask(app, pair, `/Accounts/${main}/ConnectApps.json`).expect(200);
  expect(own.body).toMatchObject({ connect_apps: [], start: 0, end: 0 });
  await ask(app, ownerOf(app), `/Accounts/${main}.json`).expect(404);
  const unknown = `/Accounts/${accountSid}/ConnectApps/CN${'1'.repeat(32)}.json`;
  expect((await ask(app, ownerOf(app), unknown).expect(404)).body.code).toBe(20404);
});

test('a customer’s account lists it from the consent until it is revoked', async () => {
  const app = await startApp();
  const { pair, main } = await keysOf(app, 'rossum');
  const path = `/Accounts/${main}/AuthorizedConnectApps`;
  const list = async () => (await ask(app, pair, `${path}.json`).expect(200)).body;
  expect((await list()).authorized_connect_apps).toEqual([]);
  await ask(app, pair, `${path}/${app.settings.connectAppSid}.json`).expect(404);

  const connectSid = await connect(await signInAsDemo(app), 'rossum');
  await update(app, 'Permissions=post-all&Description=Since+then').expect(200);
  const one = await ask(app, pair, `${path}/${app.settings.connectAppSid}.json`).expect(200);
  expect(one.body).toEqual({
    account_sid: main,
    connect_app_company_name: 'Quickstart Company',
    connect_app_description: 'Since then',
    connect_app_friendly_name: 'Connect Quickstart',
    connect_app_homepage_url: app.url,
    connect_app_sid: app.settings.connectAppSid,
    permissions: ['get-all'],
    uri: `/2010-04-01${path}/${app.settings.connectAppSid}.json`,
  });
  expect((await list()).authorized_connect_apps).toEqual([one.body]);
  const [viaSdk] = await sdk(app, pair).authorizedConnectApps.list({ pageSize: 1 });
  expect(viaSdk?.connectAppSid).toBe(app.settings.connectAppSid);
  const subaccount = await ask(app, pair, `/Accounts/${connectSid}/AuthorizedConnectApps.json`);
  expect(subaccount.body.authorized_connect_apps).toEqual([]);

  await browser(app).post('/sandbox/console/rossum/revoke').expect(303);
  expect((await list()).authorized_connect_apps).toEqual([]);
});

test('the form on the sandbox’s page does the same, and tells what is wrong with a field', async () => {
  const app = await startApp();
  const send = (form: string) =>
    request(app.url)
      .post('/sandbox/connect-app')
      .set('Accept', 'text/html,*/*;q=0.8')
      .type('form')
      .send(form);
  const saved = await send('Permissions=&Permissions=post-all&FriendlyName=Renamed').expect(303);
  expect(saved.headers.location).toBe('/sandbox/#connect-app');
  const page = await request(app.url).get('/sandbox').expect(200);
  expect(attribute(page.text, /name="FriendlyName" value="([^"]*)"/)).toBe('Renamed');
  expect(page.text).toMatch(/value="post-all" checked>/);
  expect(page.text).not.toMatch(/value="get-all" checked>/);

  const none = await send('Permissions=').expect(400);
  expect(none.text).toContain('Permissions: take one of get-all, post-all, or both.');
  const foreign = await send('FriendlyName=Theirs').set('Sec-Fetch-Site', 'same-site').expect(403);
  expect(foreign.text).toContain('That form came from another site');
  await send('FriendlyName=Theirs').set('Origin', 'http://localhost:1').expect(403);
  await send('FriendlyName=Ours').set('Origin', app.url).expect(303);
});
