import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import type { Agent } from '../browser.ts';
import type { TestApp } from '../start-app.ts';
import {
  CANARY,
  hostileHeaders,
  hostileMethod,
  hostileQuery,
  hostileTarget,
  hostileValue,
} from './hostile.ts';
import { formPost, type RawAnswer, sendRaw } from './raw-request.ts';

/*
 * Requests that no browser would send, over a plain socket. FUZZ_CASES says how many in all (10,000 if left out). A
 * failure prints its seed; FUZZ_SEED makes the same requests again.
 */
const CASES = Number(process.env.FUZZ_CASES ?? 10_000);
const SEED = process.env.FUZZ_SEED;

// What a hash costs is tried elsewhere; here it would be all that is waited for.
jest.unstable_mockModule('../../src/password.ts', () => ({
  hashPassword: async () => 'no hash',
  verifyPassword: async () => false,
}));
const { startApp } = await import('../start-app.ts');
const { connect, signInAsDemo, signUp } = await import('../browser.ts');

const PARAMETERS = [
  ...['AccountSid', 'ConnectAppSid', 'state', 'error', 'account', 'status', 'to', 'from', 'size'],
  ...['started-after', 'started-before', 'cursor', 'page', 'days', 'next', 'email', 'password'],
];
const ANSWER_HEADERS = new Set([
  ...['accept-ranges', 'allow', 'cache-control', 'connection', 'content-disposition'],
  ...['content-length', 'content-range', 'content-security-policy', 'content-type'],
  ...['cross-origin-opener-policy', 'cross-origin-resource-policy', 'date', 'etag', 'keep-alive'],
  ...['last-modified', 'location', 'origin-agent-cluster', 'referrer-policy', 'retry-after'],
  ...['set-cookie', 'transfer-encoding', 'vary', 'x-accel-buffering', 'x-content-type-options'],
  ...['x-dns-prefetch-control', 'x-download-options', 'x-frame-options'],
  ...['x-permitted-cross-domain-policies', 'x-xss-protection'],
]);

jest.setTimeout(60 * 60_000);

let app: TestApp;
let visitor: Agent;
/** The demo user's session. They have connected one account, and all that can be read of it has been read. */
let cookie: string;
/** AccountSids that are none of theirs: another user's, and the app owner's. */
let foreign: string[];
let rows: unknown;
let requests = 0;

beforeAll(async () => {
  app = await startApp({ TRUST_PROXY: '1' });
  foreign = [
    await connect(await signUp(app, 'owner@example.com'), 'rossum'),
    app.settings.accountSid,
  ];
  visitor = await signInAsDemo(app);
  const { headers } = await visitor.post('/sign-in/demo').expect(303);
  cookie = String(headers['set-cookie']?.[0]).split(';')[0] ?? '';
  await connect(visitor, 'bakery');
  for (let page = 'class="card progress"'; page.includes('class="card progress"'); ) {
    page = (await visitor.get('/analytics?days=90').expect(200)).text;
  }
  rows = await claimedRows();
});
afterAll(() => {
  expect(requests).toBeGreaterThanOrEqual(CASES);
});

const queryAll = async (queries: readonly string[]) => {
  const rows: unknown[] = [];
  for (const sql of queries) rows.push(await app.db.query(sql));
  return rows;
};
const claimedRows = () => queryAll(['select * from users', 'select * from connections']);

// A session's text may change: it says when a Connect button was shown.
const OTHERS = ['call_totals', 'scans', 'schema_version'].map((table) => `select * from ${table}`);
const OF_FORMS = ['select * from attempts', 'select sid, data is null from sessions'];

function routes(method: string): string[] {
  return app.routes.flatMap((route) => {
    const [verb, path = ''] = route.split(' ');
    return verb === method ? [path.replace(':id', '7')] : [];
  });
}

function get(target: string, headers: readonly string[] = []): string {
  const host = headers.some((line) => line.startsWith('Host:')) ? [] : ['Host: 127.0.0.1'];
  return `GET ${target} HTTP/1.1\r\n${[...host, 'Connection: close', ...headers].join('\r\n')}\r\n\r\n`;
}

/** The state of the Connect button that the visitor would see now. */
async function currentState(): Promise<string> {
  const sid = decodeURIComponent(cookie).split(/[:.]/)[1] ?? '';
  const [row] = await app.db.query<{ data: string }>('select data from sessions where sid = $1', [
    sid,
  ]);
  return JSON.parse(String(row?.data)).connectState.value;
}

/** Whatever was sent, this holds of what comes back. */
async function expectHarmless({ status, headers, body }: RawAnswer): Promise<void> {
  expect(status).toBeGreaterThanOrEqual(200);
  expect(status).toBeLessThan(500);
  for (const line of headers) {
    const [, name = line, value = ''] = /^([\w-]+): ([\t -~\x80-\xff]*)$/.exec(line) ?? [];
    expect(ANSWER_HEADERS).toContain(name.toLowerCase());
    if (name === 'Location') expect(new URL(value, app.url).origin).toBe(app.url);
  }
  for (const element of [`<script>${CANARY}`, `<svg/onload=${CANARY}`]) {
    expect(body).not.toContain(element);
  }
  expect(await claimedRows()).toEqual(rows);
}

/**
 * Tries that share of all cases, and sees that they come to each of the `doors`: answers with that status. `kept` are
 * queries that have to give the same afterwards.
 */
async function fuzz<T>(
  share: number,
  doors: readonly number[],
  cases: fc.Arbitrary<T>,
  requestOf: (value: T) => string | Promise<string>,
  kept = [...OTHERS, ...OF_FORMS],
) {
  const before = await queryAll(kept);
  const statuses = new Set<number>();
  const property = fc.asyncProperty(cases, async (value) => {
    requests++;
    const answer = await sendRaw(app, await requestOf(value));
    statuses.add(answer.status);
    await expectHarmless(answer);
  });
  const seed = SEED ? { seed: Number(SEED) } : {};
  await fc.assert(property, { numRuns: Math.ceil(CASES * share), ...seed });
  expect(await queryAll(kept)).toEqual(before);
  // A short run may miss one.
  if (CASES >= 5000) expect([...statuses]).toEqual(expect.arrayContaining([...doors]));
}

const signedInOrNot = fc.constantFrom(true, true, false);

test('the callback, with the right state and an AccountSid of others now and then', async () => {
  const part = (...texts: string[]) => fc.constantFrom('', ...texts);
  const cases = fc.tuple(
    part('state=STATE', 'state=STATE'),
    part(...foreign.map((sid) => `AccountSid=${sid}`), `AccountSid=AC${'5'.repeat(32)}`),
    hostileQuery(['AccountSid', 'state', 'error'], hostileValue(foreign)),
    signedInOrNot,
  );
  await fuzz(0.35, [303, 400, 403, 409], cases, async ([state, account, more, signedIn]) => {
    const query = `${state.replace('STATE', await currentState())}&${account}&${more}`;
    return get(`/twilio/authorize?${query}`, signedIn ? [`Cookie: ${cookie}`] : []);
  });
});

test('every query of every page', async () => {
  const keys = [...(await visitor.get('/calls')).text.matchAll(/account=([\w-]{16})/g)].map(
    ([, key]) => String(key),
  );
  const cases = fc.tuple(
    fc.constantFrom(...routes('GET')),
    hostileQuery(PARAMETERS, hostileValue([...keys, ...foreign])),
    signedInOrNot,
  );
  await fuzz(0.3, [200, 303, 400, 404], cases, ([path, text, signedIn]) =>
    get(`${path}?${text}`, signedIn ? [`Cookie: ${cookie}`] : []),
  );
});

test('every form', async () => {
  const cases = fc.tuple(
    fc.constantFrom(...routes('POST')),
    hostileQuery(PARAMETERS),
    hostileHeaders,
  );
  const request = ([path, text, headers]: [string, string, string[]]) => {
    // An e-mail and a password that fit would make a user, and rightly so.
    const form = text.replace(/@|%40/g, '');
    // Each from an address of its own, or the limits would answer all but the first.
    const address = `X-Forwarded-For: 10.${requests >> 16}.${(requests >> 8) & 255}.${requests & 255}`;
    // These two end the session that came with them.
    const isLast = ['/sign-out', '/sign-in/demo'].includes(path);
    return formPost(path, form, [...headers, address, ...(isLast ? [] : [`Cookie: ${cookie}`])]);
  };
  // Forms begin sessions, and count as attempts to sign in.
  await fuzz(0.2, [303, 400, 401, 403, 404, 413, 415], cases, request, OTHERS);
});

test('every header', async () => {
  const cases = fc.tuple(fc.constantFrom(...routes('GET')), hostileHeaders);
  await fuzz(0.1, [200, 302, 303, 400], cases, ([path, headers]) => get(path, headers));
});

test('every method and target', async () => {
  const cases = fc.tuple(hostileMethod, hostileTarget([...routes('GET'), ...routes('POST')]));
  const request = ([method, target]: [string, string]) => get(target).replace('GET', method);
  // Some of them sign the demo user in.
  await fuzz(0.05, [200, 303, 400, 404], cases, request, OTHERS);
});
