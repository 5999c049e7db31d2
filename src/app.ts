import path from 'node:path';
import express, { type Express } from 'express';
import type { Deps } from './deps.ts';
import { errorHandler, PageError } from './errors.ts';
import { requestLog } from './log.ts';
import { takeNotice } from './notice.ts';
import { analyticsRoutes } from './routes/analytics.ts';
import { authorizeRoutes } from './routes/authorize.ts';
import { callsRoutes } from './routes/calls.ts';
import { deauthorizeRoutes } from './routes/deauthorize.ts';
import { exportRoutes } from './routes/export.ts';
import { faqRoutes } from './routes/faq.ts';
import { healthzRoutes } from './routes/healthz.ts';
import { homeRoutes } from './routes/home.ts';
import { myAppRoutes } from './routes/my-app.ts';
import { signInRoutes } from './routes/sign-in.ts';
import { noStore, oneHostName, onlyPaths, sameOrigin, securityHeaders } from './security.ts';
import { currentUser, sessions } from './session.ts';
import { createAccountDirectory } from './twilio/account-directory.ts';
import { whatHappened } from './what-happened/what-happened.ts';

const VIEWS = path.join(import.meta.dirname, '..', 'views');

/** The app, in the order in which a request meets it. It never listens: server.ts and the tests do that. */
export function createApp(deps: Deps): Express {
  const { config, db, twilio, log, now } = deps;
  const directory = createAccountDirectory(twilio.customerClient, now);
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', config.trustProxy);
  app.set('views', VIEWS);
  app.set('view engine', 'ejs');

  app.use((req, res, next) => {
    // What the head of every page asks for, error pages included.
    res.locals.currentUser = () => currentUser(req);
    res.locals.takeNotice = () => takeNotice(req, res);
    next();
  });
  app.use(requestLog(log));
  app.use(securityHeaders(config));
  app.use(onlyPaths);
  app.use('/assets', express.static(path.join(VIEWS, 'assets'), { index: false }));
  app.use(noStore);
  app.use(healthzRoutes(deps));
  app.use(deauthorizeRoutes(deps)); // from Twilio itself, so before everything that is about browsers

  app.use(oneHostName(config));
  if (!config.production) app.use(whatHappened(deps)); // the panel at the foot of each page
  app.use(sessions(config, db, now));
  app.use(sameOrigin(config));
  app.use(express.urlencoded({ extended: false, limit: '16kb' }));

  app.use(homeRoutes(deps)); // GET /
  app.use(signInRoutes(deps)); // /sign-in, /sign-up, /sign-out
  app.use(authorizeRoutes(deps)); // GET /twilio/authorize: where Twilio sends the customer back
  app.use(myAppRoutes(deps)); // GET /myapp and its disconnect button
  app.use(callsRoutes(deps, directory)); // GET /calls: the customer's calls
  app.use(analyticsRoutes(deps, directory)); // GET /analytics: what those calls add up to
  app.use(exportRoutes(deps, directory)); // GET /calls/export, GET /calls.csv: all of them as a file
  app.use(faqRoutes()); // GET /faq

  app.use(() => {
    throw new PageError(404, 'There is no such page', 'The address may be mistyped or old.');
  });
  app.use(errorHandler(log));
  return app;
}
