import type { Request, RequestHandler, Response } from 'express';
import session from 'express-session';
import type { Config } from './config.ts';
import { maskAccountSids } from './connect/account-sid.ts';
import type { SpentState } from './connect/callback.ts';
import { type ConnectState, issueState } from './connect/state.ts';
import type { Db } from './database/database.ts';
import type { User } from './database/users.ts';
import { DatabaseUnreachable } from './errors.ts';
import { DbSessionStore } from './session-store.ts';

declare module 'express-session' {
  interface SessionData {
    user: User;
    connectState: ConnectState;
    spentState: SpentState;
  }
}

const LIFETIME_MS = 7 * 24 * 60 * 60 * 1000;

/** The session cookie. It lives a week; to read pages writes nothing, but when a Connect button was shown, once a minute. */
export function sessions(config: Config, db: Db, now: () => number): RequestHandler {
  const secure = config.baseUrl.startsWith('https:');
  const handler = session({
    name: secure ? '__Host-session' : 'session',
    secret: [...config.sessionSecrets],
    store: new DbSessionStore(db, now, LIFETIME_MS),
    resave: false,
    saveUninitialized: false,
    // Lax, not strict: a strict cookie would stay behind when Twilio sends the browser back.
    cookie: { httpOnly: true, sameSite: 'lax', secure, maxAge: LIFETIME_MS },
  });
  return (req, res, next) => {
    // The proxy that adds https is known by BASE_URL; express-session would ask the request and drop the cookie.
    if (secure) Object.defineProperty(req, 'secure', { value: true });
    handler(req, res, next);
  };
}

/** Who is signed in. The rest of the app asks only this and requireUser. */
export function currentUser(req: Request): User | undefined {
  return req.session?.user;
}

/** A page for signed-in users: gives it the user, and sends others to sign in, then back to the page they wanted. */
export function requireUser(
  show: (req: Request, res: Response, user: User) => unknown,
): RequestHandler {
  return (req, res) => {
    const user = currentUser(req);
    if (user) return show(req, res, user);
    // Whatever somebody writes into an address, no AccountSid goes on into one of ours.
    const page = maskAccountSids(req.originalUrl);
    const back = req.method === 'GET' ? `?next=${encodeURIComponent(page)}` : '';
    return res.redirect(303, `/sign-in${back}`);
  };
}

/** Signs a user in with a new session, so that a session id from before is worth nothing. */
export async function signIn(req: Request, user: User, now: number): Promise<void> {
  await callback((done) => req.session.regenerate(done));
  req.session.user = { id: user.id, email: user.email };
  // From the start, so that tabs which open together find the same one.
  req.session.connectState = issueState(now);
  await saveSession(req);
}

export async function signOut(req: Request): Promise<void> {
  await callback((done) => req.session.destroy(done));
}

/** Waits until the session is stored. A redirect may otherwise be followed before it is. */
export async function saveSession(req: Request): Promise<void> {
  await callback((done) => req.session.save(done));
}

/** The state for a Connect button on this page. */
export function connectState(req: Request, now: number): string {
  req.session.connectState = issueState(now, req.session.connectState);
  return req.session.connectState.value;
}

/**
 * Replaces a state that was used, and remembers which account it connects, if it does: it is `used` for any other from
 * then on. While Twilio was asked, another tab may have used it, or signed out.
 */
export async function spendState(
  req: Request,
  value: string,
  now: number,
  accountSid?: string,
): Promise<'spent' | 'used' | 'signed-out'> {
  try {
    await callback((done) => req.session.reload(done));
  } catch (error) {
    if (error instanceof DatabaseUnreachable) throw error;
    return 'signed-out';
  }
  const { connectState, spentState } = req.session;
  if (spentState?.value === value) return spentState.accountSid === accountSid ? 'spent' : 'used';
  req.session.spentState = { value, accountSid };
  if (connectState?.value === value) req.session.connectState = issueState(now);
  await saveSession(req);
  return 'spent';
}

function callback(run: (done: (error?: unknown) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => run((error) => (error ? reject(error) : resolve())));
}
