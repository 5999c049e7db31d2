import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { StartError } from './errors.ts';

/**
 * The secret of a development machine: made at the first start and kept in a file that only its owner can read, so
 * that a restart signs nobody out.
 * @throws StartError if the file can be neither read nor written
 */
export function keptSessionSecret(path = 'data/session-secret'): string {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unusable(path, error);
  }
  try {
    const secret = readFileSync(path, 'utf8').trim();
    if (secret.length >= 32) return secret;
  } catch (error) {
    throw unusable(path, error);
  }
  throw new StartError(
    `${path} is damaged. Delete it (everyone signs in again), or set SESSION_SECRET.`,
  );
}

function unusable(path: string, error: unknown): StartError {
  const { code } = error as NodeJS.ErrnoException;
  return new StartError(
    `Cannot keep a session secret in ${path} (${code}). Make the folder writable, or set SESSION_SECRET.`,
  );
}
