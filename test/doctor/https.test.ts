import { afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { updateConnectApp } from '../../src/twilio/connect-apps.ts';
import { SESSION_SECRET } from '../start-app.ts';
import { type LiveApp, startLiveApp } from './live-app.ts';
import { examine, type Variables } from './world.ts';

// The proxy in front is played without its TLS: what goes to https://app.example arrives there by http.
const BASE_URL = 'https://app.example';
const network = globalThis.fetch;
let live: LiveApp;
beforeAll(async () => {
  live = await startLiveApp({ BASE_URL });
  await updateConnectApp(live.owner, live.connectAppSid, {
    authorizeUrl: `${BASE_URL}/twilio/authorize`,
    deauthorizeUrl: `${BASE_URL}/twilio/deauthorize`,
  });
});
beforeEach(() => behindHttps(live));
afterEach(() => {
  jest.restoreAllMocks();
});

function behindHttps({ proxy }: LiveApp): void {
  jest.spyOn(globalThis, 'fetch').mockImplementation((url, options) => {
    const there = String(url).replace(BASE_URL, proxy.url);
    return network(there, { ...options, headers: { ...options?.headers, Host: 'app.example' } });
  });
}

const WITHOUT_TWILIO = {
  NODE_ENV: 'production',
  SESSION_SECRET,
  TWILIO_ACCOUNT_SID: `AC${'1'.repeat(32)}`,
  TWILIO_AUTH_TOKEN: 'a-token-of-nobody',
  TWILIO_CONNECT_APP_SID: `CN${'1'.repeat(32)}`,
  TWILIO_API_URL: 'https://127.0.0.1:9',
  TWILIO_AUTHORIZE_URL: 'https://127.0.0.1:9/authorize',
};
const inProduction = (changes: Variables) =>
  examine({ environment: { PORT: '9', ...WITHOUT_TWILIO, ...changes } });

test('all is well behind https, but real users need production', async () => {
  const reports = Object.values(await examine({ environment: live.environment }));
  expect(reports.filter(({ status }) => status !== 'ok')).toEqual([
    {
      id: 'production',
      title: 'Production',
      status: 'remark',
      cause: 'The app is public, but NODE_ENV is not production.',
      cure: expect.stringContaining('set NODE_ENV=production'),
    },
  ]);
});

test('a cookie that loses Secure on the way', async () => {
  live.proxy.answer = (headers) => ({
    ...headers,
    'set-cookie': headers['set-cookie']?.map((cookie) => cookie.replace('; Secure', '')) ?? [],
  });
  const { cookies } = await examine({ environment: live.environment });
  live.proxy.answer = (headers) => headers;
  expect(cookies?.cause).toBe('A cookie of the app comes back without Secure.');
});

test('a proxy that does not let the callback through at all', async () => {
  const callback = jest.mocked(globalThis.fetch).getMockImplementation();
  jest.mocked(globalThis.fetch).mockImplementation((url, options) => {
    if (String(url).includes('/twilio/authorize'))
      return Promise.reject(new TypeError('terminated'));
    return callback?.(url, options) as Promise<Response>;
  });
  const { cookies } = await examine({ environment: live.environment });
  expect(cookies?.cause).toBe('Nobody answers at app.example (TypeError).');
});

test.each([
  ['http://localhost:3000', 'leads nowhere but to this machine'],
  ['http://app.example', 'without https, cookies are not Secure'],
])('in production %s is a problem, elsewhere a remark', async (address, cause) => {
  const production = (await inProduction({ BASE_URL: address })).address;
  expect(production?.status).toBe('problem');
  expect(production?.cause).toContain(cause);
  const development = await inProduction({ BASE_URL: address, NODE_ENV: 'development' });
  expect(development.address).toEqual({ ...production, status: 'remark' });
});

test('in production a wrong TRUST_PROXY is a problem', async () => {
  const other = await startLiveApp({ ...WITHOUT_TWILIO, BASE_URL, TRUST_PROXY: '0' });
  behindHttps(other);
  const reports = await examine({ environment: other.environment });
  expect(reports.production?.status).toBe('ok');
  expect(reports['trust-proxy']).toMatchObject({ status: 'problem', cure: 'Set TRUST_PROXY=1' });
});
