import type { ConnectApp, Permission } from '../twilio/connect-apps.ts';
import { differingParts } from './url-parts.ts';

export type Settings = Pick<
  ConnectApp,
  'authorizeUrl' | 'deauthorizeUrl' | 'deauthorizeMethod' | 'permissions'
>;

/** What an app at this address needs of its Connect App. Permissions that it asks for already are kept. */
export function neededSettings(baseUrl: string, asked: readonly Permission[] = []): Settings {
  return {
    authorizeUrl: `${baseUrl}/twilio/authorize`,
    deauthorizeUrl: `${baseUrl}/twilio/deauthorize`,
    // GET would work, but it writes AccountSids into the log of every proxy on the way.
    deauthorizeMethod: 'POST',
    // "Read all account data": without it the customer's own calls stay closed to us.
    permissions: [...new Set<Permission>([...asked, 'get-all'])],
  };
}

/** What they are called in the Twilio Console. */
const NAMES: Record<keyof Settings, string> = {
  authorizeUrl: 'Authorize URL',
  deauthorizeUrl: 'Deauthorize URL',
  deauthorizeMethod: 'Deauthorize method',
  permissions: 'Permissions',
};

export interface Difference {
  setting: keyof Settings;
  name: string;
  is: string;
  needed: string;
  /** Of two addresses, the parts in which they differ. */
  parts: string[];
}

/** What has to change on the Connect App for an app at this address. */
export function differences(app: ConnectApp, baseUrl: string): Difference[] {
  const needed = neededSettings(baseUrl, app.permissions);
  return (Object.keys(NAMES) as (keyof Settings)[])
    .map((setting) => ({
      setting,
      name: NAMES[setting],
      is: [app[setting]].flat().join(', '),
      needed: [needed[setting]].flat().join(', '),
    }))
    .filter(({ is, needed }) => is !== needed)
    .map((difference) => {
      const { setting, is, needed } = difference;
      const parts = is && setting.endsWith('Url') ? differingParts(is, needed) : [];
      return { ...difference, is: is || 'none', parts };
    });
}

/** The update that does away with these differences, and changes nothing else. */
export function changesFor(
  app: ConnectApp,
  baseUrl: string,
  found: readonly Difference[],
): Partial<Settings> {
  const needed = neededSettings(baseUrl, app.permissions);
  return Object.fromEntries(found.map(({ setting }) => [setting, needed[setting]]));
}
