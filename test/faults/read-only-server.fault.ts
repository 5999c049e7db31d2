import { afterAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { connect, consent, pathOf, signInAsDemo } from '../browser.ts';
import { startPostgres } from '../postgres/own-server.ts';
import { startApp } from '../start-app.ts';
import { usePostgres } from '../test-database.ts';

const closing: (() => unknown)[] = [];
afterAll(async () => {
  for (const close of closing.splice(0)) await close();
});

if (usePostgres()) {
  test('PostgreSQL that becomes a read-only copy: pages go on, nothing is stored, until it is one no more', async () => {
    const { url, close } = await startPostgres();
    closing.push(close);
    const app = await startApp({ DATABASE_URL: url });
    const visitor = await signInAsDemo(app);
    await connect(visitor, 'bakery');
    const callback = pathOf(await consent(visitor, 'rossum'));

    await setReadOnly(url, 'on');
    const refused = await visitor.get(callback).expect(503);
    expect(refused.text).toContain('Nothing can be stored at the moment');
    expect(refused.headers['retry-after']).toBe('60');
    for (const page of ['/', '/myapp', '/calls', '/healthz']) await visitor.get(page).expect(200);
    expect(app.logs.join('')).toContain('its server is a read-only copy');

    await setReadOnly(url, 'off');
    await visitor.get(callback).expect(303);
    const { text } = await visitor.get('/myapp').expect(200);
    expect(text.match(/class="badge active"/g)).toHaveLength(2);
  }, 60_000);
}

/** As a server is that another one has taken over from. Holds for the connections that there are, too. */
async function setReadOnly(url: string, value: 'on' | 'off'): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  await client.query(`alter system set default_transaction_read_only = ${value}`);
  await client.query('select pg_reload_conf()');
  // The reload reaches each connection before its next statement, but the server takes its time to tell them.
  const isSet = async () =>
    (await client.query('show default_transaction_read_only')).rows[0]
      .default_transaction_read_only === value;
  while (!(await isSet()));
  await client.end();
}
