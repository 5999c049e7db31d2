import express, { type RequestHandler, Router } from 'express';
import { type Faults, readFault } from './faults.ts';

/**
 * GET /faults: what is set, how many requests it is left for, how many it has met, as JSON.
 * POST /faults: sets a fault: `fault`, `times`, `retry-after` (seconds), `wait` (milliseconds), as a form or JSON.
 * DELETE /faults, and for forms POST /faults/clear: the API answers again.
 * A browser is led back to the panel that sent its form; everyone else gets the state.
 */
export function faultsPanel(faults: Faults): Router {
  const router = Router();
  const tellState: RequestHandler = (_req, res) => void res.json(faults.state());
  const afterChange: RequestHandler = (req, res) => {
    if (req.accepts(['json', 'html']) === 'json') return void res.json(faults.state());
    return res.redirect(303, `${res.locals.base}/#faults`);
  };
  const set: RequestHandler = (req, _res, next) => {
    faults.set(readFault(req.body ?? {}));
    next();
  };
  const clear: RequestHandler = (_req, _res, next) => {
    faults.clear();
    next();
  };

  router.get('/faults', tellState);
  router.post('/faults', express.urlencoded({ extended: false }), express.json(), set, afterChange);
  router.delete('/faults', clear, afterChange);
  router.post('/faults/clear', clear, afterChange);
  return router;
}
