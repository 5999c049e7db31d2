import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { PageError } from './errors.ts';

const scryptAsync = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

// OWASP's first choice for scrypt; one hash takes 128 MiB and about 0.3 s.
const COST: ScryptOptions = { N: 2 ** 17, r: 8, p: 1, maxmem: 160 * 1024 * 1024 };
const KEY_BYTES = 32;

/** Each takes one of the four threads with which Node also reads files and looks up host names. */
const AT_ONCE = 2;
/** A line of about a second, so that nobody is sent away who signs in together with a few others. */
const MOST_WAITING = 8;

/** `salt.hash`, both in base64url. Throws as `derive` does. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(password, salt);
  return `${salt.toString('base64url')}.${hash.toString('base64url')}`;
}

/**
 * Takes the same time whether there is a hash to compare with or not, so it does not tell which e-mails exist. Throws as
 * `derive` does.
 */
export async function verifyPassword(password: string, stored: string | null): Promise<boolean> {
  const [salt = '', hash = ''] = (stored ?? '').split('.');
  const key = await derive(password, Buffer.from(salt, 'base64url'));
  const expected = Buffer.from(hash, 'base64url');
  return expected.length === KEY_BYTES && timingSafeEqual(key, expected);
}

let running = 0;
const waiting: (() => void)[] = [];

/**
 * The slow step, beside the event loop: two at once, and a few that wait.
 * @throws PageError (429) if too many wait already
 */
async function derive(password: string, salt: Buffer): Promise<Buffer> {
  if (running < AT_ONCE) running++;
  else if (waiting.length < MOST_WAITING) await new Promise<void>((go) => waiting.push(go));
  else throw tooMany();
  try {
    return await scryptAsync(password, salt, KEY_BYTES, COST);
  } finally {
    // Whoever waited longest takes over the place.
    const next = waiting.shift();
    if (next) next();
    else running--;
  }
}

function tooMany(): PageError {
  return new PageError(
    429,
    'Too many people are signing in at this moment',
    'Your password was not looked at, and nothing was changed. Wait a few seconds, then send the form again.',
    2,
  );
}
