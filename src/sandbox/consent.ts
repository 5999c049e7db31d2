import express, { Router } from 'express';
import { type Customer, connectApp } from './customers.ts';
import type { Records } from './records.ts';

/**
 * Stands in for https://www.twilio.com/authorize/CN…: the page on which a customer allows our Connect App in, or
 * declines. On Twilio you are whoever is signed in to the Console; here you choose. Both ways lead back to the
 * Authorize URL, with AccountSid and state, or with error=unauthorized_client and nothing else. What the app may do
 * from then on is what it asks for at this moment.
 */
export function consent(
  customers: readonly Customer[],
  records: Records,
  now: () => number,
): Router {
  const router = Router();

  router.get('/authorize/:connectAppSid', (req, res) => {
    if (req.params.connectAppSid !== connectApp.sid) return res.status(404).render('not-found');
    const state = typeof req.query.state === 'string' ? req.query.state : '';
    return res.render('consent', { app: records.connectApp(), customers, state });
  });

  router.post('/authorize/:connectAppSid', express.urlencoded({ extended: false }), (req, res) => {
    if (req.params.connectAppSid !== connectApp.sid) return res.status(404).render('not-found');
    const { customer: id, decision, state } = (req.body ?? {}) as Record<string, unknown>;
    const customer = customers.find((candidate) => candidate.id === id);
    const { authorizeRedirectUrl, permissions } = records.connectApp();
    const back = new URL(authorizeRedirectUrl);
    if (decision === 'allow' && customer) {
      records.allow(customer.connectSid, permissions, now());
      back.searchParams.set('AccountSid', customer.connectSid);
      if (typeof state === 'string' && state) back.searchParams.set('state', state);
    } else {
      back.searchParams.set('error', 'unauthorized_client');
    }
    return res.redirect(303, back.href);
  });

  return router;
}
