import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

// OWASP's first choice for scrypt; one hash takes 128 MiB and about 0.3 s.
const COST: ScryptOptions = { N: 2 ** 17, r: 8, p: 1, maxmem: 160 * 1024 * 1024 };
const KEY_BYTES = 32;

/** `salt.hash`, both in base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(password, salt, KEY_BYTES, COST);
  return `${salt.toString('base64url')}.${hash.toString('base64url')}`;
}

/** Takes the same time whether there is a hash to compare with or not, so it does not tell which e-mails exist. */
export async function verifyPassword(password: string, stored: string | null): Promise<boolean> {
  const [salt = '', hash = ''] = (stored ?? '').split('.');
  const key = await derive(password, Buffer.from(salt, 'base64url'), KEY_BYTES, COST);
  const expected = Buffer.from(hash, 'base64url');
  return expected.length === KEY_BYTES && timingSafeEqual(key, expected);
}
