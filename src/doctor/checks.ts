import { address, cookies, production, runningApp, trustProxy } from './address-checks.ts';
import type { Check } from './check.ts';
import { connections, permissions } from './connection-checks.ts';
import { deauthorize } from './deauthorize-check.ts';
import { envFile, environment } from './environment-checks.ts';
import { database, nodeVersion, proxyVariables } from './machine-checks.ts';
import {
  account,
  clock,
  connectApp,
  connectAppSettings,
  credentials,
  twilioApi,
} from './twilio-checks.ts';

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
