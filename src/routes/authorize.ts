import { type Request, type Response, Router } from 'express';
import { readCallback } from '../connect/callback.ts';
import { connectUrl } from '../connect/connect-url.ts';
import { type Refusal, refusals } from '../connect/refusals.ts';
import { claimConnection, findConnection } from '../database/connections.ts';
import type { Deps } from '../deps.ts';
import { type Notice, setNotice } from '../notice.ts';
import { connectState, currentUser, spendState } from '../session.ts';
import { probeAccount } from '../twilio/accounts.ts';

/**
 * GET /twilio/authorize: the Authorize URL of our Connect App. Twilio sends the browser here from its consent page,
 * with AccountSid and the state of our button; after "decline" with error=unauthorized_client instead. We check, ask
 * Twilio whether we may really act for that account, keep the AccountSid for the signed-in user, and go on to /myapp,
 * so that the AccountSid does not stay in the address bar. https://www.twilio.com/docs/iam/connect
 *
 * Connect has no code to exchange and does not sign this request: anyone can send it with somebody else's AccountSid.
 * So `state` says who pressed our button, and an account that belongs to one user is never given to another.
 */
export function authorizeRoutes({ db, twilio, log, now }: Deps): Router {
  const router = Router();

  router.get('/twilio/authorize', async (req, res) => {
    const { connectState: expected, spentState: spent } = req.session;
    const userId = currentUser(req)?.id;
    const callback = readCallback(req.query, { userId, state: expected, spent }, now());

    if (callback.outcome === 'declined') {
      if (callback.state) await spendState(req, callback.state, now());
      return goOn(res, '/myapp', 'declined');
    }
    if (callback.outcome === 'signed-out') return goOn(res, '/sign-in', 'signed-out');
    if (!('accountSid' in callback)) return refuse(req, res, callback.outcome);

    const { accountSid } = callback;
    const known = await findConnection(db, accountSid);
    const isMine = known?.userId === callback.userId;
    if (callback.outcome === 'repeated') {
      const isConnected = isMine && known.status === 'active';
      return isConnected ? goOn(res, '/myapp', 'repeated') : refuse(req, res, 'state-used');
    }

    const refuseTaken = () => {
      log.warn({ accountSid, userId }, 'an account of another user was claimed');
      return refuse(req, res, 'taken', callback.state);
    };
    if (known && !isMine && known.status !== 'deauthorized') return refuseTaken();

    // Our Auth Token opens our own account to anyone who names it; that is no customer's consent.
    if (accountSid === twilio.settings.accountSid) {
      return refuse(req, res, 'twilio-refused', callback.state);
    }
    const client = await twilio.customerClient(accountSid);
    const { account, problem } = await probeAccount(client, accountSid);
    if (problem?.mayPass) return refuse(req, res, 'twilio-unreachable');
    if (problem) return refuse(req, res, 'twilio-refused', callback.state);

    const { ownerAccountSid, friendlyName } = account;
    const claim = {
      accountSid,
      userId: callback.userId,
      ownerAccountSid,
      friendlyName,
      now: now(),
    };
    // First, so that of two callbacks at once with two accounts one is refused: a state connects one account.
    const spending = await spendState(req, callback.state, now(), accountSid);
    if (spending === 'signed-out') return goOn(res, '/sign-in', 'signed-out');
    if (spending === 'used') return refuse(req, res, 'state-used');
    const connection = await claimConnection(db, claim);
    if (!connection) return refuseTaken();
    log.info({ connection: connection.id, userId }, 'connected');
    return goOn(res, '/myapp', isMine ? 'reconnected' : 'connected');
  });

  function goOn(res: Response, path: string, notice: Notice): void {
    setNotice(res, notice);
    res.redirect(303, path);
  }

  // A final refusal spends the state; without one, the same callback may still succeed.
  async function refuse(req: Request, res: Response, refusal: Refusal, state?: string) {
    if (state) await spendState(req, state, now());
    const { status, ...texts } = refusals[refusal];
    const signedIn = currentUser(req) !== undefined;
    const button = signedIn && connectUrl(twilio.settings, connectState(req, now()));
    res.status(status).render('error', { ...texts, connectUrl: button });
  }

  return router;
}
