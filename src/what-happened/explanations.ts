import { analytics, authorize, calls, type Outcome } from './outcomes.ts';
import { CALLS, type TwilioPage } from './twilio-pages.ts';

interface Explanation {
  /** The source file that answers. */
  file: string;
  /** Twilio's page about it; that about Connect, if none is named. */
  about?: TwilioPage;
  says(outcome: Outcome): string;
}

const SIGNED_IN = 'Someone is signed in already, so there was no form to show.';

/** Every route that shows a page or redirects. A test keeps it complete, and the files true. */
export const EXPLANATIONS: Record<string, Explanation> = {
  'GET /': {
    file: 'src/routes/home.ts',
    says: () =>
      'Someone signed in finds the Connect button here: a plain link to Twilio’s consent page, with a random state that the session remembers.',
  },
  'GET /sign-in': {
    file: 'src/routes/sign-in.ts',
    says: ({ to }) =>
      to
        ? SIGNED_IN
        : 'A form of our own. Connect signs nobody in: it opens an account to a user whom we know already.',
  },
  'POST /sign-in': {
    file: 'src/routes/sign-in.ts',
    says: ({ to }) =>
      to
        ? 'The e-mail and the password were right: a new session began, with a new state for the Connect button.'
        : 'Nobody was signed in: the page says why.',
  },
  'GET /sign-up': {
    file: 'src/routes/sign-in.ts',
    says: ({ to }) =>
      to
        ? SIGNED_IN
        : 'A form of our own, for users of this app. They need no Twilio account until they connect one.',
  },
  'POST /sign-up': {
    file: 'src/routes/sign-in.ts',
    says: ({ to }) =>
      to
        ? 'The user was stored, and a new session began, with a state for the Connect button.'
        : 'Nobody was signed up: the page says why.',
  },
  'POST /sign-in/demo': {
    file: 'src/routes/sign-in.ts',
    says: () =>
      'The demo user was signed in: a new session began, with a new state for the Connect button.',
  },
  'POST /sign-out': {
    file: 'src/routes/sign-in.ts',
    says: () => 'The session was deleted, and the state in it. Connected accounts stay connected.',
  },
  'GET /twilio/authorize': { file: 'src/routes/authorize.ts', says: authorize },
  'GET /myapp': {
    file: 'src/routes/my-app.ts',
    says: () =>
      'Lists the accounts that this user has connected, from our own database. Twilio is not asked.',
  },
  'POST /connections/:id/disconnect': {
    file: 'src/routes/my-app.ts',
    says: ({ to }) =>
      to
        ? 'This app stopped using the account: a note in our own database. Twilio is not told, so there our access goes on until the customer revokes it.'
        : 'Nothing was changed: the page says why.',
  },
  'GET /calls': { file: 'src/routes/calls.ts', about: CALLS, says: calls },
  'GET /calls/export': {
    file: 'src/routes/export.ts',
    about: CALLS,
    says: () =>
      'We asked Twilio for the newest thousand calls, to say how many the file will hold. Its link reads them all, some pages side by side.',
  },
  'GET /analytics': { file: 'src/routes/analytics.ts', about: CALLS, says: analytics },
  'POST /analytics/stop': {
    file: 'src/routes/analytics.ts',
    says: () => 'The reading of this account’s calls was stopped. What had been added up stays.',
  },
  'POST /analytics/go-on': {
    file: 'src/routes/analytics.ts',
    says: () => 'The page that follows goes on reading where the reading was stopped.',
  },
  'GET /faq': {
    file: 'src/routes/faq.ts',
    says: () => 'Answers for customers. Twilio asks every Connect App to have such a page.',
  },
};

/** Where no route answered, and for a route that a test would find missing above. */
export const UNEXPLAINED: Explanation = {
  file: 'src/app.ts',
  says: () => 'Nothing is written about this route yet: see src/what-happened/explanations.ts.',
};

/** What any route may come to, and what happens where there is none. Undefined: the route has its own words. */
export function explainInGeneral(
  route: string | undefined,
  { status, to }: Outcome,
): string | undefined {
  if (status === 500) return 'An error of our own. The log has it, as “failed”.';
  if (to === '/sign-in') {
    return 'Nobody is signed in, so nothing was done here, and the browser went on to the sign-in page.';
  }
  if (route !== undefined) return undefined;
  return status === 404
    ? 'No route of this app has this address.'
    : 'Stopped before it came to a route, by one of the checks above the routes.';
}
