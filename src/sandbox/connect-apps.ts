import express, { type Request, Router } from 'express';
import { notFound } from './api-error.ts';
import { type ConnectApp, type Permission, readConnectAppUpdate } from './connect-app.ts';
import { type Customer, connectApp, type SandboxAccount } from './customers.ts';
import { pageOf } from './paging.ts';
import type { Records } from './records.ts';
import { sequenceOf } from './sequence.ts';

const ROOT = '/2010-04-01/Accounts';
const { sid, ownerSid } = connectApp;

/**
 * The two sides of a Connect App in the API: ConnectApps, where its owner reads and changes it, and
 * AuthorizedConnectApps, where a customer sees that they have allowed it in. It cannot be deleted: the sandbox has only
 * this one. `accountOf` gives the account of the path if the caller may see it.
 * https://www.twilio.com/docs/iam/api/connect-apps, https://www.twilio.com/docs/iam/api/authorized-connect-apps
 */
export function connectApps(
  customers: readonly Customer[],
  records: Records,
  accountOf: (req: Request) => SandboxAccount,
): Router {
  const router = Router({ caseSensitive: true });
  const owned = (account: SandboxAccount) =>
    account.sid === ownerSid ? [connectAppJson(records.connectApp())] : [];
  // A choice: it is the main account that has authorized it, not the subaccount made for it or any other.
  const authorized = (account: SandboxAccount) => {
    const customer = customers.find(({ accounts }) => accounts[0]?.sid === account.sid);
    const grant = customer && records.grantOf(customer.connectSid);
    return grant ? [authorizedJson(records.connectApp(), grant.permissions, account.sid)] : [];
  };

  router.get('/Accounts/:accountSid/ConnectApps.json', (req, res) => {
    const account = accountOf(req);
    const path = `${ROOT}/${account.sid}/ConnectApps.json`;
    const { slice, envelope } = pageOf(sequenceOf(owned(account)), {}, req.query, path, []);
    res.json({ ...envelope, connect_apps: slice });
  });

  router.get('/Accounts/:accountSid/ConnectApps/:sid.json', (req, res) => {
    res.json(one(owned(accountOf(req)), req));
  });

  router.post(
    '/Accounts/:accountSid/ConnectApps/:sid.json',
    express.urlencoded({ extended: false }),
    (req, res) => {
      one(owned(accountOf(req)), req);
      records.changeConnectApp(readConnectAppUpdate(req.body ?? {}));
      res.json(connectAppJson(records.connectApp()));
    },
  );

  router.get('/Accounts/:accountSid/AuthorizedConnectApps.json', (req, res) => {
    const account = accountOf(req);
    const path = `${ROOT}/${account.sid}/AuthorizedConnectApps.json`;
    const apps = sequenceOf(authorized(account).map((app) => ({ sid, app })));
    const { slice, envelope } = pageOf(apps, {}, req.query, path, []);
    res.json({ ...envelope, authorized_connect_apps: slice.map(({ app }) => app) });
  });

  router.get('/Accounts/:accountSid/AuthorizedConnectApps/:sid.json', (req, res) => {
    res.json(one(authorized(accountOf(req)), req));
  });

  return router;
}

function one<T>([app]: readonly T[], req: Request): T {
  if (!app || req.params.sid !== sid) throw notFound(`/2010-04-01${req.path}`);
  return app;
}

function connectAppJson(app: ConnectApp) {
  return {
    account_sid: ownerSid,
    authorize_redirect_url: app.authorizeRedirectUrl,
    company_name: app.companyName,
    deauthorize_callback_method: app.deauthorizeCallbackMethod,
    deauthorize_callback_url: app.deauthorizeCallbackUrl,
    description: app.description,
    friendly_name: app.friendlyName,
    homepage_url: app.homepageUrl,
    permissions: app.permissions,
    sid,
    uri: `${ROOT}/${ownerSid}/ConnectApps/${sid}.json`,
  };
}

function authorizedJson(app: ConnectApp, permissions: Permission[], accountSid: string) {
  return {
    account_sid: accountSid,
    connect_app_company_name: app.companyName,
    connect_app_description: app.description,
    connect_app_friendly_name: app.friendlyName,
    connect_app_homepage_url: app.homepageUrl,
    connect_app_sid: sid,
    permissions,
    uri: `${ROOT}/${accountSid}/AuthorizedConnectApps/${sid}.json`,
  };
}
