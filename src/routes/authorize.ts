import { type Request, type Response, Router } from 'express';
import type { Deps } from '../app.ts';
import { readCallback } from '../connect/callback.ts';
import { connectUrl } from '../connect/connect-url.ts';
import { type Refusal, refusals } from '../connect/refusals.ts';
import { claimConnection, findConnection } from '../database/connections.ts';
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
    const user = currentUser(req);
    const { connectState: state, spentState: spent } = req.session;
    const callback = readCallback(req.query, { signedIn: user !== undefined, state, spent }, now());

    if (callback.outcome === 'declined') {
      if (callback.spendsState) await spendState(req);
      return goOn(res, '/myapp', 'declined');
    }
    if (callback.outcome === 'repeated') return goOn(res, '/myapp', 'repeated');
    if (callback.outcome === 'signed-out' || !user) return goOn(res, '/sign-in', 'signed-out');
    if (callback.outcome !== 'verified') return refuse(req, res, callback.outcome);

    const { accountSid } = callback;
    const known = await findConnection(db, accountSid);
    const isTaken = known && known.userId !== user.id && known.status !== 'deauthorized';
    const probe = isTaken
      ? undefined
      : await probeAccount(twilio.customerClient(accountSid), accountSid);
    if (probe?.problem) {
      const isRefused = ['refused', 'not-found'].includes(probe.problem.kind);
      if (isRefused) await spendState(req);
      return refuse(req, res, isRefused ? 'twilio-refused' : 'twilio-unreachable');
    }
    const connection =
      probe &&
      (await claimConnection(db, {
        accountSid,
        userId: user.id,
        ownerAccountSid: probe.account.ownerAccountSid,
        friendlyName: probe.account.friendlyName,
        now: now(),
      }));
    if (!connection) {
      log.warn({ accountSid, userId: user.id }, 'an account of another user was claimed');
      await spendState(req);
      return refuse(req, res, 'taken');
    }
    await spendState(req, accountSid);
    log.info({ connection: connection.id, userId: user.id }, 'connected');
    return goOn(res, '/myapp', known?.userId === user.id ? 'reconnected' : 'connected');
  });

  function goOn(res: Response, path: string, notice: Notice): void {
    setNotice(res, notice);
    res.redirect(303, path);
  }

  function refuse(req: Request, res: Response, refusal: Refusal): void {
    const { status, ...texts } = refusals[refusal];
    const button = connectUrl(twilio.settings, connectState(req, now()));
    res.status(status).render('error', { ...texts, connectUrl: button });
  }

  return router;
}
