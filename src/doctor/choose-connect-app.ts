import { StartError } from '../errors.ts';
import { type ConnectApp, listConnectApps } from '../twilio/connect-apps.ts';
import { explainTwilioError } from '../twilio/explain-error.ts';
import type { OwnAccount } from './choose-account.ts';
import { neededSettings } from './connect-app-settings.ts';
import { known, type Sources } from './known.ts';
import type { Ui } from './ui.ts';

const OTHER = 'other';

/**
 * One of the account's Connect Apps. If there is none yet, says how to make one in the Console, which needs the address
 * of this app, and looks again. @throws StartError in a script, with what there is to choose from
 */
export async function chooseConnectApp(
  ui: Ui,
  sources: Sources,
  { client }: OwnAccount,
  address: () => Promise<string>,
): Promise<ConnectApp> {
  const wanted = known('TWILIO_CONNECT_APP_SID', sources);
  while (true) {
    const apps = await list(client);
    const chosen = apps.find(({ sid }) => sid === wanted?.value);
    if (chosen && (wanted?.source === 'flag' || ui.isScript || apps.length === 1)) {
      ui.good(`Connect App: ${nameOf(chosen)}`);
      return chosen;
    }
    if (ui.isScript) throw new StartError(await nothingChosen(apps, wanted?.value, address));
    if (wanted && !chosen) ui.warn(`This account has no Connect App ${wanted.value}.`);

    const options = apps.map((app) => ({
      value: app.sid,
      label: nameOf(app),
      hint: app.authorizeUrl,
    }));
    const another = { value: OTHER, label: 'Another one, which I make in the Console now' };
    const sid =
      apps.length > 0
        ? await ui.choose('Which Connect App?', [...options, another], chosen?.sid)
        : OTHER;
    const app = apps.find((candidate) => candidate.sid === sid);
    if (app) return app;
    ui.say(howToMakeOne(await address()));
    while (!(await ui.confirm('Is it made? Then look again'))) ui.say('No hurry.');
  }
}

async function list(client: OwnAccount['client']): Promise<ConnectApp[]> {
  try {
    return await listConnectApps(client);
  } catch (error) {
    const { status, code } = explainTwilioError(error);
    const numbers = [status, code].filter(Boolean).join(', ');
    throw new StartError(
      `Twilio does not list the account’s Connect Apps (${numbers}). Try again in a moment; an account that is not upgraded has none.`,
    );
  }
}

function nameOf({ friendlyName, sid }: ConnectApp): string {
  return `“${friendlyName}” (${sid})`;
}

async function nothingChosen(
  apps: ConnectApp[],
  wanted: string | undefined,
  address: () => Promise<string>,
): Promise<string> {
  if (apps.length === 0) return `This account has no Connect App. ${howToMakeOne(await address())}`;
  const problem = wanted ? `This account has no Connect App ${wanted}.` : 'Missing:';
  const names = apps.map((app) => `  ${nameOf(app)}`).join('\n');
  return `${problem} --connect-app-sid, one of\n${names}`;
}

/** The way through the Console, with the values to paste. https://www.twilio.com/docs/iam/connect */
export function howToMakeOne(baseUrl: string): string {
  const { authorizeUrl, deauthorizeUrl, deauthorizeMethod } = neededSettings(baseUrl);
  return `Make one in the Twilio Console (console.twilio.com):
Settings > Connect applications > Create a new connect app

  Friendly name, company name, logo   what your customers see on the consent page
  Authorize URL                       ${authorizeUrl}
  Deauthorize URL                     ${deauthorizeUrl}
  Deauthorize method                  ${deauthorizeMethod}
  Access required                     Read all account data`;
}
