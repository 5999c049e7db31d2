import type { z } from 'zod';
import { CREDENTIALS, CURES, schema } from './environment.ts';
import { StartError } from './errors.ts';
import type { TwilioSettings } from './twilio/customer-client.ts';

/** Everything the environment decides, checked once. README and .env.example explain each variable. */
export interface Config {
  readonly production: boolean;
  readonly host: string;
  readonly port: number;
  /** Where browsers and Twilio reach us: scheme, host and port, without a slash at the end. */
  readonly baseUrl: string;
  /** The first one signs, all of them verify. */
  readonly sessionSecrets: readonly string[];
  readonly databaseUrl: string;
  /** Undefined without an account, in development only: the sandbox stands in for Twilio. */
  readonly twilio: TwilioSettings | undefined;
  /** One click signs in a demo user: only where there is no account whose data could be seen. */
  readonly demoSignIn: boolean;
  /** How many calls a year the sandbox's large customer makes; with 0 there is no such customer. */
  readonly sandboxCalls: number;
  /** How many proxies stand in front of us. */
  readonly trustProxy: number;
  readonly logLevel: string;
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/;

/**
 * `ownSecret` gives the session secret of a development machine where the environment names none.
 * @throws StartError that lists every problem of the environment, each with its cure
 */
export function parseConfig(environment: NodeJS.ProcessEnv, ownSecret: () => string): Config {
  // `NAME=` in a .env file means the same as no line at all.
  const env = Object.fromEntries(Object.entries(environment).filter(([, value]) => value?.trim()));
  const parsed = schema.safeParse(env);
  const problems = [
    ...(parsed.error?.issues ?? []).map(
      ({ path }) => `${String(path[0])}: ${CURES[String(path[0])]}`,
    ),
    ...problemsBetween(env),
  ];
  if (!parsed.success || problems.length > 0) {
    const lines = [...new Set(problems)].map((problem) => `  - ${problem}`);
    throw new StartError(`The app cannot start with this environment (.env):\n${lines.join('\n')}`);
  }
  const values = parsed.data;
  const production = values.NODE_ENV === 'production';
  return Object.freeze({
    production,
    host: values.HOST ?? (production ? '0.0.0.0' : '127.0.0.1'),
    port: values.PORT,
    baseUrl: values.BASE_URL ?? `http://localhost:${values.PORT}`,
    sessionSecrets: values.SESSION_SECRET ?? [ownSecret()],
    databaseUrl: values.DATABASE_URL,
    twilio: twilioSettings(values),
    demoSignIn: !values.TWILIO_ACCOUNT_SID,
    sandboxCalls: values.SANDBOX_CALLS,
    trustProxy: values.TRUST_PROXY,
    logLevel: values.LOG_LEVEL,
  });
}

function twilioSettings(values: z.infer<typeof schema>): TwilioSettings | undefined {
  const { TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_CONNECT_APP_SID } = values;
  if (!TWILIO_ACCOUNT_SID || !TWILIO_AUTH_TOKEN || !TWILIO_CONNECT_APP_SID) return undefined;
  return Object.freeze({
    accountSid: TWILIO_ACCOUNT_SID,
    authToken: TWILIO_AUTH_TOKEN,
    connectAppSid: TWILIO_CONNECT_APP_SID,
    apiUrl: values.TWILIO_API_URL,
    authorizeUrl: values.TWILIO_AUTHORIZE_URL,
  });
}

// What no variable shows by itself. Works on the raw text, so it is told along with all the rest.
function problemsBetween(env: Record<string, string | undefined>): string[] {
  const problems: string[] = [];
  const production = env.NODE_ENV === 'production';
  const missing = CREDENTIALS.filter((name) => !env[name]);
  const urls = (['TWILIO_API_URL', 'TWILIO_AUTHORIZE_URL'] as const).filter((name) => env[name]);
  const sandbox = missing.length === CREDENTIALS.length;

  if (!sandbox || production || urls.length > 0) {
    const why = production
      ? 'production runs on a Twilio account'
      : `${CREDENTIALS.join(', ')} belong together`;
    for (const name of missing) problems.push(`${name}: is missing; ${why}, set it`);
  }
  if (sandbox && !production && env.HOST && !LOOPBACK.test(env.HOST)) {
    problems.push(
      'HOST: the sandbox answers this machine only; leave HOST out, or set a Twilio account',
    );
  }
  if (production && !env.SESSION_SECRET) {
    problems.push('SESSION_SECRET: is missing; production needs one (openssl rand -hex 32)');
  }
  for (const name of urls) {
    if (production && /^http:/i.test(env[name] ?? '')) {
      problems.push(
        `${name}: the Auth Token must not travel in the clear; write https:// in production`,
      );
    }
  }
  return problems;
}
