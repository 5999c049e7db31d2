import { type Request, type RequestHandler, type Response, Router } from 'express';
import { createUser, findUser, type User } from '../database/users.ts';
import type { Deps } from '../deps.ts';
import { hashPassword, verifyPassword } from '../password.ts';
import { signInLimits, signUpLimit } from '../security.ts';
import { currentUser, signIn, signOut } from '../session.ts';

/**
 * REPLACE ME WITH YOURS. A small real sign-in, so that the app has users to connect accounts to. Your own (a password, a
 * magic link, an identity provider) keeps the paths that the pages link to (/sign-in, and POST /sign-out), and does two
 * things: find or create the user's row in `users`, whose id the connections refer to, and call `signIn(req, user)`;
 * and call `signOut(req)`. Then delete the rest of this file, password.ts, the limits in security.ts, and the views
 * sign-in, sign-up and partials/password-form. Everything else asks only `currentUser` and `requireUser` of session.ts.
 *
 * GET shows a form, POST takes it; both lead to the page the visitor wanted (`next`) or to /.
 */
export function signInRoutes(deps: Deps): Router {
  const { config, db, now } = deps;
  const router = Router();

  const form: RequestHandler = (req, res) => {
    if (currentUser(req)) return res.redirect(303, '/');
    return showForm(req, res, 200);
  };
  router.get('/sign-in', form);
  router.get('/sign-up', form);

  router.post('/sign-in', ...signInLimits(deps, emailOf), async (req, res) => {
    const password = passwordOf(req);
    const user = await findUser(db, emailOf(req));
    const isRight = await verifyPassword(password, user?.passwordHash ?? null);
    if (user && isRight) return enter(req, res, user);
    return showForm(req, res, 401, 'This e-mail and password do not belong together.');
  });

  router.post('/sign-up', signUpLimit(deps), async (req, res) => {
    const email = emailOf(req);
    const password = passwordOf(req);
    // Characters as people count them: one beyond the first 65,536 is two of JavaScript's.
    const { length } = [...password];
    if (!/^[^\s@]+@[^\s@]+$/.test(email) || email.length > 254) {
      return showForm(req, res, 400, 'E-mail: write an address such as ada@example.com.');
    }
    if (length < 8 || length > 256) {
      return showForm(req, res, 400, 'Password: take 8 to 256 characters.');
    }
    const user = await createUser(db, {
      email,
      passwordHash: await hashPassword(password),
      now: now(),
    });
    if (user) return enter(req, res, user);
    return showForm(req, res, 409, 'This e-mail has an account already. Sign in instead.');
  });

  if (config.demoSignIn) {
    router.post('/sign-in/demo', async (req, res) => {
      const email = 'demo@example.com';
      const made = await createUser(db, { email, passwordHash: null, now: now() });
      const user = made ?? (await findUser(db, email));
      if (user) await enter(req, res, user);
    });
  }

  router.post('/sign-out', async (req, res) => {
    await signOut(req);
    res.redirect(303, '/');
  });

  async function enter(req: Request, res: Response, user: User): Promise<void> {
    const path = next(req);
    await signIn(req, user, now());
    res.redirect(303, path);
  }

  function showForm(req: Request, res: Response, status: number, problem?: string): void {
    const view = req.path === '/sign-up' ? 'sign-up' : 'sign-in';
    const locals = { problem, email: emailOf(req), next: next(req), demo: config.demoSignIn };
    res.status(status).render(view, locals);
  }

  /** The page to go on to, if it is one of ours: `//evil.example` and `/\evil.example` are not. */
  function next(req: Request): string {
    const wanted = req.body?.next ?? req.query.next;
    if (typeof wanted !== 'string' || !wanted.startsWith('/')) return '/';
    if (!URL.canParse(wanted, config.baseUrl)) return '/';
    const { origin, pathname, search } = new URL(wanted, config.baseUrl);
    // `/.//evil.example` is ours until its dots are gone.
    return origin === config.baseUrl && !pathname.startsWith('//') ? pathname + search : '/';
  }

  return router;
}

/** One e-mail, one spelling. One with a control character in it, which a database may refuse, counts as empty. */
function emailOf(req: Request): string {
  const email = field(req, 'email').trim().normalize('NFC').toLowerCase();
  return /\p{Cc}/u.test(email) ? '' : email;
}

/** The same letters, composed in the same way on every keyboard. */
function passwordOf(req: Request): string {
  return field(req, 'password').normalize('NFC');
}

// A field that is missing or repeated counts as empty, which no form takes.
function field(req: Request, name: string): string {
  const value: unknown = req.body?.[name];
  return typeof value === 'string' ? value : '';
}
