import { readAccountSid } from './account-sid.ts';
import { type ConnectState, sameState, verifyState } from './state.ts';

/** What the visitor's session knows when Twilio sends them back. */
export interface Expectation {
  userId?: number | undefined;
  state?: ConnectState | undefined;
  /** The state that was spent last, and the account it connected, if it did. */
  spent?: SpentState | undefined;
}

export interface SpentState {
  value: string;
  accountSid?: string | undefined;
}

/** Everything a request to the Authorize URL can mean, before the database and Twilio are asked. */
export type Callback =
  | { outcome: 'verified'; accountSid: string; userId: number; state: string }
  | { outcome: 'repeated'; accountSid: string; userId: number }
  | { outcome: 'declined'; state: string | undefined }
  | { outcome: 'signed-out' }
  | { outcome: CallbackRefusal };

export type CallbackRefusal =
  | 'unknown-error'
  | 'state-missing'
  | 'state-mismatched'
  | 'state-expired'
  | 'state-used'
  | 'account-sid-missing'
  | 'account-sid-malformed'
  | 'account-sid-repeated';

/** Names what happened, in the order that matters: declined, signed out, state, AccountSid. */
export function readCallback(
  query: Record<string, unknown>,
  { userId, state, spent }: Expectation,
  now: number,
): Callback {
  const verdict = verifyState(now, state, query.state);

  // A customer who declines comes back with `error` and, by Twilio's page, nothing else: no state to ask for.
  if (query.error === 'unauthorized_client') {
    return { outcome: 'declined', state: verdict === 'valid' ? String(query.state) : undefined };
  }
  if (query.error !== undefined) return { outcome: 'unknown-error' };
  if (userId === undefined) return { outcome: 'signed-out' };

  const account = readAccount(query.AccountSid);
  if (isSpent(spent, query.state)) {
    const isAgain = 'accountSid' in account && account.accountSid === spent.accountSid;
    return isAgain ? { outcome: 'repeated', userId, ...account } : { outcome: 'state-used' };
  }
  if (verdict !== 'valid') return { outcome: `state-${verdict}` };
  if (!('accountSid' in account)) return account;
  return { outcome: 'verified', userId, state: String(query.state), ...account };
}

function isSpent(spent: SpentState | undefined, given: unknown): spent is SpentState {
  return spent !== undefined && sameState(spent.value, given);
}

function readAccount(value: unknown): { accountSid: string } | { outcome: CallbackRefusal } {
  if (Array.isArray(value)) return { outcome: 'account-sid-repeated' };
  if (value === undefined || value === '') return { outcome: 'account-sid-missing' };
  const accountSid = typeof value === 'string' ? readAccountSid(value) : undefined;
  return accountSid ? { accountSid } : { outcome: 'account-sid-malformed' };
}
