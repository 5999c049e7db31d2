import { Router } from 'express';
import { type Customer, connectApp } from './customers.ts';
import { type Delivery, sendDeauthorize } from './deauthorize-request.ts';
import type { Records } from './records.ts';

/**
 * Stands in for a customer's Twilio Console. GET /console: choose which customer you are. GET /console/:customer: your
 * accounts, and the apps that you have allowed in. POST /console/:customer/revoke: "Revoke access". The API refuses the
 * app at once, then its Deauthorize URL is called, and the page tells what came of that: a request that gets lost is
 * part of the lesson. https://www.twilio.com/docs/iam/connect
 */
export function customerConsole(customers: readonly Customer[], records: Records): Router {
  const router = Router();
  /** What became of each customer's last "Revoke access". */
  const revocations = new Map<string, { delivery: Delivery | undefined }>();
  const find = (id: string) => customers.find((candidate) => candidate.id === id);

  router.get('/console', (_req, res) => {
    res.render('customers', { customers });
  });

  router.get('/console/:customer', (req, res) => {
    const customer = find(req.params.customer);
    if (!customer) return res.status(404).render('not-found');
    const { connectSid } = customer;
    const grant = records.grantOf(connectSid);
    return res.render('console', {
      customer,
      accounts: customer.accounts.filter(
        ({ sid }) => sid !== connectSid || records.hasAccount(connectSid),
      ),
      grant,
      since: grant && new Date(grant.since).toISOString(),
      app: { ...records.connectApp(), authToken: connectApp.authToken },
      revocation: grant ? undefined : revocations.get(customer.id),
    });
  });

  router.post('/console/:customer/revoke', async (req, res) => {
    const customer = find(req.params.customer);
    if (!customer) return res.status(404).render('not-found');
    if (records.grantOf(customer.connectSid)) {
      revocations.delete(customer.id);
      records.revoke(customer.connectSid);
      const delivery = await sendDeauthorize(records.connectApp(), customer.connectSid);
      revocations.set(customer.id, { delivery });
    }
    return res.redirect(303, `${res.locals.base}/console/${customer.id}`);
  });

  return router;
}
