import type { AccountDirectory, Listing } from '../twilio/account-directory.ts';
import { LISTED_AT_MOST } from '../twilio/accounts.ts';
import { explainTwilioError } from '../twilio/explain-error.ts';
import type { Choice } from './choose-account.ts';
import { type CustomerAccount, customerAccount, customerAccounts } from './customer-accounts.ts';
import type { CallPage } from './list.ts';

/** Reads what a page shows of an account's calls: what was asked for, or the newest. */
type Read<T> = (accountSid: string, which?: 'newest') => Promise<T>;

export interface Opened<T> {
  account: CustomerAccount;
  /** All accounts of the customer that we know, for the picker. */
  accounts: CustomerAccount[];
  page: T;
  /** The main account was wanted but may not be read, so this is the authorized one. */
  fellBack: boolean;
}

export type OpenedCalls = Opened<CallPage>;

/**
 * Reads the calls of the chosen account. The list of accounts is asked for beside the calls, not before them: so the
 * main account is tried first, and its Connect subaccount only where the main one turns out to be closed to us.
 */
export async function openCalls<T>(
  { connection, accountSid }: Choice,
  read: Read<T>,
  directory: AccountDirectory,
  secret: string,
): Promise<Opened<T>> {
  const { accountSid: authorized, ownerAccountSid: main } = connection;
  const wanted = accountSid ?? main ?? authorized;
  const isMain = wanted === main && main !== authorized;
  const known = directory.known(connection);
  const first = isMain && known && hides(known, main) ? authorized : wanted;

  const [calls, listing] = await Promise.all([settle(read(first)), directory.list(connection)]);
  const retreat = isMain && first === main && (hides(listing, main) || isRefusal(calls.error));
  if (!retreat && !calls.page) throw calls.error;

  const shown = retreat ? authorized : first;
  const page = retreat || !calls.page ? await read(authorized, 'newest') : calls.page;
  const accounts = customerAccounts(connection, listing.accounts, secret);
  const unnamed = { sid: shown, friendlyName: 'Account without a name' };
  return {
    account:
      accounts.find(({ sid }) => sid === shown) ?? customerAccount(connection, unnamed, secret),
    accounts,
    page,
    fellBack: shown !== wanted,
  };
}

// A list of full length may go on; a shorter one says which accounts there are.
function hides({ accounts }: Listing, accountSid: string): boolean {
  return (
    accounts !== undefined &&
    accounts.length < LISTED_AT_MOST &&
    !accounts.some(({ sid }) => sid === accountSid)
  );
}

function isRefusal(error: unknown): boolean {
  return error !== undefined && ['refused', 'not-found'].includes(explainTwilioError(error).kind);
}

async function settle<T>(reading: Promise<T>): Promise<{ page?: T; error?: unknown }> {
  return reading.then(
    (page) => ({ page }),
    (error: unknown) => ({ error }),
  );
}
