import type { Request, Response } from 'express';

/** What a page may say once, on top, about what has just happened. */
const NOTICES = {
  connected: 'Connected. From now on this app may read that account’s calls.',
  reconnected: 'Connected again. The account was yours already, and now it is up to date.',
  repeated: 'That account is connected already. Twilio sent you back twice; nothing was changed.',
  declined:
    'You did not allow access, so nothing was connected. You can press Connect whenever you like.',
  'signed-out': 'You were signed out, so nothing was connected. Sign in, then press Connect again.',
  'connect-first': 'There is no connected account to read calls from. Press Connect first.',
  disconnected:
    'Disconnected: this app has stopped using that account. Twilio still allows it to, until you revoke access there.',
  ended:
    'Access to that account was revoked on Twilio’s side already. There was nothing left to disconnect.',
} as const;

export type Notice = keyof typeof NOTICES;

// As with the session's cookie: with this beginning, no other host of the domain can set it.
const nameFor = (req: Request) => (req.secure ? '__Host-notice' : 'notice');
const options = (res: Response) =>
  ({ httpOnly: true, sameSite: 'lax', path: '/', secure: res.req.secure }) as const;

/** Keeps a notice for the next page. A cookie holds its name only, so that someone signed out can have one too. */
export function setNotice(res: Response, notice: Notice): void {
  res.cookie(nameFor(res.req), notice, { ...options(res), maxAge: 60_000 });
}

/** The notice's sentence, once. Called while a page is rendered, so that a redirect on the way does not lose it. */
export function takeNotice(req: Request, res: Response): string | undefined {
  const cookie = new RegExp(`(?:^|;\\s*)${nameFor(req)}=([a-z-]+)`);
  const name = cookie.exec(req.headers.cookie ?? '')?.[1];
  if (name === undefined) return undefined;
  res.cookie(nameFor(req), '', { ...options(res), maxAge: 0 });
  return Object.hasOwn(NOTICES, name) ? NOTICES[name as Notice] : undefined;
}
