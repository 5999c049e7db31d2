import type { Twilio } from 'twilio';
import type { Config } from '../config.ts';
import type { Connection } from '../database/connections.ts';
import type { Db } from '../database/database.ts';
import type { ConnectApp } from '../twilio/connect-apps.ts';
import type { TwilioSettings } from '../twilio/customer-client.ts';

/** What every check can look at. */
export interface World {
  /** As the app would see it: with the .env file's variables where the process has none. */
  environment: NodeJS.ProcessEnv;
  /** The variables of the process alone. */
  shell: NodeJS.ProcessEnv;
  envFile: string;
  nodeVersion: string;
  now: () => number;
}

/** What checks find out for those after them. */
export interface Findings {
  config: Config;
  db: Db;
  settings: TwilioSettings;
  /** A client with our own credentials, and when Twilio says it is (undefined if it does not say). */
  twilio: { client: Twilio; clock: number | undefined; askedAt: number };
  /** Twilio lets us into our own account. */
  owner: Twilio;
  connectApp: ConnectApp;
  /** Our app answers at its public address, through so many proxies. */
  running: { proxies: number };
  /** The stored connections that Twilio still lets us into. */
  authorized: readonly Connection[];
}

export type Outcome<G extends keyof Findings = keyof Findings> =
  | { status: 'ok'; found?: Findings[G] }
  | { status: 'remark' | 'problem'; cause: string; cure: string; found?: Findings[G] };

export interface Check {
  id: string;
  title: string;
  /** Skipped unless earlier checks have found these. */
  needs: readonly (keyof Findings)[];
  gives?: keyof Findings;
  run(context: World & Findings): Outcome | Promise<Outcome>;
}

/** A check as data. What it `needs` is all that `run` sees beside the world; what it `gives` is in its outcome. */
export function check<const N extends keyof Findings = never, G extends keyof Findings = never>(
  definition: Omit<Check, 'needs' | 'gives' | 'run'> & {
    needs?: readonly N[];
    gives?: G;
    run(context: World & Pick<Findings, N>): Outcome<G> | Promise<Outcome<G>>;
  },
): Check {
  return { needs: [], ...definition };
}
