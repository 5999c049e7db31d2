import { StartError } from '../errors.ts';
import type { Db } from './database.ts';
import type { Dialect } from './dialects.ts';

// Times are milliseconds since 1970. Never change a step that has been released: add one.
const steps = ({ id, integer, strict }: Dialect): readonly (readonly string[])[] => [
  [
    `create table users (
      id ${id},
      email text not null unique,
      -- null: a user without a password, such as the demo user
      password_hash text,
      created_at ${integer} not null
    ) ${strict}`,
    `create table connections (
      id ${id},
      account_sid text not null unique,
      user_id ${integer} not null references users (id) on delete cascade,
      status text not null check (status in ('active', 'refused', 'disconnected', 'deauthorized')),
      owner_account_sid text,
      friendly_name text not null,
      connected_at ${integer} not null,
      changed_at ${integer} not null
    ) ${strict}`,
    'create index connections_user on connections (user_id)',
    `create table sessions (
      sid text not null primary key,
      -- null: signed out; kept until it expires, so that a request still under way cannot bring it back
      data text,
      expires_at ${integer} not null
    ) ${strict}`,
    'create index sessions_expiry on sessions (expires_at)',
  ],
  [
    // What the calls of a day add up to, as one connection reads an account: never a call, never a phone number.
    `create table call_totals (
      connection_id ${integer} not null references connections (id) on delete cascade,
      account_sid text not null,
      -- a UTC day, counted from 1 January 1970
      day ${integer} not null,
      -- when we began to ask Twilio for the day's calls
      read_at ${integer} not null,
      -- JSON, whole numbers only: see call-totals.ts
      totals text not null,
      primary key (connection_id, account_sid, day)
    ) ${strict}`,
  ],
  [
    `create table attempts (
      -- a hash of what is limited: an address or an e-mail
      key text not null primary key,
      count ${integer} not null,
      ends_at ${integer} not null
    ) ${strict}`,
    'create index attempts_end on attempts (ends_at)',
  ],
  [
    // Which accounts are being read for their call_totals, and what became of it: see scans.ts.
    `create table scans (
      connection_id ${integer} not null references connections (id) on delete cascade,
      account_sid text not null,
      connected_at ${integer} not null,
      holder text not null,
      status text not null check (status in ('running', 'stopped', 'failed')),
      twilio_status ${integer},
      asked_at ${integer} not null,
      -- then the row says nothing any more
      expires_at ${integer} not null,
      primary key (connection_id, account_sid)
    ) ${strict}`,
  ],
];

/** Every table with its key, in the order in which they can be filled: whom a row refers to comes before it. */
export const TABLES: Readonly<Record<string, readonly string[]>> = {
  users: ['id'],
  connections: ['id'],
  sessions: ['sid'],
  call_totals: ['connection_id', 'account_sid', 'day'],
  attempts: ['key'],
  scans: ['connection_id', 'account_sid'],
};

/** Brings the tables up to date, once, also when several processes start together. */
export async function migrate({
  dialect,
  transaction,
}: Pick<Db, 'dialect' | 'transaction'>): Promise<void> {
  const all = steps(dialect);
  await transaction(async ({ query }) => {
    for (const statement of dialect.lock) await query(statement);
    const { integer, strict } = dialect;
    await query(
      `create table if not exists schema_version (version ${integer} not null) ${strict}`,
    );
    const [row] = await query<{ version: number }>('select version from schema_version');
    if (!row) await query('insert into schema_version (version) values (0)');
    const version = row?.version ?? 0;
    if (version > all.length) {
      throw new StartError(
        `DATABASE_URL: the database was made by a newer version of this app (${version}, this one knows ${all.length}). Start that version, or name another database.`,
      );
    }
    for (const statement of all.slice(version).flat()) await query(statement);
    await query('update schema_version set version = $1', [all.length]);
  });
}
