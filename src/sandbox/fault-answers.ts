import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { ApiError, forbidden, notFound, unauthenticated } from './api-error.ts';
import type { Fault, FaultName, Faults } from './faults.ts';

/** Lets a request meet the fault that is set, if there is one for it. */
export function serveFaults(faults: Faults): RequestHandler {
  return (req, res, next) => {
    const fault = faults.take();
    if (!fault) return next();
    if (fault['retry-after'] !== null) res.set('Retry-After', String(fault['retry-after']));
    return ANSWERS[fault.fault](req, res, next, fault);
  };
}

type Answer = (req: Request, res: Response, next: NextFunction, fault: Fault) => void;

const ANSWERS: Record<FaultName, Answer> = {
  401: (_req, _res, next) => next(unauthenticated()),
  403: (_req, _res, next) => next(forbidden()),
  404: (req, _res, next) => next(notFound(`/2010-04-01${req.path}`)),
  429: (_req, _res, next) => next(new ApiError(429, 20429, 'Too Many Requests')),
  500: (_req, _res, next) => next(new Error('a fault on demand')),
  // As from whatever stands before the API when that is down.
  503: (_req, res) => {
    res
      .status(503)
      .type('html')
      .send('<html><head><title>503</title></head><body>Service Unavailable</body></html>\n');
  },
  reset: (req) => req.socket.resetAndDestroy(),
  // Ends where a connection might have broken off.
  garbage: (_req, res) => void res.type('json').send('{"page": 0, "calls": [{"sid": "CA'),
  empty: (_req, res) => void res.end(),
  wait(_req, res, next, { wait }) {
    const timer = setTimeout(next, wait ?? 0);
    res.once('close', () => clearTimeout(timer));
  },
};
