import { randomBytes } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { parse } from 'dotenv';
import { parseConfig } from '../config.ts';
import { StartError } from '../errors.ts';
import { keptSessionSecret } from '../session-secret.ts';
import { check } from './check.ts';
import { readEnvFile } from './env-file.ts';

export const envFile = check({
  id: 'env-file',
  title: '.env file',
  run({ envFile, shell }) {
    if (!existsSync(envFile)) return { status: 'ok' };
    let written: Record<string, string>;
    try {
      written = parse(readEnvFile(envFile));
    } catch (error) {
      if (!(error instanceof StartError)) throw error;
      return {
        status: 'problem',
        cause: error.message,
        cure: 'Without it the app has no settings.',
      };
    }
    const overruled = Object.keys(written).filter(
      (name) => shell[name] !== undefined && shell[name] !== written[name],
    );
    if (overruled.length > 0) {
      return {
        status: 'remark',
        cause: `The shell sets ${overruled.join(', ')} to something else than ${envFile}, and the shell wins.`,
        cure: `unset ${overruled.join(' ')}, if the file is right.`,
      };
    }
    if (process.platform !== 'win32' && (statSync(envFile).mode & 0o077) !== 0) {
      return {
        status: 'remark',
        cause: `Other users of this machine can read ${envFile}, and the Auth Token in it.`,
        cure: `chmod 600 ${envFile}`,
      };
    }
    return { status: 'ok' };
  },
});

export const environment = check({
  id: 'environment',
  title: 'Environment',
  gives: 'config',
  run({ environment }) {
    try {
      return { status: 'ok', found: parseConfig(environment, ownSecret) };
    } catch (error) {
      if (!(error instanceof StartError)) throw error;
      const problems = error.message.split('\n  - ').slice(1);
      return {
        status: 'problem',
        cause: problems.length > 0 ? problems.join('; ') : error.message,
        cure: 'Mend it in .env (.env.example explains each variable), or run npm run setup.',
      };
    }
  },
});

// The doctor makes no files: where the app has never run, no secret of its own fits either.
function ownSecret(): string {
  return existsSync('data/session-secret')
    ? keptSessionSecret('data/session-secret')
    : randomBytes(32).toString('hex');
}
