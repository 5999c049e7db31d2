import path from 'node:path';
import express, { type ErrorRequestHandler, type Express } from 'express';
import { api } from './api.ts';
import { keepAuthorizations } from './authorizations.ts';
import { consent } from './consent.ts';
import { connectApp, inventCustomers } from './customers.ts';

export interface SandboxOptions {
  /** Where it listens: on this machine only, and mounted at /sandbox. */
  host: string;
  port: number;
  /** Where a browser reaches the app. */
  appUrl: string;
  /** Where to keep who allowed the app in; without it they are forgotten when the process ends. */
  file?: string;
  now?: () => number;
}

// A form that is too large, or a file that cannot be written: told without a stack trace.
const unreadable: ErrorRequestHandler = ({ status = 500, message }, _req, res, next) => {
  if (res.headersSent) return next();
  const text = status < 500 ? 'cannot read this request' : `failed: ${message}`;
  return res.status(status).type('text').send(`The sandbox ${text}.\n`);
};

const VIEWS = path.join(import.meta.dirname, '..', '..', 'views', 'sandbox');

/**
 * A stand-in for Twilio: its consent page and as much of its REST API as the app uses, with invented customers. The
 * app meets it through `settings` alone, the same values that a real account has.
 */
export function createSandbox({ host, port, appUrl, file, now = Date.now }: SandboxOptions) {
  const customers = inventCustomers();
  const authorizations = keepAuthorizations(file);
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('views', VIEWS);
  app.set('view engine', 'ejs');

  app.use('/2010-04-01', api(customers, authorizations, now));
  app.use((req, res, next) => {
    Object.assign(res.locals, { base: req.baseUrl, appUrl });
    const policy = `default-src 'none'; style-src 'self'; form-action 'self' ${appUrl}; base-uri 'none'; frame-ancestors 'none'`;
    res.set({ 'Content-Security-Policy': policy, 'Cache-Control': 'no-store' });
    next();
  });
  app.get('/sandbox.css', (_req, res) => res.sendFile(path.join(VIEWS, 'sandbox.css')));
  app.use(consent(customers, `${appUrl}/twilio/authorize`, authorizations));
  app.use((_req, res) => void res.status(404).render('not-found'));
  app.use(unreadable);

  const address = host.includes(':') ? `[${host}]` : host;
  const settings = {
    accountSid: connectApp.ownerSid,
    connectAppSid: connectApp.sid,
    authToken: connectApp.authToken,
    // The app asks by the address that it listens on: BASE_URL may lead through a tunnel, away from this machine.
    apiUrl: `http://${address}:${port}/sandbox`,
    authorizeUrl: `${appUrl}/sandbox/authorize`,
  };
  return { app: app as Express, settings };
}
