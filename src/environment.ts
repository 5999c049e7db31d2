import { z } from 'zod';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export const CREDENTIALS = [
  'TWILIO_ACCOUNT_SID',
  'TWILIO_AUTH_TOKEN',
  'TWILIO_CONNECT_APP_SID',
] as const;

const wholeNumber = (from: number, to: number) =>
  z
    .string()
    .regex(/^\d{1,8}$/)
    .transform(Number)
    .pipe(z.number().min(from).max(to));
/** In the one spelling that Twilio uses, since it is compared with what Twilio sends. */
const sid = (prefix: 'AC' | 'CN') =>
  z
    .string()
    .regex(new RegExp(`^${prefix}[0-9a-fA-F]{32}$`))
    .transform((text) => prefix + text.slice(2).toLowerCase());
const webUrl = z
  .string()
  .refine(isWebUrl)
  .transform((url) => new URL(url));
const endpoint = webUrl.transform((url) => url.href.replace(/\/+$/, ''));

/** Every variable that the app reads: its form and its default. */
export const schema = z.object({
  NODE_ENV: z.enum(['development', 'production', 'test']).default('development'),
  PORT: wholeNumber(1, 65535).default(3000),
  HOST: z.string().optional(),
  BASE_URL: webUrl
    .refine((url) => url.pathname === '/')
    .transform((url) => url.origin)
    .optional(),
  SESSION_SECRET: z
    .string()
    .transform((list) => list.split(',').map((secret) => secret.trim()))
    .pipe(z.array(z.string().min(32)))
    .optional(),
  DATABASE_URL: z.string().refine(isDatabaseUrl).default('file:data/quickstart.db'),
  TWILIO_ACCOUNT_SID: sid('AC').optional(),
  TWILIO_AUTH_TOKEN: z
    .string()
    .regex(/^\S{8,}$/)
    .optional(),
  TWILIO_CONNECT_APP_SID: sid('CN').optional(),
  TWILIO_API_URL: endpoint.default('https://api.twilio.com'),
  TWILIO_AUTHORIZE_URL: endpoint.default('https://www.twilio.com/authorize'),
  TRUST_PROXY: wholeNumber(0, 20).default(0),
  SANDBOX_CALLS: wholeNumber(0, 10_000_000).default(0),
  LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
});

/** What to do about a variable that is wrong. Never the value itself: it may be a secret. */
export const CURES: Partial<Record<string, string>> = {
  NODE_ENV: 'write development, production or test',
  PORT: 'write a port number from 1 to 65535',
  BASE_URL: 'write the address of this app without a path, such as https://example.com',
  SESSION_SECRET:
    'write 32 random characters or more (openssl rand -hex 32); to rotate, several with commas between',
  DATABASE_URL:
    'write file:PATH for SQLite, such as file:data/quickstart.db, or postgres://USER:PASSWORD@HOST:PORT/NAME for PostgreSQL (special characters as %XX; sslmode is disable, require, verify-ca or verify-full)',
  TWILIO_ACCOUNT_SID: 'copy the Account SID from the Twilio Console: AC and 32 hexadecimal digits',
  TWILIO_AUTH_TOKEN: 'copy the Auth Token from the Twilio Console',
  TWILIO_CONNECT_APP_SID:
    'copy the SID of your Connect App from the Twilio Console: CN and 32 hexadecimal digits',
  TWILIO_API_URL: 'write an address such as https://api.twilio.com',
  TWILIO_AUTHORIZE_URL: 'write an address such as https://www.twilio.com/authorize',
  TRUST_PROXY: 'write how many proxies stand in front of the app, such as 1',
  SANDBOX_CALLS:
    'write how many calls the large customer of the sandbox has, from 0 (no such customer) to 10000000',
  LOG_LEVEL: `write one of ${LOG_LEVELS.join(', ')}`,
};

function isWebUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return /^https?:$/.test(url?.protocol ?? '') && !url?.username && !url?.search && !url?.hash;
}

function isDatabaseUrl(text: string): boolean {
  if (/^file:./.test(text)) return true;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPostgres = /^postgres(ql)?:$/.test(url?.protocol ?? '') && url?.hash === '';
  const sslmode = url?.searchParams.get('sslmode') ?? 'disable';
  const isKnown = ['disable', 'require', 'verify-ca', 'verify-full'].includes(sslmode);
  return isPostgres && isKnown && isDecodable(text);
}

function isDecodable(text: string): boolean {
  try {
    return decodeURIComponent(text) !== '';
  } catch {
    return false;
  }
}
