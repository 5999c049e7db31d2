import { Router } from 'express';
import type { Deps } from '../app.ts';

/** GET /healthz: for load balancers. Answers under any host name; 503 if the database does not. */
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
