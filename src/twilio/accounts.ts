import type { Twilio } from 'twilio';
import { withDeadline } from './deadline.ts';
import {
  explainTwilioError,
  problem,
  type TwilioProblem,
  TwilioUnreachable,
} from './explain-error.ts';

/** As many accounts as the API gives at once: a list of this length may go on. */
export const LISTED_AT_MOST = 1000;

/** What we take of an account. The API also sends its auth_token, which never leaves this file. */
export interface Account {
  sid: string;
  friendlyName: string;
  /** active, suspended or closed */
  status: string;
  ownerAccountSid: string | null;
}

type Instance = Awaited<ReturnType<ReturnType<Twilio['api']['v2010']['accounts']>['fetch']>>;

export type Probe =
  | { account: Account; problem?: never }
  | { problem: TwilioProblem; account?: never };

/**
 * Asks Twilio whether we may act for this account. Only an answer that names this very account, active, counts.
 * Gives up after `limitMs` milliseconds. Never rejects.
 * https://www.twilio.com/docs/iam/api/account#fetch-an-account-resource
 */
export async function probeAccount(
  client: Twilio,
  accountSid: string,
  limitMs = 9_000,
): Promise<Probe> {
  try {
    const answer = client.api.v2010.accounts(accountSid).fetch();
    const account = take(await withDeadline(performance.now() + limitMs, answer));
    if (account.sid !== accountSid) throw new TwilioUnreachable('another account in the answer');
    if (account.status !== 'active') return { problem: problem('inactive') };
    return { account };
  } catch (error) {
    return { problem: explainTwilioError(error) };
  }
}

/**
 * The customer's accounts, as far as our permissions show them: all of them with "Read all account data", the first
 * thousand of them here. https://www.twilio.com/docs/iam/connect
 */
export async function listAccounts(client: Twilio): Promise<Account[]> {
  const page = await client.api.v2010.accounts.page({ pageSize: LISTED_AT_MOST });
  return page.instances.map(take);
}

function take({ sid, friendlyName, status, ownerAccountSid }: Instance): Account {
  return {
    sid,
    // Its owner writes it; a control character has no place in a name, nor in PostgreSQL.
    friendlyName: friendlyName?.replace(/\p{Cc}+/gu, ' ').trim() || 'Unnamed account',
    status,
    ownerAccountSid: ownerAccountSid || null,
  };
}
