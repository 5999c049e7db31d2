import { Router } from 'express';
import { apiErrors, notFound } from './api-error.ts';
import { customerOf } from './auth.ts';
import type { Authorizations } from './authorizations.ts';
import { readCallFilters } from './call-filters.ts';
import { callsOf } from './calls.ts';
import type { Customer, SandboxAccount } from './customers.ts';
import { accountJson, callJson } from './json.ts';
import { pageOf } from './paging.ts';
import { sidFor } from './seed.ts';

/**
 * Twilio's REST API as far as this app asks it: accounts and calls, read only, at /2010-04-01. As with Twilio's own
 * "Read all account data", whoever may act for a customer sees all of that customer's accounts.
 * https://www.twilio.com/docs/usage/api
 */
export function api(
  customers: readonly Customer[],
  authorizations: Authorizations,
  now: () => number,
): Router {
  const router = Router({ caseSensitive: true });
  let requests = 0;

  router.use((_req, res, next) => {
    res.set('Twilio-Request-Id', sidFor('RQ', `${now()} ${requests++}`));
    res.set('X-API-Domain', 'api.twilio.com');
    res.set('X-Home-Region', 'us1');
    next();
  });

  router.get('/Accounts.json', (req, res) => {
    const customer = customerOf(req, customers, authorizations);
    const { FriendlyName, Status } = req.query;
    const test = ({ friendlyName }: SandboxAccount) =>
      (!FriendlyName || friendlyName === FriendlyName) && (!Status || Status === 'active');
    const repeated = Object.entries({ FriendlyName, Status }).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    );
    const path = '/2010-04-01/Accounts.json';
    const { slice, envelope } = pageOf(customer.accounts, test, req.query, path, repeated);
    res.json({ ...envelope, accounts: slice.map((account) => accountJson(account, now())) });
  });

  router.get('/Accounts/:sid.json', (req, res) => {
    const account = accountOf(customerOf(req, customers, authorizations), req.params.sid, req.path);
    res.json(accountJson(account, now()));
  });

  router.get('/Accounts/:accountSid/Calls.json', (req, res) => {
    const customer = customerOf(req, customers, authorizations);
    const account = accountOf(customer, req.params.accountSid, req.path);
    const { test, repeated } = readCallFilters(req.query);
    const calls = callsOf(account, now());
    const path = `/2010-04-01/Accounts/${account.sid}/Calls.json`;
    const { slice, envelope } = pageOf(calls, test, req.query, path, repeated);
    res.json({ ...envelope, calls: slice.map(callJson) });
  });

  router.get('/Accounts/:accountSid/Calls/:sid.json', (req, res) => {
    const account = accountOf(
      customerOf(req, customers, authorizations),
      req.params.accountSid,
      req.path,
    );
    const call = callsOf(account, now()).find(({ sid }) => sid === req.params.sid);
    if (!call) throw notFound(`/2010-04-01${req.path}`);
    res.json(callJson(call));
  });

  router.use((req) => {
    throw notFound(`/2010-04-01${req.path}`);
  });
  router.use(apiErrors);
  return router;
}

// A choice: another customer's account is "not found", as one that does not exist.
function accountOf(customer: Customer, sid: string, path: string): SandboxAccount {
  const account = customer.accounts.find((candidate) => candidate.sid === sid);
  if (!account) throw notFound(`/2010-04-01${path}`);
  return account;
}
