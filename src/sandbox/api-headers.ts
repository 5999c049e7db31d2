import type { RequestHandler } from 'express';
import { sidFor } from './seed.ts';

/** The headers that Twilio's REST API adds to each answer, as recorded answers of it have them. */
const FIXED = {
  'Access-Control-Allow-Credentials': 'true',
  'Access-Control-Allow-Headers':
    'Accept, Authorization, Content-Type, If-Match, If-Modified-Since, If-None-Match, If-Unmodified-Since, Idempotency-Key',
  'Access-Control-Allow-Methods': 'GET, POST, DELETE, OPTIONS',
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': 'ETag',
  'X-API-Domain': 'api.twilio.com',
  'X-Home-Region': 'us1',
};

export function apiHeaders(now: () => number): RequestHandler {
  let requests = 0;
  let inFlight = 0;

  return (_req, res, next) => {
    const arrived = performance.now();
    inFlight++;
    res.once('close', () => inFlight--);
    res.set(FIXED);
    res.set('Twilio-Request-Id', sidFor('RQ', `${now()} ${requests++}`));
    res.set('Twilio-Concurrent-Requests', String(inFlight));

    // Known only when the answer begins: how long it took, and that it is JSON, which Twilio names without a charset.
    const { writeHead } = res;
    res.writeHead = function begin(this: typeof res, ...head: unknown[]) {
      const seconds = (performance.now() - arrived) / 1000;
      this.setHeader('Twilio-Request-Duration', seconds.toFixed(3));
      if (this.get('Content-Type')?.startsWith('application/json')) {
        this.setHeader('Content-Type', 'application/json');
      }
      return Reflect.apply(writeHead, this, head);
    } as typeof writeHead;
    next();
  };
}
