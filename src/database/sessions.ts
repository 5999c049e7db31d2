import type { Db } from './database.ts';

/** The session's text, or undefined if there is none, or it has expired, or ended by signing out. */
export async function readSession(db: Db, sid: string, now: number): Promise<string | undefined> {
  const sql = 'select data from sessions where sid = $1 and expires_at > $2';
  const [row] = await db.query<{ data: string | null }>(sql, [sid, now]);
  return row?.data ?? undefined;
}

/** Stores a session, but for one that has ended meanwhile: a slow request must not sign its user in again. */
export async function writeSession(
  db: Db,
  session: { sid: string; data: string; expiresAt: number },
): Promise<void> {
  await db.query(
    `insert into sessions (sid, data, expires_at) values ($1, $2, $3)
     on conflict (sid) do update set data = excluded.data, expires_at = excluded.expires_at
     where sessions.data is not null`,
    [session.sid, session.data, session.expiresAt],
  );
}

export async function endSession(db: Db, sid: string): Promise<void> {
  await db.query('update sessions set data = null where sid = $1', [sid]);
}

export async function deleteExpiredSessions(db: Db, now: number): Promise<void> {
  await db.query('delete from sessions where expires_at <= $1', [now]);
}
