import type { Db } from './database.ts';

/**
 * Counts an attempt. The first one opens a window of `windowMs`, and the first one after its end a new one; so does the
 * first one after the clock was set back, or a window could last for as long as that. Gives how many the window has now,
 * and when it ends.
 */
export async function countAttempt(
  db: Db,
  attempt: { key: string; now: number; windowMs: number },
): Promise<{ count: number; endsAt: number }> {
  const [row] = await db.query<{ count: number; endsAt: number }>(
    `insert into attempts (key, count, ends_at) values ($1, 1, $3)
     on conflict (key) do update set
       count = case when attempts.ends_at > $2 and attempts.ends_at <= $3 then attempts.count + 1 else 1 end,
       ends_at = case when attempts.ends_at > $2 and attempts.ends_at <= $3 then attempts.ends_at else $3 end
     returning count, ends_at as "endsAt"`,
    [attempt.key, attempt.now, attempt.now + attempt.windowMs],
  );
  return row ?? { count: 0, endsAt: 0 };
}

/** It turned out to be none that counts. */
export async function forgetAttempt(db: Db, key: string): Promise<void> {
  await db.query('update attempts set count = count - 1 where key = $1 and count > 0', [key]);
}

export async function deleteEndedAttempts(db: Db, now: number): Promise<void> {
  await db.query('delete from attempts where ends_at <= $1', [now]);
}
