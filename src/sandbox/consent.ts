import express, { Router } from 'express';
import type { Authorizations } from './authorizations.ts';
import { type Customer, connectApp } from './customers.ts';

/**
 * Stands in for https://www.twilio.com/authorize/CN…: the page on which a customer allows our Connect App in, or
 * declines. On Twilio you are whoever is signed in to the Console; here you choose. Both ways lead back to the
 * Authorize URL, with AccountSid and state, or with error=unauthorized_client and nothing else.
 */
export function consent(
  customers: readonly Customer[],
  authorizeUrl: string,
  authorizations: Authorizations,
): Router {
  const router = Router();

  router.get('/authorize/:connectAppSid', (req, res) => {
    if (req.params.connectAppSid !== connectApp.sid) return res.status(404).render('not-found');
    const state = typeof req.query.state === 'string' ? req.query.state : '';
    return res.render('consent', { connectApp, customers, state, authorizeUrl });
  });

  router.post('/authorize/:connectAppSid', express.urlencoded({ extended: false }), (req, res) => {
    if (req.params.connectAppSid !== connectApp.sid) return res.status(404).render('not-found');
    const { customer: id, decision, state } = (req.body ?? {}) as Record<string, unknown>;
    const customer = customers.find((candidate) => candidate.id === id);
    const back = new URL(authorizeUrl);
    if (decision === 'allow' && customer) {
      authorizations.add(customer.connectSid);
      back.searchParams.set('AccountSid', customer.connectSid);
      if (typeof state === 'string' && state) back.searchParams.set('state', state);
    } else {
      back.searchParams.set('error', 'unauthorized_client');
    }
    return res.redirect(303, back.href);
  });

  return router;
}
