import { type Request, Router } from 'express';
import { readAccountFilters } from './account-filters.ts';
import { apiErrors, forbidden, methodNotAllowed, notFound, unauthenticated } from './api-error.ts';
import { apiHeaders } from './api-headers.ts';
import { callerOf } from './auth.ts';
import { readCallFilters } from './call-filters.ts';
import { callLog } from './call-log.ts';
import { connectApps } from './connect-apps.ts';
import type { Customer, SandboxAccount } from './customers.ts';
import { serveFaults } from './fault-answers.ts';
import type { Faults } from './faults.ts';
import { accountJson, callJson } from './json.ts';
import { pageOf } from './paging.ts';
import type { Records } from './records.ts';
import { sequenceOf } from './sequence.ts';

export interface ApiOptions {
  customers: readonly Customer[];
  records: Records;
  faults: Faults;
  /** How long each answer waits, in milliseconds. */
  latency: number;
  now: () => number;
}

/** All paths that there are, for a method that they do not have. */
const RESOURCES =
  /^\/Accounts(\/\w+(\/(Calls|ConnectApps|AuthorizedConnectApps)(\/\w+)?)?)?\.json$/;

/**
 * Twilio's REST API as far as this app and its readers ask it, at /2010-04-01: accounts, calls, and both sides of the
 * Connect App. https://www.twilio.com/docs/usage/api
 */
export function api({ customers, records, faults, latency, now }: ApiOptions): Router {
  const router = Router({ caseSensitive: true });
  /** The account in the path, for what belongs to it. */
  const accountOf = (req: Request) => {
    const account = findAccount(req, String(req.params.accountSid));
    // A choice: Twilio documents this for "suspended or closed", and 401 too, not which of them when.
    if (account.status !== 'active') throw forbidden();
    return account;
  };

  router.use(apiHeaders(now));
  router.use((_req, _res, next) => void (latency ? setTimeout(next, latency) : next()));
  router.use(serveFaults(faults));
  // A choice: without a preflight, a page of another site that the browser has open finds no way in here.
  router.options('/{*path}', refuseMethod);

  router.get('/Accounts.json', (req, res) => {
    const { open } = callerOf(req, customers, records);
    const { test, repeated } = readAccountFilters(req.query);
    const path = '/2010-04-01/Accounts.json';
    const { slice, envelope } = pageOf(sequenceOf(open), { test }, req.query, path, repeated);
    res.json({ ...envelope, accounts: slice.map((account) => accountJson(account, now())) });
  });

  // A choice: a suspended account can be looked at, which says that it is suspended; nothing that belongs to it can.
  router.get('/Accounts/:sid.json', (req, res) => {
    res.json(accountJson(findAccount(req, req.params.sid), now()));
  });

  router.get('/Accounts/:accountSid/Calls.json', (req, res) => {
    const account = accountOf(req);
    const log = callLog(account, now());
    const { selection, repeated } = readCallFilters(req.query, log);
    const path = `/2010-04-01/Accounts/${account.sid}/Calls.json`;
    const { slice, envelope } = pageOf(log, selection, req.query, path, repeated);
    res.json({ ...envelope, calls: slice.map(callJson) });
  });

  router.get('/Accounts/:accountSid/Calls/:sid.json', (req, res) => {
    const log = callLog(accountOf(req), now());
    const position = log.positionOf(req.params.sid);
    if (position < 0) throw notFound(`/2010-04-01${req.path}`);
    res.json(callJson(log.at(position)));
  });

  router.use(connectApps(customers, records, accountOf));

  router.all(RESOURCES, refuseMethod);
  router.use((req) => {
    throw notFound(`/2010-04-01${req.path}`);
  });
  router.use(apiErrors);
  return router;

  function findAccount(req: Request, sid: string): SandboxAccount {
    const { open, closed } = callerOf(req, customers, records);
    const account = open.find((candidate) => candidate.sid === sid);
    if (account) return account;
    if (closed.some((candidate) => candidate.sid === sid)) throw unauthenticated();
    // A choice: another customer's account is "not found", as one that does not exist.
    throw notFound(`/2010-04-01${req.path}`);
  }
}

function refuseMethod(): never {
  throw methodNotAllowed();
}
