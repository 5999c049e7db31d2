import request from 'supertest';
import { attribute, type Customer } from '../browser.ts';
import type { TestApp } from '../start-app.ts';

export type Pair = readonly [accountSid: string, authToken: string];

/** What a customer's own Console shows: the pair of their main account, and all their AccountSids. */
export async function keysOf(app: TestApp, customer: Customer) {
  const { text } = await request(app.url).get(`/sandbox/console/${customer}`).expect(200);
  const main = attribute(text, /export CUSTOMER_ACCOUNT_SID=(AC[0-9a-f]{32})/);
  const token = attribute(text, /export CUSTOMER_AUTH_TOKEN=([0-9a-f]{32})/);
  const sids = [...text.matchAll(/<code>(AC[0-9a-f]{32})<\/code>/g)].map(([, sid]) => String(sid));
  const pair: Pair = [main, token];
  return { pair, main, sids };
}

/** The pair of the Connect App's owner. */
export function ownerOf({ settings }: TestApp): Pair {
  return [settings.accountSid, settings.authToken];
}

/** Asks the sandbox's API, at a path beneath /2010-04-01. */
export function ask(app: TestApp, pair: Pair, path: string) {
  return request(app.url)
    .get(`/sandbox/2010-04-01${path}`)
    .auth(...pair);
}

/** Changes the Connect App, as its owner does through the API. */
export function update(app: TestApp, form: string | object, pair = ownerOf(app)) {
  const { accountSid, connectAppSid } = app.settings;
  return request(app.url)
    .post(`/sandbox/2010-04-01/Accounts/${accountSid}/ConnectApps/${connectAppSid}.json`)
    .auth(...pair)
    .type('form')
    .send(form);
}
