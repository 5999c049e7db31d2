import express, { type RequestHandler, Router } from 'express';
import { validateRequest } from 'twilio/lib/webhooks/webhooks.js';
import { readAccountSid } from '../connect/account-sid.ts';
import { markDeauthorized } from '../database/connections.ts';
import type { Deps } from '../deps.ts';

/**
 * GET or POST /twilio/deauthorize: the Deauthorize URL of our Connect App. When a customer revokes our access, Twilio
 * itself calls here (no browser, no session) with AccountSid and ConnectAppSid, signed with our Auth Token. We free
 * the account: whoever holds it may connect it again, in this app as any user.
 * https://www.twilio.com/docs/iam/connect and https://www.twilio.com/docs/usage/security#validating-requests
 */
export function deauthorizeRoutes({ config, db, twilio, log, now }: Deps): Router {
  const router = Router();
  const { authToken, connectAppSid } = twilio.settings;

  const deauthorize: RequestHandler = async (req, res) => {
    // Signed is the URL that Twilio called, which a proxy may have changed on the way to us: hence BASE_URL.
    const url = config.baseUrl + req.originalUrl;
    const form = req.method === 'POST' ? (req.body ?? {}) : {};
    const signature = req.get('X-Twilio-Signature') ?? '';
    if (!validateRequest(authToken, signature, url, form)) {
      log.warn(
        'refused a Deauthorize request: its signature is not right for BASE_URL and our Auth Token',
      );
      res.status(403).type('text').send('The signature is not right.\n');
      return;
    }
    const params = { ...req.query, ...form };
    if (params.ConnectAppSid !== connectAppSid) {
      log.warn('refused a Deauthorize request: it is for another Connect App');
      res.status(403).type('text').send('This is for another Connect App.\n');
      return;
    }
    const accountSid = readAccountSid(String(params.AccountSid ?? ''));
    if (!accountSid) {
      res
        .status(400)
        .type('text')
        .send('AccountSid: one is needed, AC and 32 hexadecimal digits.\n');
      return;
    }
    // An account that we do not know is no error: then there is nothing to free.
    const isNews = await markDeauthorized(db, accountSid, now());
    if (isNews) log.info('a customer revoked our access');
    res.status(204).end();
  };

  router.get('/twilio/deauthorize', deauthorize);
  router.post(
    '/twilio/deauthorize',
    express.urlencoded({ extended: false, limit: '16kb' }),
    deauthorize,
  );
  return router;
}
