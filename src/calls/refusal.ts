import type { Twilio } from 'twilio';
import { type Connection, markDeauthorized } from '../database/connections.ts';
import type { Db } from '../database/database.ts';
import { probeAccount } from '../twilio/accounts.ts';
import type { TwilioProblem } from '../twilio/explain-error.ts';

const ONLY_THIS_ACCOUNT = {
  status: 403,
  title: 'Twilio does not let us read this account',
  message:
    'The connection itself works. The account may be suspended, or “Read all account data” was not allowed. Open “My app” and choose another account.',
};

/**
 * One of a customer's accounts was refused (401 or 403). Asks for the authorized account itself: only if that is
 * refused too has Twilio let go of us, perhaps with a Deauthorize request that got lost, and the connection is marked.
 * Gives the page that says which of the two it was.
 */
export async function confirmRefusal(
  db: Db,
  client: Twilio,
  { accountSid }: Connection,
  problem: TwilioProblem,
  { now, limitMs }: { now: number; limitMs: number },
): Promise<TwilioProblem['page']> {
  const probe = await probeAccount(client, accountSid, limitMs);
  if (probe.account) return ONLY_THIS_ACCOUNT;
  if (probe.problem.kind === 'refused') await markDeauthorized(db, accountSid, now);
  return problem.page;
}
