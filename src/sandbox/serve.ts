import { parseArgs } from 'node:util';
import { startSandbox } from './start-sandbox.ts';

const HELP = `npm run sandbox -- [options]

Twilio's stand-in by itself, on 127.0.0.1. It prints the lines that an app's .env needs to take it for Twilio.

  --app URL      where the app is (http://localhost:3000): its callbacks begin with that
  --calls N      one customer more, with about N calls in a year
  --latency MS   how long each answer of the API waits
  --file PATH    where to keep who allowed the app in; without it, they end with the process
  --help         this text

PORT in the environment is the port: 4010 if left out, 0 for any that is free.
`;

/** What `npm run sandbox` starts: environment and flags -> sandbox -> the lines for .env -> closed by a signal. */
async function serve(): Promise<void> {
  const flags = readFlags();
  if (flags.help) return void process.stdout.write(HELP);

  const port = wholeNumber('PORT', process.env.PORT || '4010', 0, 65_535);
  const sandbox = await startSandbox({
    port,
    appUrl: readOrigin(flags.app ?? 'http://localhost:3000'),
    calls: wholeNumber('--calls', flags.calls ?? '0', 0, 10_000_000),
    latency: wholeNumber('--latency', flags.latency ?? '0', 0, 600_000),
    file: flags.file,
  }).catch(({ code, message }: NodeJS.ErrnoException) => {
    const cure = code === 'EADDRINUSE' ? 'Another program uses it: set' : 'Set';
    return fail(
      `PORT: cannot listen on 127.0.0.1, port ${port} (${code ?? message}). ${cure} PORT to another value, or to 0 for any free one.`,
    );
  });
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => void sandbox.close().then(() => process.exit(0)));
  }
  const { accountSid, authToken, connectAppSid, apiUrl, authorizeUrl } = sandbox.settings;
  console.log(`# The sandbox is at ${sandbox.url}. For the app's .env:
TWILIO_ACCOUNT_SID=${accountSid}
TWILIO_AUTH_TOKEN=${authToken}
TWILIO_CONNECT_APP_SID=${connectAppSid}
TWILIO_API_URL=${apiUrl}
TWILIO_AUTHORIZE_URL=${authorizeUrl}`);
}

function readFlags() {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    const options = { app: text, calls: text, latency: text, file: text, help: flag };
    return parseArgs({ options }).values;
  } catch (error) {
    const [problem] = (error as Error).message.split('. ');
    return fail(`${problem}. "npm run sandbox -- --help" lists the options.`);
  }
}

function readOrigin(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`) return url.origin;
  return fail(`--app: write the address of the app without a path, such as http://localhost:3000.`);
}

function wholeNumber(name: string, value: string, least: number, most: number): number {
  const number = /^\d{1,10}$/.test(value) ? Number(value) : -1;
  if (number >= least && number <= most) return number;
  return fail(`${name}: write a whole number from ${least} to ${most}.`);
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

await serve();
