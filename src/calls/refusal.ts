import type { Twilio } from 'twilio';
import { type Connection, markReadable } from '../database/connections.ts';
import type { Deps } from '../deps.ts';
import { DatabaseUnwritable } from '../errors.ts';
import { probeAccount } from '../twilio/accounts.ts';
import { problem, type TwilioProblem } from '../twilio/explain-error.ts';

type Marking = Pick<Deps, 'db' | 'log' | 'now'>;

const ONLY_THIS_ACCOUNT = {
  status: 403,
  title: 'Twilio does not let us read this account',
  message:
    'The connection itself works. The account may be suspended, or “Read all account data” was not allowed. Open “Calls” and choose another account.',
};

/**
 * One of a customer's accounts was refused (401 or 403). Asks for the authorized account itself: only if that is
 * refused too is it us whom Twilio refuses. Gives the page that says which of the two it was.
 */
export async function confirmRefusal(
  ...asked: Parameters<typeof checkConnection>
): Promise<TwilioProblem['page']> {
  return (await checkConnection(...asked)) ?? ONLY_THIS_ACCOUNT;
}

/**
 * Asks Twilio for the authorized account, for `limitMs` milliseconds at most, and marks the connection by the answer.
 * Its claim stays: see Connection. Gives the page for a visitor whom Twilio does not let in.
 */
export async function checkConnection(
  deps: Marking,
  client: Twilio,
  connection: Connection,
  limitMs: number,
): Promise<TwilioProblem['page'] | undefined> {
  const probe = await probeAccount(client, connection.accountSid, limitMs);
  if (probe.account) {
    await noteReadable(deps, connection, true);
    return undefined;
  }
  if (probe.problem.kind === 'inactive' || probe.problem.mayPass) return probe.problem.page;
  if (probe.problem.kind === 'refused') await noteReadable(deps, connection, false);
  return problem('refused').page;
}

/** Marks the connection by what Twilio answered. Where nothing can be written, the page is shown all the same. */
export async function noteReadable(
  { db, log, now }: Marking,
  connection: Connection,
  isReadable: boolean,
): Promise<void> {
  try {
    await markReadable(db, connection, isReadable, now());
  } catch (err) {
    if (!(err instanceof DatabaseUnwritable)) throw err;
    log.error({ err, connection: connection.id, isReadable }, 'a connection could not be marked');
  }
}
