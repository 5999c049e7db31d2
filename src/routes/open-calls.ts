import type { Request, Response } from 'express';
import type { Twilio } from 'twilio';
import { chooseAccount, usableConnections } from '../calls/choose-account.ts';
import { readOne } from '../calls/filters.ts';
import { type Opened, openCalls } from '../calls/open.ts';
import { confirmRefusal, noteReadable } from '../calls/refusal.ts';
import { connectUrl } from '../connect/connect-url.ts';
import { listConnections } from '../database/connections.ts';
import type { User } from '../database/users.ts';
import type { Deps } from '../deps.ts';
import { PageError } from '../errors.ts';
import { setNotice } from '../notice.ts';
import { connectState } from '../session.ts';
import type { AccountDirectory } from '../twilio/account-directory.ts';
import { withDeadline } from '../twilio/deadline.ts';
import { explainTwilioError, problem, type TwilioProblem } from '../twilio/explain-error.ts';

// A page answers within 10 seconds: so long for reading, the rest for asking whether we may read at all.
const READING_MS = 7_000;
const PROBING_MS = 2_000;

interface Wanted {
  /** Acts for the connection that the account belongs to. */
  client: Twilio;
  accountSid: string;
  /** Not what was asked for but the newest calls: this account stands in for another one. */
  which?: 'newest' | undefined;
  /** The time, by performance.now(), by which an answer is due. */
  until: number;
}

/**
 * What GET /calls, /calls/export and /calls.csv begin with. `account` names one of the customer's accounts; without it,
 * the main account of the newest connection opens. Whichever we read, we ask as (the AccountSid that was authorized,
 * our own Auth Token): https://www.twilio.com/docs/iam/connect. Where nothing may be read, a page says why.
 */
export function callsOpener(deps: Deps, directory: AccountDirectory) {
  const { config, db, twilio, log, now } = deps;
  const [secret = ''] = config.sessionSecrets;

  /** Gives what was read, and of which account; undefined if the visitor has been answered already. */
  async function open<T>(
    req: Request,
    res: Response,
    user: User,
    read: (wanted: Wanted) => Promise<T>,
  ): Promise<Opened<T> | undefined> {
    const key = readOne(req.query, 'account');
    const connections = usableConnections(await listConnections(db, user.id));
    if (connections.length === 0) {
      setNotice(res, 'connect-first');
      res.redirect(303, '/myapp');
      return undefined;
    }

    const until = performance.now() + READING_MS;
    const choice = await chooseAccount(connections, key, directory, secret, until);
    const { connection } = choice;
    if (connection.status === 'deauthorized') return refuse(req, res, problem('refused').page);

    const client = await twilio.customerClient(connection.accountSid);
    let opened: Opened<T>;
    try {
      if (choice.error) throw choice.error;
      const readAccount = (accountSid: string, which?: 'newest') =>
        read({ client, accountSid, which, until });
      const opening = openCalls(choice, readAccount, directory, secret);
      opened = await withDeadline(until, opening);
    } catch (error) {
      // Whoever asked has left: that may be all that ended the reading.
      if (res.closed) return undefined;
      const { kind, status, code, page } = explainTwilioError(error);
      log.warn({ kind, status, code }, 'no calls');
      if (kind !== 'refused') throw new PageError(page.status, page.title, page.message);
      return refuse(req, res, await confirmRefusal(deps, client, connection, PROBING_MS));
    }
    if (connection.status === 'refused') await noteReadable(deps, connection, true);
    return opened;
  }

  function refuse(req: Request, res: Response, page: TwilioProblem['page']): undefined {
    const button = connectUrl(twilio.settings, connectState(req, now()));
    res.status(page.status).render('error', { ...page, connectUrl: button });
    return undefined;
  }

  return open;
}
