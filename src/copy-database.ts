import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { copyDatabase } from './database/copy.ts';
import { type Db, openDatabase } from './database/database.ts';
import { CURES, schema } from './environment.ts';
import { StartError } from './errors.ts';

const USAGE = `npm run db:copy -- FROM TO

Copies everything from one database into another, which must be empty: from SQLite to PostgreSQL, or back. FROM and TO
are written like DATABASE_URL. Stop the app first: what it writes meanwhile may stay behind. Then set DATABASE_URL to
TO, leave SESSION_SECRET as it is, and nobody has to sign in again.

  npm run db:copy -- file:data/live.db postgres://USER@HOST/NAME     (with the password in PGPASSWORD, if you like)
`;

/** What `npm run db:copy` starts: arguments -> two databases -> the copy -> what was copied. */
async function main([from = '', to = '', ...more]: string[]): Promise<void> {
  if (from === '--help') return void process.stdout.write(USAGE);
  if (!to || more.length > 0) throw new StartError(`Name two databases.\n\n${USAGE}`);
  check('FROM', from);
  check('TO', to);
  if (placeOf(from) === placeOf(to)) throw new StartError('FROM and TO are the same database.');
  const file = from.replace(/^file:/, '');
  if (file !== from && !existsSync(file)) throw new StartError(`FROM: there is no file ${file}.`);
  if (to === 'file::memory:') throw new StartError('TO: a database in memory ends with this copy.');

  const source = await open('FROM', from);
  const target = await open('TO', to);
  const counts = await copyDatabase(source, target);
  await Promise.all([source.close(), target.close()]);
  if ([...counts.values()].every((count) => count === 0)) {
    throw new StartError('FROM is empty: there was nothing to copy. Is it the right database?');
  }
  for (const [table, count] of counts) console.log(`${String(count).padStart(9)}  ${table}`);
  console.log('Copied. Set DATABASE_URL to the new database, and start the app.');
}

function check(name: string, url: string): void {
  if (schema.shape.DATABASE_URL.safeParse(url).success) return;
  throw new StartError(`${name}: ${CURES.DATABASE_URL}`);
}

function placeOf(url: string): string {
  if (url.startsWith('file:')) return resolve(url.slice('file:'.length));
  const { host, pathname, searchParams } = new URL(url);
  return `${host} ${pathname} ${searchParams.get('host')} ${searchParams.get('options')}`;
}

async function open(name: string, url: string): Promise<Db> {
  try {
    return await openDatabase(url, console.log);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    throw new StartError(error.message.replace('DATABASE_URL', name));
  }
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(
    error instanceof StartError ? error.message : `Nothing was copied: ${error.message}`,
  );
  process.exit(1);
});
