import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import dotenv from 'dotenv';
import { maskAccountSids } from '../connect/account-sid.ts';
import { CHECKS } from './checks.ts';
import { reportLine, reportParagraph, summary } from './report.ts';
import { type Report, runChecks } from './run-checks.ts';

const HELP = `npm run doctor [-- OPTIONS]

Looks at everything that the app needs, and says of each thing that is wrong why it is and what to do. At Twilio and in
.env it changes nothing; it opens the database as a start does, which brings its tables up to date. Run it in the app's
folder, with the app running. Exit code 1 if there is a problem, 2 for a wrong option.

  --json             the report for machines: [{ "id", "title", "status", "cause", "cure" }, …],
                     status "ok", "remark", "problem" or "skipped"; cause and cure only where there is one
  --dotenv FILE      instead of .env
  --help             this text
`;

/** `npm run doctor`: environment and flags -> the checks -> one line each -> exit code. */
async function main(): Promise<number> {
  const { values: flags } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      // Not --env-file: some releases of Node take that for themselves, wherever it stands.
      dotenv: { type: 'string', default: '.env' },
      help: { type: 'boolean', default: false },
    },
  });
  if (flags.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const envFile = flags.dotenv;
  if (envFile !== '.env' && !existsSync(envFile)) {
    console.error(`--dotenv: there is no ${envFile}`);
    return 2;
  }
  const shell = { ...process.env };
  // Into process.env, as the app does it: Twilio's SDK reads HTTP_PROXY from there.
  dotenv.config({ path: envFile, quiet: true });
  const world = {
    environment: process.env,
    shell,
    envFile,
    nodeVersion: process.versions.node,
    now: Date.now,
  };
  const { isTTY, columns } = process.stdout;
  const print = (report: Report) => (isTTY ? reportParagraph(report, columns) : reportLine(report));
  const reports = await runChecks(CHECKS, world, (report) => {
    if (!flags.json) console.log(print(report));
  });
  console.log(flags.json ? JSON.stringify(reports, null, 2) : `\n${summary(reports)}`);
  return reports.some(({ status }) => status === 'problem') ? 1 : 0;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: Error & { code?: string }) => {
    const isUsage = error.code?.startsWith('ERR_PARSE_ARGS');
    console.error(
      isUsage
        ? `${error.message}\nSee npm run doctor -- --help`
        : maskAccountSids(String(error.stack)),
    );
    process.exitCode = isUsage ? 2 : 1;
  },
);
