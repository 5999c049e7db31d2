/**
 * Where the Connect button leads: Twilio's consent page for our Connect App. Twilio hands `state` back to our
 * Authorize URL. https://www.twilio.com/docs/iam/connect
 */
export function connectUrl(
  app: { authorizeUrl: string; connectAppSid: string },
  state: string,
): string {
  const url = new URL(`${app.authorizeUrl.replace(/\/$/, '')}/${app.connectAppSid}`);
  url.searchParams.set('state', state);
  return url.href;
}
