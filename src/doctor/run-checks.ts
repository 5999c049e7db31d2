import { maskAccountSids } from '../connect/account-sid.ts';
import type { Check, Findings, Outcome, World } from './check.ts';

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
