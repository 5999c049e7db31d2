import { accountKey } from '../connect/account-sid.ts';
import type { Connection } from '../database/connections.ts';
import { PageError } from '../errors.ts';
import type { AccountDirectory } from '../twilio/account-directory.ts';

/** Whose calls are wanted. Without an AccountSid: the customer's main account, if it may be read. */
export interface Choice {
  connection: Connection;
  accountSid?: string;
}

/**
 * Finds the account that `key` from our URL names among those that this user's connections reach. Twilio is asked
 * only for a key that is neither an authorized nor a main account.
 * @throws PageError (404) if it is none of them
 */
export async function chooseAccount(
  connections: readonly Connection[],
  key: string,
  directory: AccountDirectory,
  secret: string,
): Promise<Choice> {
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
  const listings = await Promise.all(connections.map((connection) => directory.list(connection)));
  for (const [index, connection] of connections.entries()) {
    const sids = (listings[index] ?? []).map(({ sid }) => sid);
    const found = match(connection, sids);
    if (found) return found;
  }
  throw new PageError(
    404,
    'That is not one of your accounts',
    'The link may be old, or from another user. Open “My app” and choose an account there.',
  );
}
