import type { Db } from './database.ts';

export interface User {
  id: number;
  email: string;
}

/** The new user, or undefined if the e-mail address has an account already. */
export async function createUser(
  db: Db,
  user: { email: string; passwordHash: string | null; now: number },
): Promise<User | undefined> {
  const [row] = await db.query<User>(
    `insert into users (email, password_hash, created_at) values ($1, $2, $3)
     on conflict (email) do nothing
     returning id, email`,
    [user.email, user.passwordHash, user.now],
  );
  return row;
}

export async function findUser(
  db: Db,
  email: string,
): Promise<(User & { passwordHash: string | null }) | undefined> {
  const [row] = await db.query<User & { passwordHash: string | null }>(
    'select id, email, password_hash as "passwordHash" from users where email = $1',
    [email],
  );
  return row;
}
