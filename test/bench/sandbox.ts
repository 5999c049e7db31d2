import type { Credentials } from './app.ts';
import type { Helper, Lab } from './lab.ts';
import type { SandboxOptions } from './processes/sandbox.ts';

/** The sandbox, alone in its own process, with its large customer who has let our app in. */
export interface LargeCustomer extends Helper {
  settings: Credentials & { apiUrl: string; authorizeUrl: string };
  /** The account that Connect made for our app, and the one with the calls. */
  connectSid: string;
  mainSid: string;
  /** Asks the API for a path beneath the main account. */
  get<Body>(path: string): Promise<Body>;
}

export async function startSandbox(lab: Lab, options: SandboxOptions): Promise<LargeCustomer> {
  const helper = (await lab.start('sandbox.ts', { ...options })) as Helper &
    Pick<LargeCustomer, 'settings'>;
  const { settings } = helper;
  // The consent page, answered: only an account that allowed us in opens to our Auth Token.
  const consent = await fetch(`${settings.authorizeUrl}/${settings.connectAppSid}`, {
    method: 'POST',
    body: new URLSearchParams({ customer: 'metropolis', decision: 'allow' }),
    redirect: 'manual',
  });
  const connectSid = new URL(consent.headers.get('location') ?? '').searchParams.get('AccountSid');
  if (!connectSid) throw new Error('the large customer of the sandbox did not let us in');

  const login = Buffer.from(`${connectSid}:${settings.authToken}`).toString('base64');
  const headers = { Authorization: `Basic ${login}` };
  const root = `${helper.url}/2010-04-01/Accounts`;
  const get = async <Body>(url: string) => (await (await fetch(url, { headers })).json()) as Body;
  const { owner_account_sid: mainSid } = await get<{ owner_account_sid: string }>(
    `${root}/${connectSid}.json`,
  );
  return { ...helper, connectSid, mainSid, get: (path) => get(`${root}/${mainSid}${path}`) };
}
