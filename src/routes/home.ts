import { Router } from 'express';
import { connectUrl } from '../connect/connect-url.ts';
import type { Deps } from '../deps.ts';
import { connectState, currentUser } from '../session.ts';

/**
 * GET /: where everyone begins. Signed in, it shows the Connect button: a link to Twilio's consent page that carries
 * our state. From there Twilio sends the browser to /twilio/authorize. https://www.twilio.com/docs/iam/connect
 */
export function homeRoutes({ twilio, now }: Deps): Router {
  const router = Router();

  router.get('/', (req, res) => {
    const signedIn = currentUser(req) !== undefined;
    const button = signedIn && connectUrl(twilio.settings, connectState(req, now()));
    res.render('home', { connectUrl: button });
  });

  return router;
}
