import { Router } from 'express';
import type { Deps } from '../deps.ts';
import { identify, isNonce } from '../identity.ts';

/**
 * GET /healthz: a load balancer or a supervisor asks here whether this process can serve. It may use any host name, has
 * no session and gets no page: 200 if the database answers, 503 if not. Twilio is not asked. With ?nonce= (from
 * `npm run doctor`) the answer also shows, to those who have our session secret, which app this is.
 */
export function healthzRoutes({ config, db, log }: Deps): Router {
  const router = Router();
  router.get('/healthz', async (req, res) => {
    const { nonce } = req.query;
    if (nonce !== undefined && !isNonce(nonce)) {
      res.status(400).json({ status: 'nonce: send 16 to 64 letters, digits, _ or -, once' });
      return;
    }
    const proxies = req.get('X-Forwarded-For')?.split(',').length ?? 0;
    const identity = nonce && identify(config, nonce, proxies);
    try {
      await db.query('select 1 as one');
      res.json({ status: 'ok', ...(identity && { identity }) });
    } catch (error) {
      log.error({ err: error }, 'the database does not answer');
      res.status(503).json({ status: 'the database does not answer' });
    }
  });
  return router;
}
