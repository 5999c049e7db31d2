import { type Request, type Response, Router } from 'express';
import { chooseAccount, usableConnections } from '../calls/choose-account.ts';
import { newestPage, readFilters, readOne, readPageRequest } from '../calls/filters.ts';
import { listCalls } from '../calls/list.ts';
import { type OpenedCalls, openCalls } from '../calls/open.ts';
import { confirmRefusal } from '../calls/refusal.ts';
import { callsView } from '../calls/view.ts';
import { connectUrl } from '../connect/connect-url.ts';
import { listConnections, markReadable } from '../database/connections.ts';
import type { Deps } from '../deps.ts';
import { PageError } from '../errors.ts';
import { setNotice } from '../notice.ts';
import { connectState, requireUser } from '../session.ts';
import type { AccountDirectory } from '../twilio/account-directory.ts';
import { withDeadline } from '../twilio/deadline.ts';
import { explainTwilioError, problem, type TwilioProblem } from '../twilio/explain-error.ts';

// A page answers within 10 seconds: so long for reading, the rest for asking whether we may read at all.
const READING_MS = 7_000;
const PROBING_MS = 2_500;

/**
 * GET /calls: the customer's calls, what they connected their account for. `account` names one of their accounts;
 * without it, the main account of the newest connection opens. Whichever we read, we ask as (the AccountSid that was
 * authorized, our own Auth Token): https://www.twilio.com/docs/iam/connect
 */
export function callsRoutes(
  { config, db, twilio, log, now }: Deps,
  directory: AccountDirectory,
): Router {
  const router = Router();
  const [secret = ''] = config.sessionSecrets;

  const calls = requireUser(async (req, res, user) => {
    const filters = readFilters(req.query);
    const pageRequest = readPageRequest(req.query);
    const key = readOne(req.query, 'account');
    const connections = usableConnections(await listConnections(db, user.id));
    if (connections.length === 0) {
      setNotice(res, 'connect-first');
      return res.redirect(303, '/myapp');
    }

    const until = Date.now() + READING_MS;
    const choice = await chooseAccount(connections, key, directory, secret, until);
    const { connection } = choice;
    if (connection.status === 'deauthorized') return refuse(req, res, problem('refused').page);

    const client = twilio.customerClient(connection.accountSid);
    const read = (accountSid: string, which?: 'newest') =>
      listCalls(client, accountSid, filters, which ? newestPage(pageRequest) : pageRequest);
    let opened: OpenedCalls;
    try {
      if (choice.error) throw choice.error;
      opened = await withDeadline(until, openCalls(choice, read, directory, secret));
    } catch (error) {
      const { kind, status, code, page } = explainTwilioError(error);
      log.warn({ kind, status, code }, 'no calls');
      if (kind !== 'refused') throw new PageError(page.status, page.title, page.message);
      return refuse(req, res, await confirmRefusal(db, client, connection, now(), PROBING_MS));
    }
    if (connection.status === 'refused') await markReadable(db, connection, true, now());
    return res.render('calls', callsView(opened, filters, pageRequest.size));
  });

  function refuse(req: Request, res: Response, page: TwilioProblem['page']): void {
    const button = connectUrl(twilio.settings, connectState(req, now()));
    res.status(page.status).render('error', { ...page, connectUrl: button });
  }

  router.get('/calls', calls);
  return router;
}
