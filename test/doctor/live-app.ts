import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from '@jest/globals';
import type { Twilio } from 'twilio';
import { neededSettings } from '../../src/doctor/connect-app-settings.ts';
import { updateConnectApp } from '../../src/twilio/connect-apps.ts';
import { createCustomerClient } from '../../src/twilio/customer-client.ts';
import { SESSION_SECRET, startApp, type TestApp } from '../start-app.ts';
import { type FrontProxy, startProxy, type Variables } from './world.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'live-app-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let databases = 0;

export interface LiveApp {
  app: TestApp;
  /** Another process's sandbox, which is Twilio to this app. */
  twilio: TestApp;
  /** With the credentials of the Connect App's owner. */
  owner: Twilio;
  connectAppSid: string;
  /** What stands between BASE_URL and the app. */
  proxy: FrontProxy;
  /** The app's environment, for the doctor. */
  environment: Variables;
  /** A customer allows the app in, and the app has stored that. */
  connect(customer: string): Promise<string>;
}

/** The app as it runs when it is live: with an account, behind a proxy, and its Connect App set up. */
export async function startLiveApp(changes: Variables = {}): Promise<LiveApp> {
  const twilio = await startApp();
  const { accountSid, authToken, connectAppSid, apiUrl, authorizeUrl } = twilio.settings;
  const proxy = await startProxy();
  databases += 1;
  const environment: Variables = {
    BASE_URL: proxy.url,
    TRUST_PROXY: '1',
    SESSION_SECRET,
    DATABASE_URL: `file:${path.join(folder, `${databases}.db`)}`,
    TWILIO_ACCOUNT_SID: accountSid,
    TWILIO_AUTH_TOKEN: authToken,
    TWILIO_CONNECT_APP_SID: connectAppSid,
    TWILIO_API_URL: apiUrl,
    TWILIO_AUTHORIZE_URL: authorizeUrl,
    ...changes,
  };
  const app = await startApp(environment);
  proxy.target = app.url;
  const owner = createCustomerClient(twilio.settings)(accountSid);
  await updateConnectApp(owner, connectAppSid, neededSettings(proxy.url));

  async function connect(customer: string): Promise<string> {
    const form = new URLSearchParams({ customer, decision: 'allow' });
    const consent = `${authorizeUrl}/${connectAppSid}`;
    const answer = await fetch(consent, { method: 'POST', body: form, redirect: 'manual' });
    const back = new URL(String(answer.headers.get('location')));
    const sid = String(back.searchParams.get('AccountSid'));
    await app.db.query(
      `insert into users (id, email, password_hash, created_at) values (1, 'x@example.com', null, 0)
       on conflict (id) do nothing`,
    );
    await app.db.query(
      `insert into connections
         (account_sid, user_id, status, friendly_name, connected_at, changed_at)
       values ($1, 1, 'active', 'Connected', 0, 0)`,
      [sid],
    );
    return sid;
  }

  const port = new URL(app.url).port;
  return {
    app,
    twilio,
    owner,
    connectAppSid,
    proxy,
    environment: { ...environment, PORT: port },
    connect,
  };
}
