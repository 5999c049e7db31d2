import type { Db } from './database.ts';

/** The session's text, or undefined if there is none or it has expired. */
export async function readSession(db: Db, sid: string, now: number): Promise<string | undefined> {
  const sql = 'select data from sessions where sid = $1 and expires_at > $2';
  const [row] = await db.query<{ data: string }>(sql, [sid, now]);
  return row?.data;
}

export async function writeSession(
  db: Db,
  session: { sid: string; data: string; expiresAt: number },
): Promise<void> {
  await db.query(
    `insert into sessions (sid, data, expires_at) values ($1, $2, $3)
     on conflict (sid) do update set data = excluded.data, expires_at = excluded.expires_at`,
    [session.sid, session.data, session.expiresAt],
  );
}

export async function deleteSession(db: Db, sid: string): Promise<void> {
  await db.query('delete from sessions where sid = $1', [sid]);
}

export async function deleteExpiredSessions(db: Db, now: number): Promise<void> {
  await db.query('delete from sessions where expires_at <= $1', [now]);
}
