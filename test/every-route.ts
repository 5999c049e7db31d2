import { expect } from '@jest/globals';
import twilio from 'twilio';
import { type Agent, browser } from './browser.ts';
import { SESSION_SECRET, type TestApp } from './start-app.ts';

export type Send = (agent: Agent, app: TestApp, accountSid: string) => ReturnType<Agent['get']>;

function deauthorize(app: TestApp, accountSid: string) {
  const form = { AccountSid: accountSid, ConnectAppSid: app.settings.connectAppSid };
  const sign = (path: string, params: Record<string, string>) =>
    twilio.getExpectedTwilioSignature(app.settings.authToken, app.url + path, params);
  return { form, sign };
}

/** Every route of the app, asked in the ways that could tempt it to tell something. */
const ROUTES: Record<string, Send[]> = {
  'GET /': [(agent) => agent.get('/')],
  'GET /sign-in': [(agent) => agent.get('/sign-in')],
  'GET /sign-up': [(agent) => agent.get('/sign-up')],
  'GET /faq': [(agent) => agent.get('/faq')],
  'GET /healthz': [
    (agent) => agent.get('/healthz'),
    (agent) => agent.get('/healthz?nonce=0123456789abcdef'),
  ],
  'GET /myapp': [(agent) => agent.get('/myapp')],
  'GET /calls': [
    (agent) => agent.get('/calls'),
    (agent) => agent.get('/calls?size=1000'),
    (agent) => agent.get('/calls?status=nonsense'),
    (agent, _app, sid) => agent.get(`/calls?account=${sid}`),
  ],
  'GET /calls/export': [
    (agent) => agent.get('/calls/export'),
    (agent) => agent.get('/calls/export?started-after=nonsense'),
    (agent, _app, sid) => agent.get(`/calls/export?account=${sid}`),
  ],
  'GET /calls.csv': [
    (agent) => agent.get('/calls.csv'),
    (agent, _app, sid) => agent.get(`/calls.csv?account=${sid}`),
  ],
  'GET /analytics': [
    (agent) => agent.get('/analytics'),
    (agent) => agent.get('/analytics?days=nonsense'),
    (agent, _app, sid) => agent.get(`/analytics?account=${sid}`),
  ],
  'GET /analytics/events': [
    (agent) => agent.get('/analytics/events'),
    (agent, _app, sid) => agent.get(`/analytics/events?account=${sid}`),
  ],
  'POST /analytics/stop': [
    (agent) => agent.post('/analytics/stop'),
    (agent, _app, sid) => agent.post('/analytics/stop').type('form').send({ account: sid }),
  ],
  'POST /analytics/go-on': [
    (agent) => agent.post('/analytics/go-on'),
    (agent, _app, sid) => agent.post('/analytics/go-on').type('form').send({ account: sid }),
  ],
  'GET /twilio/authorize': [
    (agent) => agent.get('/twilio/authorize'),
    (agent, _app, sid) => agent.get(`/twilio/authorize?AccountSid=${sid}&state=wrong`),
  ],
  'GET /twilio/deauthorize': [
    (agent) => agent.get('/twilio/deauthorize'),
    (agent, app, sid) => {
      const { form, sign } = deauthorize(app, sid);
      const path = `/twilio/deauthorize?${new URLSearchParams(form)}`;
      return agent.get(path).set('X-Twilio-Signature', sign(path, {}));
    },
  ],
  'POST /twilio/deauthorize': [
    (agent, app, sid) => {
      const { form, sign } = deauthorize(app, sid);
      const signature = sign('/twilio/deauthorize', form);
      return agent
        .post('/twilio/deauthorize')
        .type('form')
        .send(form)
        .set('X-Twilio-Signature', signature);
    },
  ],
  'POST /connections/:id/disconnect': [
    (agent) => agent.post('/connections/1/disconnect'),
    (agent, _app, sid) => agent.post(`/connections/${sid}/disconnect`),
  ],
  'POST /sign-in': [(agent) => agent.post('/sign-in').type('form').send({ email: 'x' })],
  'POST /sign-up': [(agent) => agent.post('/sign-up').type('form').send({ email: 'x' })],
  // These two change who the agent is, so somebody new sends them.
  'POST /sign-in/demo': [(_agent, app) => browser(app).post('/sign-in/demo')],
  'POST /sign-out': [(_agent, app) => browser(app).post('/sign-out')],
};

/** How a secret could look anywhere: as it is, or inside a Basic header. */
export function canaries(app: TestApp, accountSids: string[]): string[] {
  const token = app.settings.authToken;
  const pairs = accountSids.map((sid) => Buffer.from(`${sid}:${token}`).toString('base64'));
  return [token, SESSION_SECRET, ...accountSids, ...pairs];
}

/** Every AccountSid and Auth Token that Twilio's API told the app about. */
export async function accountsOf(app: TestApp, accountSid: string) {
  const pair = Buffer.from(`${accountSid}:${app.settings.authToken}`).toString('base64');
  const headers = { Authorization: `Basic ${pair}` };
  const answer = await fetch(`${app.settings.apiUrl}/2010-04-01/Accounts.json`, { headers });
  const { accounts } = (await answer.json()) as { accounts: { sid: string; auth_token: string }[] };
  expect(accounts.length).toBeGreaterThan(1);
  return { sids: accounts.map(({ sid }) => sid), tokens: accounts.map((a) => a.auth_token) };
}

/** Everything that this visitor is answered. */
export async function runEveryRoute(
  agent: Agent,
  app: TestApp,
  accountSid: string,
): Promise<string> {
  expect(Object.keys(ROUTES).sort()).toEqual([...app.routes].sort());
  let seen = '';
  for (const [route, sends] of Object.entries(ROUTES)) {
    for (const send of sends) {
      // A refusal, a disconnect or a Deauthorize request has changed it; each route finds it whole.
      await app.db.query(`update connections set status = 'active'`);
      const { status, headers, text } = await send(agent, app, accountSid);
      seen += `\n${route} ${status} ${JSON.stringify(headers)} ${text}`;
    }
  }
  const { status, headers, text } = await agent.get(`/nothing/${accountSid}`);
  return `${seen}\nno route ${status} ${JSON.stringify(headers)} ${text}`;
}
