import { Router } from 'express';
import type { Deps } from '../deps.ts';

/**
 * GET /healthz: a load balancer or a supervisor asks here whether this process can serve. It may use any host name, has
 * no session and gets no page: 200 if the database answers, 503 if not. Twilio is not asked.
 */
export function healthzRoutes({ db, log }: Deps): Router {
  const router = Router();
  router.get('/healthz', async (_req, res) => {
    try {
      await db.query('select 1 as one');
      res.json({ status: 'ok' });
    } catch (error) {
      log.error({ err: error }, 'the database does not answer');
      res.status(503).json({ status: 'the database does not answer' });
    }
  });
  return router;
}
