import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

const ROOT = path.join(import.meta.dirname, '..', '..');
const run = promisify(execFile);

// Those with a visitor's session, with the sandbox's account, and with both.
const ROWS = ['myapp', 'sandbox-size', 'csv'];

test('the benchmark prints neither an account nor what opens one', async () => {
  const { stdout, stderr } = await run('npm', ['run', 'bench', '--', '--quick', ...ROWS], {
    cwd: ROOT,
  });
  for (const name of ROWS) expect(stdout).toContain(`| \`${name}\` |`);
  // AccountSids, Auth Tokens, session secrets and ids: each is, or ends in, as much of hexadecimal or base64url.
  const secrets = [/[0-9a-f]{32}/, /[\w-]{32}/, /session=/, /\bBasic /, /correct horse/];
  // As booleans: a failure must not print what it is about.
  expect(secrets.map((secret) => secret.test(stdout + stderr))).not.toContain(true);
}, 180_000);
