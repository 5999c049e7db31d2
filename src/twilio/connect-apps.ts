import type { Twilio } from 'twilio';

export type Permission = 'get-all' | 'post-all';

/** What the owner's account says about a Connect App, as far as it concerns an app that is reached through it. */
export interface ConnectApp {
  sid: string;
  friendlyName: string;
  authorizeUrl: string;
  deauthorizeUrl: string;
  /** How Twilio calls the Deauthorize URL: GET or POST. */
  deauthorizeMethod: string;
  permissions: readonly Permission[];
}

type Instance = Awaited<ReturnType<ReturnType<Twilio['connectApps']>['fetch']>>;

/**
 * The Connect Apps of the account whose own credentials the client has, the first thousand of them.
 * https://www.twilio.com/docs/iam/api/connect-apps
 */
export async function listConnectApps(client: Twilio): Promise<ConnectApp[]> {
  return (await client.connectApps.list({ pageSize: 1000, limit: 1000 })).map(take);
}

export async function fetchConnectApp(client: Twilio, sid: string): Promise<ConnectApp> {
  return take(await client.connectApps(sid).fetch());
}

/** Changes what is given, and nothing else. */
export async function updateConnectApp(
  client: Twilio,
  sid: string,
  changes: Partial<Omit<ConnectApp, 'sid' | 'friendlyName'>>,
): Promise<ConnectApp> {
  const { authorizeUrl, deauthorizeUrl, deauthorizeMethod, permissions } = changes;
  const updated = await client.connectApps(sid).update({
    ...(authorizeUrl && { authorizeRedirectUrl: authorizeUrl }),
    ...(deauthorizeUrl && { deauthorizeCallbackUrl: deauthorizeUrl }),
    ...(deauthorizeMethod && { deauthorizeCallbackMethod: deauthorizeMethod }),
    ...(permissions && { permissions: [...permissions] }),
  });
  return take(updated);
}

// Twilio's description lets nearly every field be null.
function take(app: Instance): ConnectApp {
  return {
    sid: app.sid,
    friendlyName: app.friendlyName || 'Unnamed Connect App',
    authorizeUrl: app.authorizeRedirectUrl || '',
    deauthorizeUrl: app.deauthorizeCallbackUrl || '',
    deauthorizeMethod: app.deauthorizeCallbackMethod || '',
    permissions: app.permissions ?? [],
  };
}
