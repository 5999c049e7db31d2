import type { Twilio } from 'twilio';
import { maskAccountSids } from '../connect/account-sid.ts';
import { StartError } from '../errors.ts';
import { type ConnectApp, updateConnectApp } from '../twilio/connect-apps.ts';
import { explainTwilioError } from '../twilio/explain-error.ts';
import { howToMakeOne } from './choose-connect-app.ts';
import { changesFor, type Difference } from './connect-app-settings.ts';
import { type EnvChange, showChange } from './env-changes.ts';
import { setVariables, writeEnvFile } from './env-file.ts';
import type { Ui } from './ui.ts';

export interface Plan {
  app: ConnectApp;
  address: string;
  differences: Difference[];
  envFile: string;
  env: EnvChange[];
}

export interface Agreed {
  connectApp: boolean;
  env: boolean;
}

/** Shows what is to change, and asks. @throws StartError in a script that has no --yes, if anything would be replaced */
export async function agree(ui: Ui, plan: Plan, yes: boolean): Promise<Agreed> {
  const connectApp = plan.differences.map(
    ({ name, is, needed }) => `  ${name}\n    - ${is}\n    + ${needed}`,
  );
  const env = plan.env.map((change) => `  ${showChange(change)}`);
  if (connectApp.length === 0) ui.good('The Connect App has all that this app needs.');
  else ui.say(`To change on the Connect App:\n${connectApp.join('\n')}`);
  if (env.length === 0) ui.good(`${plan.envFile} has all that this app needs.`);
  else ui.say(`To write into ${plan.envFile}:\n${env.join('\n')}`);

  const replaces = plan.env.filter((change) => change.replaces !== undefined);
  if (ui.isScript && !yes && (connectApp.length > 0 || replaces.length > 0)) {
    const what = [
      ...plan.differences.map(({ name }) => `the Connect App’s ${name}`),
      ...replaces.map(({ name }) => `${name} in ${plan.envFile}`),
    ];
    throw new StartError(`Nothing was written. With --yes this would change ${what.join(', ')}.`);
  }
  return {
    connectApp: connectApp.length === 0 || yes || (await ui.confirm('Change the Connect App?')),
    env: env.length === 0 || yes || ui.isScript || (await ui.confirm(`Write ${plan.envFile}?`)),
  };
}

/** @throws StartError if Twilio or the disk does not accept a change; those after it are not made */
export async function makeChanges(
  ui: Ui,
  client: Twilio,
  plan: Plan,
  envText: string,
  agreed: Agreed,
): Promise<void> {
  const { app, address, differences, envFile, env } = plan;
  // First in words, so that a file that cannot be changed is found before anything is.
  const edited = setVariables(
    envText || '# Written by npm run setup. .env.example explains every variable.\n',
    Object.fromEntries(env.map(({ name, value }) => [name, value])),
  );
  if (differences.length > 0 && agreed.connectApp) {
    try {
      await updateConnectApp(client, app.sid, changesFor(app, address, differences));
    } catch (error) {
      throw new StartError(refusedUpdate(error, address, envFile));
    }
    ui.good('The Connect App is changed.');
    if (differences.some(({ setting }) => setting === 'permissions')) {
      ui.warn(
        'Customers who are connected already press Connect again, so that it counts for them.',
      );
    }
  }
  if (env.length > 0 && agreed.env) {
    writeEnvFile(envFile, edited);
    ui.good(`${envFile} is written; only you can read it.`);
  }
}

function refusedUpdate(error: unknown, address: string, envFile: string): string {
  const { status, code } = explainTwilioError(error);
  const numbers = [status, code].filter(Boolean).join(', ');
  // What Twilio has answered says which value it does not like; without a status it is no answer of Twilio's.
  const said = status ? `: ${maskAccountSids((error as Error).message)}` : '';
  return `Twilio has not changed the Connect App (${numbers})${said}. ${envFile} is as it was. Change it by hand and run npm run setup again. ${howToMakeOne(address)}`;
}

/** The last words: what to do next. */
export function tellNext(
  ui: Ui,
  { address, envFile }: Plan,
  agreed: Agreed,
  overruled: readonly string[],
): void {
  if (!agreed.connectApp) {
    ui.warn(
      'The Connect App is as it was, so Connect will not work yet. Run npm run setup again, or change it in the Twilio Console.',
    );
  }
  if (!agreed.env) ui.warn(`${envFile} is as it was, so the app does not know these values yet.`);
  if (overruled.length > 0) {
    ui.warn(
      `Your shell sets ${overruled.join(', ')} to something else, and it counts more than ${envFile}: unset ${overruled.join(' ')}`,
    );
  }
  ui.end(`Next:
  1. npm start (if the app runs already, stop it first)
  2. Open ${address} and sign up, then press Connect
  3. npm run doctor looks whether everything is as it should be`);
}
