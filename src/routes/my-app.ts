import { Router } from 'express';
import { analyticsUrl } from '../analytics/range.ts';
import { callsUrl } from '../calls/links.ts';
import { accountKey, maskAccountSids } from '../connect/account-sid.ts';
import { connectUrl } from '../connect/connect-url.ts';
import { disconnect, listConnections } from '../database/connections.ts';
import type { Deps } from '../deps.ts';
import { PageError } from '../errors.ts';
import { setNotice } from '../notice.ts';
import { connectState, requireUser } from '../session.ts';

/**
 * GET /myapp: where the Authorize URL leads to. Lists the accounts that this user has connected.
 * POST /connections/:id/disconnect: its "Disconnect" button. We forget nothing that Twilio knows: our access goes on
 * until the customer revokes it there, and the page says how.
 */
export function myAppRoutes({ config, db, twilio, now }: Deps): Router {
  const router = Router();
  const [secret = ''] = config.sessionSecrets;

  const myApp = requireUser(async (req, res, user) => {
    const connections = await listConnections(db, user.id);
    res.render('my-app', {
      connections: connections.map(({ accountSid, ...connection }) => {
        const key = accountKey(secret, user.id, connection.ownerAccountSid ?? accountSid);
        return {
          ...connection,
          masked: maskAccountSids(accountSid),
          callsUrl: callsUrl(key),
          analyticsUrl: analyticsUrl(key),
          connectedAt: new Date(connection.connectedAt).toISOString(),
        };
      }),
      connectUrl: connectUrl(twilio.settings, connectState(req, now())),
    });
  });

  const disconnectOne = requireUser(async (req, res, user) => {
    const id = /^\d{1,15}$/.test(String(req.params.id)) ? Number(req.params.id) : -1;
    const connection = await disconnect(db, { id, userId: user.id, now: now() });
    if (!connection)
      throw new PageError(404, 'You have no such connection', 'Open “My app” to see yours.');
    setNotice(res, connection.status === 'disconnected' ? 'disconnected' : 'ended');
    res.redirect(303, '/myapp');
  });

  router.get('/myapp', myApp);
  router.post('/connections/:id/disconnect', disconnectOne);
  return router;
}
