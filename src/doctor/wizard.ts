import { parse } from 'dotenv';
import { CURES, schema } from '../environment.ts';
import { StartError } from '../errors.ts';
import { chooseAccount } from './choose-account.ts';
import { chooseAddress } from './choose-address.ts';
import { chooseConnectApp } from './choose-connect-app.ts';
import { differences } from './connect-app-settings.ts';
import { envChanges } from './env-changes.ts';
import { readEnvFile } from './env-file.ts';
import { known, type Sources } from './known.ts';
import { agree, makeChanges, tellNext } from './make-changes.ts';
import type { TunnelApis } from './public-addresses.ts';
import { type Flags, flagOf } from './setup-flags.ts';
import type { Ui } from './ui.ts';

/**
 * Setup: the account -> its Connect App -> the public address -> what has to change -> yes or no -> the changes. Before
 * the last yes nothing is written anywhere. Says whether all is as it should be then.
 * @throws StartError with what is missing or went wrong; Stopped on Ctrl-C
 */
export async function setUp(
  ui: Ui,
  flags: Flags,
  shell: NodeJS.ProcessEnv,
  tunnels?: TunnelApis,
): Promise<boolean> {
  const text = readEnvFile(flags.envFile);
  const file = parse(text);
  const sources: Sources = { flags: flags.given, shell, file };
  if (ui.isScript) demandAnswers(sources);

  const apiUrl = known('TWILIO_API_URL', sources)?.value;
  const authorizeUrl = known('TWILIO_AUTHORIZE_URL', sources)?.value;
  const port = schema.shape.PORT.catch(3000).parse(shell.PORT || file.PORT);
  let address: string | undefined;

  const account = await chooseAccount(ui, sources, apiUrl);
  const app = await chooseConnectApp(ui, sources, account, async () => {
    address ??= await chooseAddress(ui, sources, { port, tunnels });
    return address;
  });
  address ??= await chooseAddress(ui, sources, { port, tunnels, connectApp: app });

  const settings = {
    TWILIO_ACCOUNT_SID: account.accountSid,
    TWILIO_AUTH_TOKEN: account.authToken,
    TWILIO_CONNECT_APP_SID: app.sid,
    BASE_URL: address,
    ...(apiUrl && { TWILIO_API_URL: apiUrl }),
    ...(authorizeUrl && { TWILIO_AUTHORIZE_URL: authorizeUrl }),
  };
  const plan = {
    app,
    address,
    differences: differences(app, address),
    envFile: flags.envFile,
    env: envChanges(settings, file, shell),
  };
  const agreed = await agree(ui, plan, flags.yes);
  await makeChanges(ui, account.client, plan, text, agreed);
  const overruled = Object.entries(settings).flatMap(([name, value]) =>
    shell[name]?.trim() && shell[name] !== value ? [name] : [],
  );
  tellNext(ui, plan, agreed, overruled);
  return agreed.connectApp && agreed.env;
}

/** @throws StartError that lists every answer that nobody can be asked for */
function demandAnswers(sources: Sources): void {
  const needed = [
    'TWILIO_ACCOUNT_SID',
    'TWILIO_AUTH_TOKEN',
    'TWILIO_CONNECT_APP_SID',
    'BASE_URL',
  ] as const;
  const missing = needed.filter((name) => !known(name, sources));
  // With all else at hand, the account's Connect Apps can be listed first.
  if (missing.length === 0 || missing.join() === 'TWILIO_CONNECT_APP_SID') return;
  const lines = missing.map((name) => `  ${flagOf(name).padEnd(18)} or ${name}: ${CURES[name]}`);
  throw new StartError(
    `There is no terminal to ask in, and these are missing:\n${lines.join('\n')}\nSee npm run setup -- --help`,
  );
}
