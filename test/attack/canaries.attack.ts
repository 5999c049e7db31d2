import { expect, test } from '@jest/globals';
import { connect, consent, pathOf, signInAsDemo } from '../browser.ts';
import { accountsOf, canaries, runEveryRoute } from '../every-route.ts';
import { faultNames, setFault } from '../sandbox-faults.ts';
import { SESSION_SECRET, startApp } from '../start-app.ts';

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

// Or a long reading would wait for minutes.
const SOON = { 'retry-after': 0 };

async function expectNoSecret(fault: string | undefined, level: string): Promise<void> {
  const app = await startApp({ LOG_LEVEL: level });
  const visitor = await signInAsDemo(app);
  const accountSid = await connect(visitor, 'bakery');
  const { sids, tokens } = await accountsOf(app, accountSid);
  if (fault) {
    const form = { fault, ...(fault === 'wait' && { wait: 20 }), ...(fault === '429' && SOON) };
    await setFault(app, form);
  }
  // As if nothing were known of the accounts yet.
  app.clock.now += 61_000;
  const answers = await runEveryRoute(visitor, app, accountSid);
  const back = await visitor.get(pathOf(await consent(visitor, 'bakery')));
  const seen = `${answers}${JSON.stringify(back.headers)} ${back.text}`;

  const cookies = [...seen.matchAll(/"(?:session|what-happened)=([^;"]+)/g)];
  expect(cookies.length).toBeGreaterThan(0);
  const sessions = await app.db.query<{ sid: string; data: string | null }>(
    'select * from sessions',
  );
  const states = sessions.flatMap(({ data }) => data?.match(/(?<="value":")[^"]+/g) ?? []);
  const everywhere = [...canaries(app, sids), ...tokens];
  const inLogs = [
    ...[...everywhere, ...states, ...sessions.map(({ sid }) => sid)],
    ...cookies.map(([, value]) => String(value)),
  ];
  // What some code might log one day, at the one level that is always there but for `silent`.
  const [token, secret] = [app.settings.authToken, SESSION_SECRET];
  app.log.fatal({ err: new Error(`no ${accountSid}`), token, deep: [{ secret }] }, `with ${token}`);
  const logs = app.logs.join('');
  // As booleans: a failure must not print what it is about.
  expect(everywhere.map((secret) => seen.includes(secret))).not.toContain(true);
  expect(inLogs.map((secret) => logs.includes(secret))).not.toContain(true);
  // A session's name leaves in its cookie, and nowhere else.
  const beside = seen.replace(/"set-cookie":\[.*?\]/g, '');
  expect(sessions.map(({ sid }) => beside.includes(sid))).not.toContain(true);
  expect(app.logs.length > 0).toBe(level !== 'silent');
}

test('at no fault of the sandbox does a route tell a secret', async () => {
  const faults = await faultNames(await startApp());
  expect(faults.length).toBeGreaterThan(9);
  await Promise.all(faults.map((fault) => expectNoSecret(fault, 'trace')));
}, 300_000);

test.each(LEVELS)(
  'at the log level %s no route tells a secret',
  (level) => expectNoSecret('401', level),
  60_000,
);
