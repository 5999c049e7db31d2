import type { Db } from './database.ts';

/**
 * A customer's account that a user connected. Only `deauthorized`, by a signed word of Twilio, frees it for another
 * user. `disconnected` does not: Twilio still lets us in. Nor does `refused`, what we conclude from a 401 or 403: a
 * mistake in our own Auth Token looks the same.
 */
export interface Connection {
  id: number;
  accountSid: string;
  userId: number;
  status: 'active' | 'refused' | 'disconnected' | 'deauthorized';
  /** The account above the authorized one: the customer's main account. */
  ownerAccountSid: string | null;
  friendlyName: string;
  connectedAt: number;
  changedAt: number;
}

const COLUMNS = `id, account_sid as "accountSid", user_id as "userId", status, owner_account_sid as "ownerAccountSid",
  friendly_name as "friendlyName", connected_at as "connectedAt", changed_at as "changedAt"`;

export async function findConnection(db: Db, accountSid: string): Promise<Connection | undefined> {
  const sql = `select ${COLUMNS} from connections where account_sid = $1`;
  const [row] = await db.query<Connection>(sql, [accountSid]);
  return row;
}

/** A user's connections, the newest first. */
export async function listConnections(db: Db, userId: number): Promise<Connection[]> {
  const sql = `select ${COLUMNS} from connections where user_id = $1 order by connected_at desc, id desc`;
  return db.query<Connection>(sql, [userId]);
}

/** The active connections of all users, the newest first, `limit` of them at most. */
export async function listActiveConnections(db: Db, limit: number): Promise<Connection[]> {
  const sql = `select ${COLUMNS} from connections where status = 'active'
    order by connected_at desc, id desc limit $1`;
  return db.query<Connection>(sql, [limit]);
}

/**
 * Stores the account for this user: one statement, so that two claims at once cannot both win.
 * Undefined if the account belongs to another user.
 */
export async function claimConnection(
  db: Db,
  claim: Pick<Connection, 'accountSid' | 'userId' | 'ownerAccountSid' | 'friendlyName'> & {
    now: number;
  },
): Promise<Connection | undefined> {
  const [row] = await db.query<Connection>(
    `insert into connections
       (account_sid, user_id, status, owner_account_sid, friendly_name, connected_at, changed_at)
     values ($1, $2, 'active', $3, $4, $5, $5)
     on conflict (account_sid) do update set
       user_id = excluded.user_id, status = 'active', owner_account_sid = excluded.owner_account_sid,
       friendly_name = excluded.friendly_name, connected_at = excluded.connected_at,
       changed_at = excluded.changed_at
     where connections.user_id = excluded.user_id or connections.status = 'deauthorized'
     returning ${COLUMNS}`,
    [claim.accountSid, claim.userId, claim.ownerAccountSid, claim.friendlyName, claim.now],
  );
  return row;
}

/**
 * Ends a connection from our side, and deletes what was added up through it. Gives the connection as it is now (one that
 * Twilio has ended stays so), or undefined if this user has no such connection.
 */
export async function disconnect(
  db: Db,
  connection: { id: number; userId: number; now: number },
): Promise<Connection | undefined> {
  return db.transaction(async (inside) => {
    const [row] = await inside.query<Connection>(
      `update connections
       set changed_at = case when status in ('active', 'refused') then $3 else changed_at end,
           status = case when status in ('active', 'refused') then 'disconnected' else status end
       where id = $1 and user_id = $2
       returning ${COLUMNS}`,
      [connection.id, connection.userId, connection.now],
    );
    if (row) await forgetCalls(inside, row.id);
    return row;
  });
}

/**
 * Twilio told us that its customer revoked our access: deletes what was added up through the connection. Says whether
 * that was news.
 */
export async function markDeauthorized(db: Db, accountSid: string, now: number): Promise<boolean> {
  return db.transaction(async (inside) => {
    const [row] = await inside.query<{ id: number }>(
      `update connections set status = 'deauthorized', changed_at = $2
       where account_sid = $1 and status <> 'deauthorized' returning id`,
      [accountSid, now],
    );
    if (row) await forgetCalls(inside, row.id);
    return row !== undefined;
  });
}

async function forgetCalls({ query }: Pick<Db, 'query'>, id: number): Promise<void> {
  await query('delete from call_totals where connection_id = $1', [id]);
  await query('delete from scans where connection_id = $1', [id]);
}

/** Twilio's API refuses an account that was active, or lets us into it again. */
export async function markReadable(
  db: Db,
  { accountSid }: Connection,
  readable: boolean,
  now: number,
): Promise<void> {
  await db.query(
    `update connections set status = $2, changed_at = $3
     where account_sid = $1 and status <> $2 and status in ('active', 'refused')`,
    [accountSid, readable ? 'active' : 'refused', now],
  );
}
