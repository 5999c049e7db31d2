import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { openDatabase } from '../src/database/database.ts';
import { createUser } from '../src/database/users.ts';
import { folder, startProcess } from './start-process.ts';

/** `npm run db:copy -- ...` */
async function copy(...args: string[]): Promise<{ code: number | null; output: string }> {
  const { ended, output } = startProcess(['src/copy-database.ts', ...args], {});
  return { code: await ended, output: output() };
}

async function makeDatabase(file: string, email?: string): Promise<void> {
  const db = await openDatabase(`file:${path.join(folder(), file)}`);
  if (email) await createUser(db, { email, passwordHash: null, now: 0 });
  await db.close();
}

test('copies, counts and says what comes next', async () => {
  await makeDatabase('from.db', 'ada@example.com');
  expect(await copy('file:from.db', 'file:to.db')).toEqual({
    code: 0,
    output: expect.stringMatching(
      /^ +1 {2}users\n.*Copied\. Set DATABASE_URL to the new database/s,
    ),
  });
  const again = await copy('file:from.db', 'file:to.db');
  expect(again).toEqual({
    code: 1,
    output: 'TO is not empty (users: 1); name a new database.\n',
  });
});

test('every misuse is told in a line, without a password', async () => {
  await makeDatabase('full.db', 'ada@example.com');
  await makeDatabase('empty.db');
  writeFileSync(path.join(folder(), 'text.db'), 'No database, but long enough. '.repeat(40));
  const secret = 'postgres://me:canary-password@127.0.0.1:1/app';
  const misuses: [args: string[], text: string][] = [
    [[], 'Name two databases.'],
    [['file:full.db'], 'Name two databases.'],
    [['file:full.db', 'file:a.db', 'file:b.db'], 'Name two databases.'],
    [['full.db', 'file:to.db'], 'FROM: write file:PATH'],
    [['file:full.db', 'mysql://me:canary-password@db/app'], 'TO: write file:PATH'],
    [['file:full.db', 'file:./full.db'], 'FROM and TO are the same database.'],
    [[secret, secret.replace('me:', 'you:')], 'FROM and TO are the same database.'],
    [['file:nowhere.db', 'file:to.db'], 'FROM: there is no file nowhere.db.'],
    [['file:full.db', 'file::memory:'], 'TO: a database in memory ends with this copy.'],
    [['file:empty.db', 'file:to.db'], 'FROM is empty'],
    [['file:text.db', 'file:to.db'], 'FROM: cannot use the database file:text.db'],
  ];
  const answers = await Promise.all(misuses.map(([args]) => copy(...args)));
  answers.forEach(({ code, output }, n) => {
    expect({ code, output }).toEqual({
      code: 1,
      output: expect.stringContaining(String(misuses[n]?.[1])),
    });
    expect(output).not.toContain('canary');
    expect(output).not.toMatch(/^ +at /m);
  });
  expect(existsSync(path.join(folder(), 'nowhere.db'))).toBe(false);
});

test('explains itself', async () => {
  const { code, output } = await copy('--help');
  expect(code).toBe(0);
  expect(output).toContain('npm run db:copy -- FROM TO');
});
