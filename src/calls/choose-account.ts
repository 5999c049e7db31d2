import { accountKey } from '../connect/account-sid.ts';
import type { Connection } from '../database/connections.ts';
import { PageError } from '../errors.ts';
import type { AccountDirectory, Listing } from '../twilio/account-directory.ts';
import { withDeadline } from '../twilio/deadline.ts';

/** Whose calls are wanted: an account behind a connection; without an AccountSid, the customer's main account. */
export interface Choice {
  connection: Connection;
  accountSid?: string;
  /** Why Twilio would not tell this connection's accounts, of which the wanted one may have been one. */
  error?: unknown;
}

/**
 * The connections whose calls can be asked for, the best first: active ones, then those that Twilio refused lately, then
 * those that it ended, which are only there to be explained.
 */
export function usableConnections(connections: readonly Connection[]): Connection[] {
  const withStatus = (status: string) => connections.filter((one) => one.status === status);
  return ['active', 'refused', 'deauthorized'].flatMap(withStatus);
}

/**
 * Finds the account that `key` from our URL names among those that the connections reach; without a key, the best
 * connection's main account. Twilio is asked, until the time `until`, only for a key that is neither an authorized nor a
 * main account.
 * @throws PageError (404) if it is none of them
 */
export async function chooseAccount(
  connections: readonly Connection[],
  key: string | undefined,
  directory: AccountDirectory,
  secret: string,
  until: number,
): Promise<Choice> {
  const [best] = connections;
  if (best && key === undefined) return { connection: best };

  const match = (connection: Connection, sids: readonly (string | null)[]) => {
    const isWanted = (sid: string | null) =>
      sid !== null && accountKey(secret, connection.userId, sid) === key;
    const accountSid = sids.find(isWanted);
    return accountSid ? { connection, accountSid } : undefined;
  };
  for (const connection of connections) {
    const found = match(connection, [connection.accountSid, connection.ownerAccountSid]);
    if (found) return found;
  }
  const open = connections.filter(({ status }) => status !== 'deauthorized');
  const ask = (connection: Connection) =>
    withDeadline(until, directory.list(connection)).catch((error: unknown) => ({ error }));
  const listings: Listing[] = await Promise.all(open.map(ask));
  let failed: Choice | undefined;
  for (const [index, connection] of open.entries()) {
    const { accounts = [], error } = listings[index] ?? {};
    const sids = accounts.map(({ sid }) => sid);
    const found = match(connection, sids);
    if (found) return found;
    if (error) failed = { connection, error };
  }
  if (failed) return failed;
  throw new PageError(
    404,
    'That is not one of your accounts',
    'The link may be old, or from another user. Open “Calls” and choose an account there.',
  );
}
