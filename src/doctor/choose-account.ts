import type { Twilio } from 'twilio';
import { maskAccountSids } from '../connect/account-sid.ts';
import { schema } from '../environment.ts';
import { StartError } from '../errors.ts';
import { createCustomerClient } from '../twilio/customer-client.ts';
import { probeOwner } from '../twilio/owner.ts';
import { explainOwnerProblem } from './explain-owner.ts';
import { known, type Sources } from './known.ts';
import { readVariable, type Variable } from './setup-flags.ts';
import type { Ui } from './ui.ts';

export interface OwnAccount {
  accountSid: string;
  authToken: string;
  /** With our own credentials. */
  client: Twilio;
}

/** What is wrong with a text as the value of this variable, for the person who has typed it. */
export function wrongAs(variable: Variable): (text: string) => string | undefined {
  return (text) => readVariable(variable, text).cure;
}

/**
 * The account that owns the Connect App. The pair is tried at Twilio at once; a wrong one is asked for again.
 * @throws StartError in a script, with the cause
 */
export async function chooseAccount(
  ui: Ui,
  sources: Sources,
  apiUrl = schema.shape.TWILIO_API_URL.parse(undefined),
): Promise<OwnAccount> {
  let accountSid = known('TWILIO_ACCOUNT_SID', sources)?.value;
  let authToken = known('TWILIO_AUTH_TOKEN', sources)?.value;
  let typed = accountSid ?? '';
  while (true) {
    accountSid ??= await ui.text(
      'Account SID, from the first page of the Twilio Console',
      typed,
      wrongAs('TWILIO_ACCOUNT_SID'),
    );
    authToken ??= await ui.secret(
      'Auth Token, from the same place (it is not shown)',
      wrongAs('TWILIO_AUTH_TOKEN'),
    );
    accountSid = readVariable('TWILIO_ACCOUNT_SID', accountSid).value ?? accountSid;
    const client = createCustomerClient({ apiUrl, authToken })(accountSid);
    const problem = await tryAccount(ui, client);
    if (!problem) return { accountSid, authToken, client };
    if (ui.isScript) throw new StartError(problem);
    ui.warn(problem);
    typed = accountSid;
    accountSid = undefined;
    authToken = undefined;
  }
}

/** What is wrong with the account; undefined if it can be used. */
async function tryAccount(ui: Ui, client: Twilio): Promise<string | undefined> {
  const { owner, problem } = await probeOwner(client);
  if (problem) {
    const { cause, cure } = explainOwnerProblem(problem);
    return `${cause} ${cure}`;
  }
  const name = `“${owner.friendlyName}” (${maskAccountSids(client.accountSid)})`;
  if (owner.status !== 'active') {
    return `The account ${name} is ${owner.status}. The Twilio Console says why.`;
  }
  ui.good(`Twilio account: ${name}`);
  if (owner.isTrial) {
    ui.warn(
      'This is a trial account. Twilio lets only upgraded accounts have a Connect App: upgrade it in the Console.',
    );
  }
  return undefined;
}
