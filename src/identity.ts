import { createHmac, hkdfSync } from 'node:crypto';
import type { Config } from './config.ts';

/** What a running app says of itself, in words that only those understand who have its session secret. */
export interface Identity {
  /** It has this session secret. */
  app: string;
  /** By variable: it was started with this value. */
  settings: Record<string, string>;
  /** The question came through so many proxies. */
  proxies: string;
}

const NONCE = /^[\w-]{16,64}$/;

/** 16 to 64 letters, digits, _ or -, once. */
export function isNonce(value: unknown): value is string {
  return typeof value === 'string' && NONCE.test(value);
}

/**
 * The answer to a nonce. `npm run doctor` asks for it at the public address and compares it with its own. The key is
 * derived from the session secret, so that no answer is good for anything else that the secret signs.
 */
export function identify(config: Config, nonce: string, proxies: number): Identity {
  const [secret = ''] = config.sessionSecrets;
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'identity of the running app', 32));
  const say = (what: string, value: unknown = null) =>
    createHmac('sha256', key)
      .update(JSON.stringify([nonce, what, value]))
      .digest('base64url');
  return {
    app: say('app'),
    settings: {
      NODE_ENV: say('production', config.production),
      BASE_URL: say('base url', config.baseUrl),
      DATABASE_URL: say('database url', config.databaseUrl),
      TRUST_PROXY: say('trust proxy', config.trustProxy),
      TWILIO_ACCOUNT_SID: say('account sid', config.twilio?.accountSid),
      TWILIO_AUTH_TOKEN: say('auth token', config.twilio?.authToken),
      TWILIO_CONNECT_APP_SID: say('connect app sid', config.twilio?.connectAppSid),
      TWILIO_API_URL: say('api url', config.twilio?.apiUrl),
      TWILIO_AUTHORIZE_URL: say('authorize url', config.twilio?.authorizeUrl),
    },
    proxies: say('proxies', proxies),
  };
}
