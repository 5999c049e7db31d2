import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { type Agent, attribute, connect, pathOf, signUp } from '../browser.ts';
import { type Instances, startInstances } from '../instances.ts';
import { freshDatabase, rows, usePostgres } from '../test-database.ts';

/** Asks again and again until `look` finds something. */
async function eventually<T>(look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(100);
  }
}

/** The requests for calls so far. */
function reads({ upstream }: Instances): string[] {
  return upstream.requests.filter((path) => path.includes('/Calls.json'));
}

/** Lets Twilio answer so many requests for calls; the others wait until they are let through. */
function holdCalls({ upstream }: Instances, free: number): () => void {
  let rest = free;
  let letThrough = () => {};
  const gate = new Promise<void>((resolve) => {
    letThrough = resolve;
  });
  upstream.hold = (path) => (path.includes('/Calls.json') && rest-- <= 0 ? gate : undefined);
  return () => {
    upstream.hold = undefined;
    letThrough();
  };
}

/** A visitor whose account is half read: the rest waits. */
async function halfRead(count: number, free = 1) {
  const database = await freshDatabase();
  const app = await startInstances(count, database);
  const agent = await signUp(app, 'ada@example.com');
  await connect(agent, 'rossum');
  const release = holdCalls(app, free);
  const page = await agent.get('/analytics').expect(200);
  await eventually(() => app.upstream.waiting > 0 || undefined);
  return { database, app, agent, release, page, holder: Number(page.headers['x-served-by']) };
}

/** The same page from each of them: what it shows is the same everywhere. */
async function fromAll(agent: Agent, count: number): Promise<string[]> {
  const pages = [];
  for (let n = 0; n < count; n++) pages.push(await agent.get('/analytics').expect(200));
  expect(new Set(pages.map(({ headers }) => headers['x-served-by'])).size).toBe(count);
  return pages.map(({ text }) => text);
}

async function whole(agent: Agent): Promise<string> {
  return eventually(async () => {
    const { text } = await agent.get('/analytics').expect(200);
    return text.includes('id="progress-button"') ? undefined : text;
  });
}

const daysRead = (html: string) => Number(attribute(html, /<progress [^>]*max="60" value="(\d+)"/));
const callsOf = (html: string) =>
  attribute(html, /<dt>Calls<\/dt>\s*<dd><span class="figure">([\d,]+)</);

function describeAnalytics(): void {
  test.each([2, 4])(
    'of %d one reads an account, and all show how far it has come',
    async (count) => {
      const { app, agent, release, page } = await halfRead(count);
      const read = (await fromAll(agent, count)).map(daysRead);
      expect(read[0]).toBeGreaterThan(0);
      expect(new Set(read).size).toBe(1);

      const events = pathOf(attribute(page.text, /data-events="([^"]+)"/));
      const streams = Array.from({ length: count }, () => agent.get(events).expect(200));
      const told = Promise.all(streams.map((stream) => stream.buffer(true)));
      await eventually(() => app.upstream.waiting > 0 || undefined);
      release();
      const answers = await told;
      expect(new Set(answers.map(({ headers }) => headers['x-served-by'])).size).toBe(count);
      for (const { text } of answers) {
        expect(text).toMatch(/^event: progress\ndata: {"read":\d+,"total":60}\n/);
        expect(text.endsWith('event: end\ndata: {}\n\n')).toBe(true);
      }
      await whole(agent);
      expect(new Set((await fromAll(agent, count)).map(callsOf)).size).toBe(1);
      expect(new Set(reads(app)).size).toBe(reads(app).length);
    },
    120_000,
  );

  test('pages that are opened on all of them at once begin one reading', async () => {
    const app = await startInstances(4, await freshDatabase());
    const agent = await signUp(app, 'ada@example.com');
    await connect(agent, 'rossum');
    const pages = Array.from({ length: 8 }, () => agent.get('/analytics').expect(200));
    const places = (await Promise.all(pages)).map(({ headers }) => headers['x-served-by']);
    expect(new Set(places).size).toBe(4);
    await whole(agent);
    expect(reads(app).length).toBeGreaterThan(1);
    expect(new Set(reads(app)).size).toBe(reads(app).length);
  }, 120_000);

  test('stopped on one, it ends on the one that reads, and any other goes on with it', async () => {
    const { app, agent, release, page, holder } = await halfRead(2);
    const account = attribute(page.text, /name="account" value="([^"]+)"/);
    const press = async (button: string) => {
      const form = { account, days: '30' };
      const { headers } = await agent.post(`/analytics/${button}`).type('form').send(form);
      return Number(headers['x-served-by']);
    };
    expect(await press('stop')).not.toBe(holder);
    for (const text of await fromAll(agent, 2)) expect(text).toContain('<h2>Stopped</h2>');
    await eventually(() => app.upstream.waiting === 0 || undefined);
    const asked = reads(app).length;
    // Given up by whoever asked, not broken off: that would be tried again within this time.
    await sleep(3_000);
    expect(reads(app)).toHaveLength(asked);
    release();
    for (const text of await fromAll(agent, 2)) expect(text).toContain('<h2>Stopped</h2>');

    await press('go-on');
    expect(callsOf(await whole(agent))).toMatch(/^[\d,]+/);
  }, 120_000);

  test.each([
    ['that is closed hands it over', 'SIGTERM', 0],
    ['that was killed loses it', 'SIGKILL', 1],
  ] as const)(
    'the one that reads, %s: another one reads the rest',
    async (_name, signal, leases) => {
      const { database, app, agent, release, holder } = await halfRead(2);
      await fromAll(agent, 2);
      const asked = reads(app).length;
      app.all[holder]?.child.kill(signal);
      await app.all[holder]?.ended;
      expect(await rows(database, 'scans')).toHaveLength(leases);
      await eventually(() => app.upstream.waiting === 0 || undefined);
      const page = whole(agent);
      await eventually(() => app.upstream.waiting > 0 || undefined);
      release();
      await page;
      // The newest days were there already.
      expect(reads(app).slice(asked)).not.toContain(reads(app)[0]);
    },
    120_000,
  );
}

if (usePostgres()) describe('analytics of several processes', describeAnalytics);
