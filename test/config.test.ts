import { describe, expect, test } from '@jest/globals';
import { parseConfig } from '../src/config.ts';
import { StartError } from '../src/errors.ts';

const ACCOUNT = {
  TWILIO_ACCOUNT_SID: `AC${'a'.repeat(32)}`,
  TWILIO_AUTH_TOKEN: 'canary-token',
  TWILIO_CONNECT_APP_SID: `CN${'b'.repeat(32)}`,
};
const PRODUCTION = { NODE_ENV: 'production', SESSION_SECRET: 's'.repeat(32), ...ACCOUNT };
const kept = () => 'the secret of this machine';

function problemsOf(env: Record<string, string>): string {
  try {
    parseConfig(env, kept);
  } catch (error) {
    expect(error).toBeInstanceOf(StartError);
    return (error as StartError).message;
  }
  return '';
}

test('an empty environment is the sandbox on this machine', () => {
  const config = parseConfig({}, kept);
  expect(config).toEqual({
    production: false,
    host: '127.0.0.1',
    port: 3000,
    baseUrl: 'http://localhost:3000',
    sessionSecrets: ['the secret of this machine'],
    databaseUrl: 'file:data/quickstart.db',
    twilio: undefined,
    demoSignIn: true,
    sandboxCalls: 0,
    trustProxy: 0,
    logLevel: 'info',
  });
  expect(Object.isFrozen(config)).toBe(true);
});

test('a value left empty is a value left out', () => {
  const empty = { PORT: '', BASE_URL: ' ', TWILIO_ACCOUNT_SID: '', SESSION_SECRET: '' };
  expect(parseConfig(empty, kept)).toEqual(parseConfig({}, kept));
});

test('a complete environment is taken as it is', () => {
  const config = parseConfig(
    {
      ...PRODUCTION,
      PORT: '8080',
      BASE_URL: 'https://App.example.com/',
      SESSION_SECRET: `${'n'.repeat(32)}, ${'o'.repeat(40)}`,
      DATABASE_URL: 'file:/var/lib/app/app.db',
      SANDBOX_CALLS: '10000000',
      TRUST_PROXY: '2',
      LOG_LEVEL: 'warn',
      TWILIO_API_URL: 'https://api.example.com/twilio/',
      TWILIO_AUTHORIZE_URL: 'https://www.example.com/authorize',
    },
    kept,
  );
  expect(config).toEqual({
    production: true,
    host: '0.0.0.0',
    port: 8080,
    baseUrl: 'https://app.example.com',
    sessionSecrets: ['n'.repeat(32), 'o'.repeat(40)],
    databaseUrl: 'file:/var/lib/app/app.db',
    twilio: {
      accountSid: ACCOUNT.TWILIO_ACCOUNT_SID,
      authToken: 'canary-token',
      connectAppSid: ACCOUNT.TWILIO_CONNECT_APP_SID,
      apiUrl: 'https://api.example.com/twilio',
      authorizeUrl: 'https://www.example.com/authorize',
    },
    demoSignIn: false,
    sandboxCalls: 10_000_000,
    trustProxy: 2,
    logLevel: 'warn',
  });
});

test.each([
  'postgres://db/app',
  'postgresql://me:p%40ss%2Fword@db.example.com:6432/app?sslmode=verify-full&sslrootcert=/ca.pem',
  'postgres:///app?host=/var/run/postgresql',
])('%s is PostgreSQL', (DATABASE_URL) => {
  expect(parseConfig({ DATABASE_URL }, kept).databaseUrl).toBe(DATABASE_URL);
});

test('SIDs are taken in the spelling that Twilio sends', () => {
  const TWILIO_CONNECT_APP_SID = `CN${'B'.repeat(32)}`;
  const config = parseConfig({ ...ACCOUNT, TWILIO_CONNECT_APP_SID }, kept);
  expect(config.twilio?.connectAppSid).toBe(ACCOUNT.TWILIO_CONNECT_APP_SID);
});

test('Twilio itself is the default with an account', () => {
  expect(parseConfig(ACCOUNT, kept).twilio).toMatchObject({
    apiUrl: 'https://api.twilio.com',
    authorizeUrl: 'https://www.twilio.com/authorize',
  });
});

describe('a wrong value names its variable and the cure', () => {
  test.each([
    ['NODE_ENV', 'prod', 'development, production or test'],
    ['PORT', 'http', 'a port number from 1 to 65535'],
    ['PORT', '0', 'a port number'],
    ['PORT', '70000', 'a port number'],
    ['BASE_URL', 'localhost:3000', 'such as https://example.com'],
    ['BASE_URL', 'https://example.com/app', 'without a path'],
    ['BASE_URL', 'ftp://example.com', 'such as https://example.com'],
    ['BASE_URL', 'https://me:secret@example.com', 'such as https://example.com'],
    ['SESSION_SECRET', 'short', '32 random characters'],
    ['SESSION_SECRET', `${'l'.repeat(32)},short`, '32 random characters'],
    ['DATABASE_URL', 'data/quickstart.db', 'file:PATH'],
    ['DATABASE_URL', 'mysql://me@db/app', 'postgres://USER:PASSWORD@HOST:PORT/NAME'],
    ['DATABASE_URL', 'postgres://me:p/ss@db/app', 'special characters as %XX'],
    ['DATABASE_URL', 'postgres://me:p#ss@db/app', 'special characters as %XX'],
    ['DATABASE_URL', 'postgres://me:100%@db/app', 'special characters as %XX'],
    ['DATABASE_URL', 'postgres://db/app?sslmode=prefer', 'disable, require, verify-ca or'],
    ['TWILIO_ACCOUNT_SID', 'AC123', 'AC and 32 hexadecimal digits'],
    ['TWILIO_CONNECT_APP_SID', `AP${'b'.repeat(32)}`, 'CN and 32 hexadecimal digits'],
    ['TWILIO_AUTH_TOKEN', 'two words', 'copy the Auth Token'],
    ['TWILIO_AUTH_TOKEN', 'short', 'copy the Auth Token'],
    ['TWILIO_API_URL', 'api.twilio.com', 'such as https://api.twilio.com'],
    ['TWILIO_AUTHORIZE_URL', 'nowhere', 'such as https://www.twilio.com/authorize'],
    ['SANDBOX_CALLS', 'many', 'from 0 (no such customer) to 10000000'],
    ['SANDBOX_CALLS', '10000001', 'from 0'],
    ['SANDBOX_CALLS', '0.5', 'from 0'],
    ['TRUST_PROXY', 'true', 'how many proxies'],
    ['LOG_LEVEL', 'loud', 'one of fatal, error'],
  ])('%s=%s', (name, value, cure) => {
    const message = problemsOf({ ...ACCOUNT, [name]: value });
    expect(message).toContain(`- ${name}: `);
    expect(message).toContain(cure);
    expect(message.split('\n')).toHaveLength(2);
  });

  test('a secret that is wrong is not repeated', () => {
    expect(problemsOf({ ...ACCOUNT, TWILIO_AUTH_TOKEN: 'canary token' })).not.toContain('canary');
    expect(problemsOf({ SESSION_SECRET: 'canary' })).not.toContain('canary');
    expect(problemsOf({ DATABASE_URL: 'postgres://me:canary#@db/app' })).not.toContain('canary');
  });
});

test('one or two of the three credentials name the missing', () => {
  const message = problemsOf({ TWILIO_ACCOUNT_SID: ACCOUNT.TWILIO_ACCOUNT_SID });
  expect(message).toContain('TWILIO_AUTH_TOKEN: is missing');
  expect(message).toContain('TWILIO_CONNECT_APP_SID: is missing');
  expect(message).not.toContain('TWILIO_ACCOUNT_SID: is missing');
});

test('an address of Twilio without credentials is no sandbox, but a mistake', () => {
  const message = problemsOf({ TWILIO_API_URL: 'http://127.0.0.1:4010' });
  expect(message).toContain('TWILIO_ACCOUNT_SID: is missing');
});

test('the sandbox answers this machine only', () => {
  expect(problemsOf({ HOST: '0.0.0.0' })).toContain('HOST: the sandbox answers this machine only');
  for (const HOST of ['localhost', '127.0.0.2', '::1']) expect(problemsOf({ HOST })).toBe('');
  expect(problemsOf({ ...ACCOUNT, HOST: '0.0.0.0' })).toBe('');
});

test('production wants a secret and an account, and refuses the sandbox', () => {
  expect(problemsOf(PRODUCTION)).toBe('');
  const message = problemsOf({ NODE_ENV: 'production' });
  for (const name of [...Object.keys(ACCOUNT), 'SESSION_SECRET']) {
    expect(message).toContain(`${name}: is missing`);
  }
});

test('production sends the Auth Token over https only', () => {
  const urls = { TWILIO_API_URL: 'http://a.example', TWILIO_AUTHORIZE_URL: 'HTTP://b.example' };
  expect(problemsOf({ ...ACCOUNT, ...urls })).toBe('');
  const message = problemsOf({ ...PRODUCTION, ...urls });
  expect(message).toContain('TWILIO_API_URL: ');
  expect(message).toContain('TWILIO_AUTHORIZE_URL: ');
});

test('all problems are told at once', () => {
  const message = problemsOf({
    NODE_ENV: 'production',
    PORT: 'x',
    LOG_LEVEL: 'y',
    TRUST_PROXY: 'z',
  });
  expect(message.match(/^ {2}- /gm)).toHaveLength(7);
});
