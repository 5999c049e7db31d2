import { address, production, runningApp } from './address-checks.ts';
import type { Check } from './check.ts';
import { connectApp, connectAppSettings } from './connect-app-checks.ts';
import { connections, permissions } from './connection-checks.ts';
import { deauthorize } from './deauthorize-check.ts';
import { envFile, environment } from './environment-checks.ts';
import { database, nodeVersion, proxyVariables } from './machine-checks.ts';
import { cookies, trustProxy } from './proxy-checks.ts';
import { account, clock, credentials, twilioApi } from './twilio-checks.ts';

/** Everything that `npm run doctor` looks at, in this order. */
export const CHECKS: readonly Check[] = [
  nodeVersion,
  envFile,
  environment,
  database,
  proxyVariables,
  account,
  twilioApi,
  clock,
  credentials,
  connectApp,
  connectAppSettings,
  address,
  runningApp,
  cookies,
  trustProxy,
  production,
  deauthorize,
  connections,
  permissions,
];
