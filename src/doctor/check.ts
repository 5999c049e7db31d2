import type { Twilio } from 'twilio';
import type { Config } from '../config.ts';
import { maskAccountSids } from '../connect/account-sid.ts';
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
  | { status: 'remark'; cause: string; cure: string; found?: Findings[G] }
  | { status: 'problem'; cause: string; cure: string };

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

export interface Report {
  id: string;
  title: string;
  status: 'ok' | 'remark' | 'problem' | 'skipped';
  cause?: string;
  cure?: string;
}

/** Runs the checks in order. What a check needs and no other has found makes it skipped, not a second problem. */
export async function runChecks(
  checks: readonly Check[],
  world: World,
  told: (report: Report) => void = () => {},
): Promise<Report[]> {
  const findings: Partial<Findings> = {};
  const reports: Report[] = [];
  for (const check of checks) {
    const { id, title, gives } = check;
    const outcome = await outcomeOf(check, checks, { ...world, ...findings });
    if ('found' in outcome && gives) Object.assign(findings, { [gives]: outcome.found });
    const report: Report = { id, title, status: outcome.status };
    if ('cause' in outcome) report.cause = scrub(outcome.cause, world.environment);
    if ('cure' in outcome) report.cure = scrub(outcome.cure, world.environment);
    reports.push(report);
    told(report);
  }
  await findings.db?.close();
  return reports;
}

async function outcomeOf(
  { needs, run }: Check,
  checks: readonly Check[],
  context: World & Partial<Findings>,
): Promise<Outcome | { status: 'skipped'; cause: string }> {
  const missing = needs.find((name) => context[name] === undefined);
  const provider = checks.find(({ gives }) => missing && gives === missing);
  if (provider) return { status: 'skipped', cause: `needs “${provider.title}”` };
  try {
    return await run(context as World & Findings);
  } catch (error) {
    const { name, message } = error as Error;
    const cure = 'This is a mistake in the doctor, not in your set-up: please report it.';
    return { status: 'problem', cause: `The check itself failed: ${name}: ${message}`, cure };
  }
}

// No check means to show a secret or an AccountSid; this is for what comes along in foreign words.
function scrub(text: string, { TWILIO_AUTH_TOKEN, SESSION_SECRET }: NodeJS.ProcessEnv): string {
  const secrets = [TWILIO_AUTH_TOKEN, ...(SESSION_SECRET?.split(',') ?? [])];
  const clean = secrets
    .flatMap((secret) => secret?.trim() || [])
    .reduce((shown, secret) => shown.replaceAll(secret, '[secret]'), text);
  return maskAccountSids(clean);
}
