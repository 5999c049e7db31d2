import request from 'supertest';
import type { TestApp } from './start-app.ts';

export type Agent = ReturnType<typeof request.agent>;

/** A visitor with a cookie jar of their own. Redirects are not followed, as each of them is part of the lesson. */
export function browser(app: Pick<TestApp, 'url'>): Agent {
  return request.agent(app.url);
}

export async function signInAsDemo(app: Pick<TestApp, 'url'>): Promise<Agent> {
  const agent = browser(app);
  await agent.post('/sign-in/demo').expect(303);
  return agent;
}

/** A visitor who has just signed up. Passwords are slow on purpose: take the demo user where one user will do. */
export async function signUp(app: Pick<TestApp, 'url'>, email: string): Promise<Agent> {
  const agent = browser(app);
  await agent
    .post('/sign-up')
    .type('form')
    .send({ email, password: 'correct horse battery' })
    .expect(303);
  return agent;
}

/** Whom the sandbox lets you be; `metropolis` is there with SANDBOX_CALLS alone. */
export type Customer = 'rossum' | 'bakery' | 'newcomer' | 'clinic' | 'metropolis';

/** The address behind the page's Connect button. */
export function connectButton(html: string): URL {
  return new URL(attribute(html, /<a id="connect-button" href="([^"]*)"/));
}

/** Presses Connect on `/`, and answers the consent page. Gives the address that Twilio sends the browser to. */
export async function consent(
  agent: Agent,
  customer: Customer,
  decision: 'allow' | 'decline' = 'allow',
): Promise<URL> {
  const home = await agent.get('/').expect(200);
  const button = connectButton(home.text);
  const page = await agent.get(button.pathname + button.search).expect(200);
  const state = attribute(page.text, /name="state" value="([^"]*)"/);
  const answer = await agent
    .post(button.pathname)
    .type('form')
    .send({ customer, decision, state })
    .expect(303);
  return new URL(String(answer.headers.location));
}

/** The whole way from the Connect button to /myapp. Gives the customer's AccountSid. */
export async function connect(agent: Agent, customer: Customer): Promise<string> {
  const callback = await consent(agent, customer);
  await agent
    .get(callback.pathname + callback.search)
    .expect(303)
    .expect('Location', '/myapp');
  return String(callback.searchParams.get('AccountSid'));
}

/** Follows the path of a URL or of an href in the page. */
export function pathOf(link: string | URL): string {
  const url = new URL(String(link).replaceAll('&amp;', '&'), 'http://localhost');
  return url.pathname + url.search;
}

export function attribute(html: string, pattern: RegExp): string {
  const value = pattern.exec(html)?.[1];
  if (value === undefined) throw new Error(`Not on the page: ${pattern}\n${html}`);
  return value.replaceAll('&amp;', '&');
}

/** The SIDs of the calls in the page's table, in order. */
export function callSids(html: string): string[] {
  return [...html.matchAll(/<tr id="(CA[0-9a-f]{32})">/g)].map(([, sid]) => String(sid));
}

/** Where the form on /myapp goes that disconnects the newest account. */
export function disconnectForm(html: string): string {
  return attribute(html, /action="(\/connections\/\d+\/disconnect)"/);
}

/** The analytics, as soon as nothing is read any more. */
export async function wholeAnalytics(agent: Agent, address = '/analytics') {
  for (;;) {
    const page = await agent.get(address).expect(200);
    if (!page.text.includes('data-events')) return page;
  }
}
