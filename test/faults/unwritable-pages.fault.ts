import http from 'node:http';
import { expect, test } from '@jest/globals';
import { connect, signInAsDemo } from '../browser.ts';
import { clearFault, setFault } from '../sandbox-faults.ts';
import { startApp, type TestApp } from '../start-app.ts';

/** Of a page that only looks, also what it would like to note stops nobody. */
const LOOKING = ['/calls', '/calls/export', '/calls.csv'];

const startOnSqlite = () => startApp({ DATABASE_URL: 'file::memory:' });
const setWritable = ({ db }: TestApp, isWritable: boolean) =>
  db.query(`pragma query_only = ${isWritable ? 'off' : 'on'}`);

async function visit(app: TestApp) {
  const visitor = await signInAsDemo(app);
  await connect(visitor, 'bakery');
  return visitor;
}

const statusOf = async ({ db }: TestApp) =>
  (await db.query<{ status: string }>('select status from connections'))[0]?.status;

test('a connection that cannot be marked as readable again is read all the same', async () => {
  const app = await startOnSqlite();
  const visitor = await visit(app);
  await setFault(app, { fault: '401' });
  await visitor.get('/calls').expect(403);
  await clearFault(app);
  await setWritable(app, false);
  app.clock.now += 61_000;
  for (const path of LOOKING) await visitor.get(path).expect(200);
  expect(await statusOf(app)).toBe('refused');
  expect(app.logs.join()).toContain('could not be marked');

  await setWritable(app, true);
  await visitor.get('/calls').expect(200);
  expect(await statusOf(app)).toBe('active');
});

test('one that cannot be marked as refused is told of all the same', async () => {
  const app = await startOnSqlite();
  const visitor = await visit(app);
  await setFault(app, { fault: '401' });
  await setWritable(app, false);
  app.clock.now += 61_000;
  for (const path of LOOKING) {
    expect((await visitor.get(path).expect(403)).text).toContain('does not let us into');
  }
  expect(await statusOf(app)).toBe('active');
});

test('a page whose session cannot be stored leaves its connection to the next one', async () => {
  const app = await startOnSqlite();
  const { jar } = await visit(app);
  const cookie = jar.getCookies({ path: '/', domain: '127.0.0.1' } as never).toValueString();
  await setWritable(app, false);
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const ports = new Set<number | undefined>();
  const get = (path: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      const request = http.get(app.url + path, { agent, headers: { cookie } }, (answer) => {
        ports.add(answer.socket.localPort);
        answer.resume().once('end', () => resolve(answer.statusCode));
      });
      request.once('error', reject);
    });
  for (let round = 0; round < 20; round++) {
    // Its button was shown a minute ago: the session should say that it was shown again.
    app.clock.now += 61_000;
    expect([await get('/myapp'), await get('/faq')]).toEqual([200, 200]);
  }
  expect(app.logs.join()).toContain('the database cannot be written');
  expect(ports.size).toBe(1);
  agent.destroy();
});
