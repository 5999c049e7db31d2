import { cancel } from '@clack/prompts';
import dotenv from 'dotenv';
import { maskAccountSids } from '../connect/account-sid.ts';
import { StartError } from '../errors.ts';
import { HELP, readFlags } from './setup-flags.ts';
import { Stopped, scriptUi, terminalUi } from './ui.ts';
import { setUp } from './wizard.ts';

/** `npm run setup`: flags and environment -> the wizard, in a terminal or for a script -> exit code. */
async function main(): Promise<number> {
  const flags = readFlags(process.argv.slice(2));
  if (flags.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const shell = { ...process.env };
  // Into process.env, as the app does it: Twilio's SDK reads HTTP_PROXY from there.
  dotenv.config({ path: flags.envFile, quiet: true });
  const isTerminal = process.stdin.isTTY && process.stdout.isTTY;
  const ui = isTerminal ? terminalUi() : scriptUi(console.log);
  return (await setUp(ui, flags, shell)) ? 0 : 1;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: Error & { code?: string }) => {
    process.exitCode = 1;
    if (error instanceof Stopped) cancel('Stopped. Nothing was written.');
    else if (error instanceof StartError) console.error(error.message);
    else if (error.code?.startsWith('ERR_PARSE_ARGS')) {
      console.error(`${error.message}\nSee npm run setup -- --help`);
      process.exitCode = 2;
    } else console.error(maskAccountSids(String(error.stack)));
  },
);
