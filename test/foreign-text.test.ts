import { expect, test } from '@jest/globals';
import type { Response } from 'express';
import { sendRaw } from './attack/raw-request.ts';
import { browser, connect, consent, pathOf, signInAsDemo } from './browser.ts';
import { csvFields } from './csv-rows.ts';
import { startApp, type TestApp, twilioError } from './start-app.ts';

/** What Twilio itself could say one day. */
const WORDS = [
  '"><script>alert(1)</script>',
  "' onmouseover='alert(1)",
  '<img src=x onerror=alert(1)>',
  '=HYPERLINK("http://evil.example","Click")',
  "+1+cmd|' /C calc'!A0",
  '-2+3',
  '@SUM(1,1)',
  '\t=1+1',
];
/** What a caller or an account's owner could write. */
const TEXTS = [
  ...WORDS,
  '\u001b]0;evil\u0007\u001b[2J',
  '\u009b2J',
  '\u0000',
  'line\r\nX-Injected: yes',
];
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROLS = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/;

/** From now on all of Twilio's answers are about these texts. */
function answerWith(app: TestApp, connectSid: string): void {
  const account = (sid: string, friendly_name: string) => ({
    sid,
    friendly_name,
    status: 'active',
    owner_account_sid: `AC${'9'.repeat(32)}`,
  });
  const accounts = TEXTS.map((text, index) =>
    account(index === 0 ? connectSid : `AC${index.toString(16).repeat(32)}`, text),
  );
  const calls = TEXTS.map((text, index) => ({
    sid: `CA${index.toString(16).repeat(32)}`,
    direction: WORDS[index] ?? null,
    from: text,
    to: text,
    status: WORDS[index] ?? 'completed',
    start_time: 'Tue, 10 Mar 2026 09:05:07 +0000',
    duration: '61',
    price: '-0.01700',
    price_unit: WORDS[index] ?? 'USD',
  }));
  app.upstream.answer = (req, res) => {
    const path = req.originalUrl.split('?')[0] ?? '';
    const page = { next_page_uri: null, previous_page_uri: null };
    if (path.endsWith('/Calls.json')) return res.json({ calls, ...page });
    if (path.endsWith('/Accounts.json')) return res.json({ accounts, ...page });
    return res.json(account(connectSid, TEXTS.join(' ')));
  };
}

function expectHarmless(html: string): void {
  expect(html).not.toMatch(/<script>alert|<img src=x|' onmouseover='/);
  expect(html).not.toMatch(CONTROLS);
}

test('in parties, statuses and account names is shown as text, in every page', async () => {
  const app = await startApp();
  const visitor = await signInAsDemo(app);
  const callback = await consent(visitor, 'bakery');
  answerWith(app, String(callback.searchParams.get('AccountSid')));
  await visitor.get(pathOf(callback)).expect(303).expect('Location', '/myapp');
  for (const path of ['/myapp', '/calls', '/calls/export', '/analytics?days=7']) {
    let page = await visitor.get(path).expect(200);
    while (page.text.includes('data-events')) page = await visitor.get(path).expect(200);
    expectHarmless(page.text);
    if (path !== '/calls/export') expect(page.text).toMatch(/&(lt|#60);(script|img)/);
  }
  const { text } = await visitor.get('/calls');
  expect(text).toContain('<td class="party">&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;</td>');
  expect(text).toContain('<td class="party">\ufffd]0;evil\ufffd\ufffd[2J</td>');
});

test('in a file of calls begins no formula, and nothing that a terminal would obey', async () => {
  const app = await startApp();
  const visitor = await signInAsDemo(app);
  answerWith(app, await connect(visitor, 'bakery'));
  const file = await visitor.get('/calls.csv').expect(200);
  expect(file.text).not.toMatch(CONTROLS);
  expect(file.headers['x-injected']).toBeUndefined();
  expect(file.headers['content-disposition']).toMatch(/^attachment; filename="[\w .-]+"; /);
  const rows = csvFields(file.text);
  expect(rows).toHaveLength(TEXTS.length + 1);
  for (const cell of rows.slice(1).flat()) {
    if (!/^-?\d+(\.\d+)?$/.test(cell)) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
  }
  expect(file.text).toContain(`"'=HYPERLINK(""http://evil.example"",""Click"")"`);
});

test('in Twilio’s error messages is shown to nobody', async () => {
  const app = await startApp();
  const visitor = await signInAsDemo(app);
  await connect(visitor, 'bakery');
  const faults: ((res: Response, text: string) => unknown)[] = [401, 403, 404, 500].map(
    (status) => (res, text) => twilioError(res, status, 20003, text),
  );
  faults.push((res, text) => res.status(502).type('html').send(text));
  faults.push((res, text) => res.status(400).json({ code: text, message: text, status: text }));
  for (const fault of faults) {
    app.upstream.answer = (_req, res) => void fault(res, TEXTS.join(' '));
    for (const path of ['/calls', '/calls/export', '/calls.csv', '/analytics']) {
      app.clock.now += 61_000;
      const page = await visitor.get(path);
      expect(page.status).toBeGreaterThanOrEqual(400);
      expectHarmless(page.text);
      expect(page.text).not.toMatch(/alert|HYPERLINK|evil/);
    }
  }
  expectReadable(app.logs);
}, 30_000);

test('in an address or an error gives the log’s reader nothing to obey', async () => {
  const app = await startApp();
  const head = 'HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n';
  // As bytes: a C1 control, and in UTF-8 what turns the direction of a text round.
  await sendRaw(app, `GET /\x9b2J\xe2\x80\xae ${head}`, 5000);
  await browser(app).get('/faq').set('User-Agent', 'x\u009b2J').expect(200);
  await app.db.query('drop table sessions');
  const query = app.db.query;
  app.db.query = () => Promise.reject(new Error(`${TEXTS.join(' ')} \\u001b \\\u001b\u0008`));
  await browser(app).get('/healthz').expect(503);
  app.db.query = query;
  expect(app.logs.join('')).toContain('HYPERLINK');
  expectReadable(app.logs);
  // Only what was a control is gone: a backslash and letters after it are none.
  expect(JSON.parse(String(app.logs.at(-1))).err.message).toContain(' \\u001b \\\ufffd\ufffd');
});

/** As whatever shows it to people decodes it. */
function expectReadable(logs: readonly string[]): void {
  const texts: string[] = [];
  for (const line of logs) JSON.parse(line, (_key, value) => void texts.push(String(value)));
  expect(texts.length).toBeGreaterThan(10);
  for (const text of texts) expect(text).not.toMatch(CONTROLS);
  for (const text of texts) expect(text).not.toMatch(/[\r\u202a-\u202e\u2066-\u2069]/);
}
