import { accountKey, maskAccountSids } from '../connect/account-sid.ts';
import type { Connection } from '../database/connections.ts';
import type { Account } from '../twilio/accounts.ts';

/** An account of a customer, as the picker shows it. `key` names it in our URLs. */
export interface CustomerAccount {
  sid: string;
  key: string;
  name: string;
  masked: string;
  /** Not suspended or closed, as far as Twilio says. */
  isOpen: boolean;
  role: 'main account' | 'Connect subaccount' | 'other account';
}

type Named = Pick<Account, 'sid' | 'friendlyName'> & { status?: string };

/**
 * The accounts behind a connection: those that Twilio lists for it, or, where it lists none, the one that was
 * authorized. The main account comes first.
 */
export function customerAccounts(
  connection: Connection,
  listed: readonly Named[] | undefined,
  secret: string,
): CustomerAccount[] {
  const authorized = { sid: connection.accountSid, friendlyName: connection.friendlyName };
  const others = (listed ?? []).filter((account) => account.sid !== authorized.sid);
  const accounts = [authorized, ...others].map((account) =>
    customerAccount(connection, account, secret),
  );
  return accounts.sort((a, b) => rank(a) - rank(b));
}

export function customerAccount(
  connection: Connection,
  { sid, friendlyName, status = 'active' }: Named,
  secret: string,
): CustomerAccount {
  const role =
    sid === connection.ownerAccountSid
      ? 'main account'
      : sid === connection.accountSid
        ? 'Connect subaccount'
        : 'other account';
  return {
    sid,
    key: accountKey(secret, connection.userId, sid),
    name: friendlyName,
    masked: maskAccountSids(sid),
    isOpen: status === 'active',
    role,
  };
}

function rank({ role }: CustomerAccount): number {
  return role === 'main account' ? 0 : role === 'Connect subaccount' ? 1 : 2;
}
