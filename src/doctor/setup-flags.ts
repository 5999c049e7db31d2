import { parseArgs } from 'node:util';
import { CURES, schema } from '../environment.ts';

export const HELP = `npm run setup [-- OPTIONS]

Takes the app live: checks your Twilio credentials, makes your Connect App fit, writes .env. In a terminal it asks for
what it needs, and before it changes anything. Without one, everything has to be here or in the environment.

  --account-sid AC…        or TWILIO_ACCOUNT_SID
  --auth-token TOKEN       or TWILIO_AUTH_TOKEN, which is better: a flag stays in the shell's history, and npm prints it
  --connect-app-sid CN…    or TWILIO_CONNECT_APP_SID
  --url https://…          the public address of this app, or BASE_URL
  --api-url URL            another server that speaks Twilio's API, or TWILIO_API_URL
  --authorize-url URL      the consent page that belongs to it, or TWILIO_AUTHORIZE_URL
  --dotenv FILE            instead of .env
  --yes                    change the Connect App, and replace other values in .env, without asking
  --help                   this text

The environment counts more than .env, and a flag more than both. Exit code 0 if all is as it should be, 1 if not, 2
for a wrong option. Running it again repairs.
`;

/** The variables that setup can write, each with the flag that gives it. */
const FLAGS = {
  TWILIO_ACCOUNT_SID: 'account-sid',
  TWILIO_AUTH_TOKEN: 'auth-token',
  TWILIO_CONNECT_APP_SID: 'connect-app-sid',
  BASE_URL: 'url',
  TWILIO_API_URL: 'api-url',
  TWILIO_AUTHORIZE_URL: 'authorize-url',
} as const;
export type Variable = keyof typeof FLAGS;

export interface Flags {
  given: Partial<Record<Variable, string>>;
  envFile: string;
  yes: boolean;
  help: boolean;
}

/** @throws the error of node:util for an option that is none */
export function readFlags(args: string[]): Flags {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args,
    options: {
      'account-sid': text,
      'auth-token': text,
      'connect-app-sid': text,
      url: text,
      'api-url': text,
      'authorize-url': text,
      // Not --env-file: some releases of Node take that for themselves, wherever it stands.
      dotenv: { ...text, default: '.env' },
      yes: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const given: Flags['given'] = {};
  for (const [variable, flag] of Object.entries(FLAGS) as [Variable, keyof typeof values][]) {
    const value = values[flag];
    if (typeof value === 'string') given[variable] = value;
  }
  return { given, envFile: values.dotenv, yes: values.yes, help: values.help };
}

/** The option that gives a variable: `--url` for BASE_URL. */
export function flagOf(variable: Variable): string {
  return `--${FLAGS[variable]}`;
}

/** The value in the form in which the app takes it, or what to do about a text that is none. */
export function readVariable(
  variable: Variable,
  text: string,
): { value: string; cure?: never } | { value?: never; cure: string } {
  const { data } = schema.shape[variable].safeParse(text.trim());
  return data ? { value: data } : { cure: CURES[variable] ?? '' };
}
