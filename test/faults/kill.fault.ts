import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { type Agent, browser, type Customer, consent, disconnectForm, pathOf } from '../browser.ts';
import { freePort } from '../free-port.ts';
import { folder, startProcess } from '../start-process.ts';

const KILLS = Number(process.env.KILLS ?? 20);
// How long a life lasts: until so many changes at the most, and a moment more.
const MOST_CHANGES = 12;
const MOMENT_MS = 60;
const PASSWORD = 'correct horse battery';
const CUSTOMERS: Customer[] = ['rossum', 'bakery', 'newcomer'];

/** What the app has acknowledged. While it is asked to change it, the other may be so too. */
interface Fact<T> {
  said: T;
  perhaps?: T;
}

interface Visitor {
  agent: Agent;
  email: string;
  customer: Customer;
  hasAccount: Fact<boolean>;
  signedIn: Fact<boolean>;
  connection: Fact<'none' | 'active' | 'disconnected'>;
}

let acknowledged = 0;

/** Asks for a change. Throws if the app ended meanwhile: then nobody knows. */
async function become<T>(
  fact: Fact<T>,
  to: T,
  ask: () => PromiseLike<{ status: number }>,
): Promise<void> {
  fact.perhaps = to;
  const { status } = await ask();
  expect(status).toBe(303);
  fact.said = to;
  delete fact.perhaps;
  acknowledged++;
}

/** One thing that a visitor does, as it comes. */
async function act({ agent, email, customer, ...facts }: Visitor): Promise<void> {
  const { hasAccount, signedIn, connection } = facts;
  const credentials = { email, password: PASSWORD };
  const post = (address: string, form = {}) => agent.post(address).type('form').send(form);
  if (!hasAccount.said) {
    await become(hasAccount, true, () => post('/sign-up', credentials));
    signedIn.said = true;
  } else if (!signedIn.said) {
    await become(signedIn, true, () => post('/sign-in', credentials));
  } else if (Math.random() < 0.1) {
    await become(signedIn, false, () => post('/sign-out'));
  } else if (connection.said === 'active') {
    const { text } = await agent.get('/myapp').expect(200);
    await become(connection, 'disconnected', () => post(disconnectForm(text)));
  } else {
    const callback = pathOf(await consent(agent, customer));
    await become(connection, 'active', () => agent.get(callback));
  }
}

/** Acts until the app is killed. */
async function live(visitor: Visitor, life: AbortSignal, failures: unknown[]): Promise<void> {
  while (!life.aborted) {
    await act(visitor).catch((error) => {
      if (!life.aborted) failures.push(error);
    });
    if (failures.length > 0) return;
  }
}

/** Compares what the app has acknowledged with what is so. What was open is settled by it. */
function settle<T>(name: string, fact: Fact<T>, actual: T, lost: string[]): void {
  const isTrue = actual === fact.said || ('perhaps' in fact && actual === fact.perhaps);
  if (!isTrue) lost.push(`${name}: ${fact.said} was acknowledged, ${actual} is so`);
  fact.said = actual;
  delete fact.perhaps;
}

function checkDatabase(visitors: Visitor[], lost: string[]): void {
  // As the next start would: what the killed process left in the log belongs to it.
  const db = new Database(path.join(folder(), 'data', 'quickstart.db'));
  expect(db.pragma('integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  expect(db.pragma('foreign_key_check')).toEqual([]);
  const statement = db.prepare<[string], { status: string | null }>(
    'select status from users left join connections on user_id = users.id where email = ?',
  );
  for (const { email, hasAccount, connection } of visitors) {
    const found = statement.all(email);
    expect(found.length).toBeLessThan(2);
    settle(`${email} has an account`, hasAccount, found.length === 1, lost);
    const status = (found[0]?.status ?? 'none') as Visitor['connection']['said'];
    settle(`${email}’s connection`, connection, status, lost);
  }
  // A sign-in that is cut off counts as one that failed, and ten of them would lock their visitor out.
  db.exec('delete from attempts');
  db.close();
}

async function checkPages(visitors: Visitor[], lost: string[]): Promise<void> {
  for (const { agent, email, hasAccount, signedIn, connection } of visitors) {
    const { status } = await agent.get('/myapp');
    // An answer that never came brought no cookie, so whoever just signed up may have to sign in.
    if (hasAccount.said) settle(`${email} is signed in`, signedIn, status === 200, lost);
    if (status === 200 && connection.said === 'active') await agent.get('/calls').expect(200);
  }
}

function newVisitor(url: string, n: number): Visitor {
  // Each from a network of their own: one alone may not sign up that often.
  const agent = browser({ url }).set('X-Forwarded-For', `2001:db8:${n}::1`);
  return {
    agent,
    email: `visitor-${n}@example.com`,
    customer: CUSTOMERS[n % CUSTOMERS.length] ?? 'rossum',
    hasAccount: { said: false },
    signedIn: { said: false },
    connection: { said: 'none' },
  };
}

test(
  `${KILLS} times killed at any moment (KILLS): all that was acknowledged is there, and nothing half done`,
  async () => {
    const port = await freePort();
    const url = `http://localhost:${port}`;
    const start = () => startProcess(['src/server.ts'], { PORT: String(port), TRUST_PROXY: '1' });
    const residents = CUSTOMERS.map((_customer, n) => newVisitor(url, n));
    const lost: string[] = [];
    const failures: unknown[] = [];
    let guests: Visitor[] = [];

    for (let kill = 1; kill <= KILLS; kill++) {
      const app = start();
      await app.says('sandbox');
      await checkPages([...residents, ...guests], lost);
      // Somebody new each time, so that signing up is among what is cut off.
      guests = [newVisitor(url, 1000 + kill)];
      const life = new AbortController();
      const enough = acknowledged + Math.random() * MOST_CHANGES;
      const acting = residents.map((visitor) => live(visitor, life.signal, failures));
      acting.push(...guests.map((guest) => act(guest).catch(() => undefined)));
      while (acknowledged < enough && failures.length === 0) await sleep(1);
      await sleep(Math.random() * MOMENT_MS);
      life.abort();
      app.child.kill('SIGKILL');
      await Promise.all([...acting, app.ended]);
      expect(failures).toEqual([]);
      checkDatabase([...residents, ...guests], lost);
    }
    await start().says('sandbox');
    await checkPages([...residents, ...guests], lost);
    expect(lost).toEqual([]);
    expect(acknowledged).toBeGreaterThan(0);
    process.stdout.write(
      `killed ${KILLS} times, ${acknowledged} changes acknowledged, ${lost.length} lost\n`,
    );
  },
  60_000 + KILLS * 15_000,
);
