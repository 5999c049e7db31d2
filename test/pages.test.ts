import { expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { browser, signInAsDemo } from './browser.ts';
import { startApp } from './start-app.ts';
import { freshDatabase } from './test-database.ts';

test('the FAQ says who can connect, who pays, and how to revoke', async () => {
  const app = await startApp();
  const page = await browser(app).get('/faq').expect(200);
  for (const text of ['An upgraded one', 'Twilio bills you', 'revoke its access']) {
    expect(page.text).toContain(text);
  }
});

test('an unknown page is a 404 with a way on, and does not repeat what was asked', async () => {
  const app = await startApp();
  const page = await browser(app).get('/nope/<script>alert(1)</script>').expect(404);
  expect(page.text).toContain('There is no such page');
  expect(page.text).not.toContain('alert');
  await browser(app).get('/%E0%A4%A').expect(404);
  await browser(app).post('/connections/%E0%A4%A/disconnect').expect(400);
});

test('the health check answers, and fails with the database', async () => {
  const app = await startApp();
  await browser(app).get('/healthz').expect(200, { status: 'ok' });
  await app.db.close();
  await browser(app).get('/healthz').expect(503);
});

test('a fault of ours is a 500 page without a detail, and a log line', async () => {
  const app = await startApp();
  const visitor = await signInAsDemo(app);
  await app.db.query('drop table connections');
  const page = await visitor.get('/myapp').expect(500);
  expect(page.text).toContain('Something went wrong on our side');
  // In development the panel at its foot names the source file, and no more than that.
  const [shown, panel] = page.text.split('<aside');
  expect(shown).not.toMatch(/connections|SqliteError|\.ts/);
  expect(panel).not.toMatch(/connections|SqliteError|\.ts:/);
  expect(app.logs.filter((line) => line.includes('no such table: connections'))).toHaveLength(1);
});

test('a database that does not answer is a 503 page that says to try again', async () => {
  const app = await startApp({ DATABASE_URL: await freshDatabase('on disk') });
  await app.db.query('pragma busy_timeout = 1');
  const other = new Database(app.config.databaseUrl.replace('file:', ''));
  other.exec('begin immediate');
  const page = await browser(app).post('/sign-in/demo').expect(503);
  expect(page.text).toContain('The database does not answer');
  expect(page.headers['retry-after']).toBe('5');
  expect(app.logs.filter((line) => line.includes('SQLITE_BUSY'))).toHaveLength(1);
  other.close();
  await browser(app).post('/sign-in/demo').expect(303);
});

test('a page without a session store is still an error page', async () => {
  const app = await startApp();
  const visitor = await signInAsDemo(app);
  await app.db.query('drop table sessions');
  await visitor.get('/').expect(500, /Something went wrong on our side/);
});

test('assets are served, and may be kept', async () => {
  const app = await startApp();
  const style = await browser(app)
    .get('/assets/style.css')
    .expect(200)
    .expect('Content-Type', /css/);
  expect(style.headers['cache-control']).not.toContain('no-store');
  await browser(app).get('/assets/../server.ts').expect(404);
  await browser(app).get('/assets/style.css').set('Range', 'bytes=9999999-').expect(416);
  expect(app.logs.filter((line) => line.includes('"level":50'))).toEqual([]);
});
