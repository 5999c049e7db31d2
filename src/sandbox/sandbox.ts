import path from 'node:path';
import express, { type ErrorRequestHandler, type Express } from 'express';
import { api } from './api.ts';
import { newConnectApp } from './connect-app.ts';
import { consent } from './consent.ts';
import { customerConsole } from './customer-console.ts';
import { connectApp, inventCustomers } from './customers.ts';
import { createFaults } from './faults.ts';
import { faultsPanel } from './faults-panel.ts';
import { FieldError } from './field-error.ts';
import { home } from './home.ts';
import { ownForms } from './own-forms.ts';
import { keepRecords } from './records.ts';

export interface SandboxOptions {
  /** Where it listens: on this machine only. */
  host: string;
  port: number;
  /** Where a browser reaches the app. */
  appUrl: string;
  /** It has the port to itself, with its API at the root; without this it is mounted in the app, at /sandbox. */
  alone?: boolean;
  /** Where to keep who allowed the app in, and the changed Connect App; without it, they end with the process. */
  file?: string | undefined;
  /** Adds a customer with about this many calls in a year. */
  calls?: number | undefined;
  /** How long each answer of the API waits, in milliseconds. */
  latency?: number | undefined;
  now?: () => number;
}

// A form that is too large, or a file that cannot be written: told without a stack trace.
const unreadable: ErrorRequestHandler = (error, req, res, next) => {
  if (res.headersSent) return next();
  if (error instanceof FieldError) {
    const { field, message } = error;
    if (req.accepts(['json', 'html']) === 'json') return res.status(400).json({ field, message });
    return res.status(400).render('problem', { title: 'That cannot be set', message });
  }
  const { status = 500, message } = error;
  const text = status < 500 ? 'cannot read this request' : `failed: ${message}`;
  return res.status(status).type('text').send(`The sandbox ${text}.\n`);
};

const VIEWS = path.join(import.meta.dirname, '..', '..', 'views', 'sandbox');

/**
 * A stand-in for Twilio: its consent page, as much of its REST API as the app uses, and what the two sides of Connect
 * do in its Console, with invented customers. The app meets it through `settings` alone, the same values that a real
 * account has.
 */
export function createSandbox(options: SandboxOptions) {
  const { host, port, appUrl, alone = false, file, calls, latency = 0, now = Date.now } = options;
  const root = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  // The app asks by the address that it listens on: BASE_URL may lead through a tunnel, away from this machine.
  const apiUrl = alone ? root : `${root}/sandbox`;
  const url = alone ? root : `${appUrl}/sandbox`;

  const customers = inventCustomers(calls);
  const records = keepRecords(newConnectApp(appUrl), file);
  const faults = createFaults();
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('views', VIEWS);
  app.set('view engine', 'ejs');

  app.use('/2010-04-01', api({ customers, records, faults, latency, now }));
  app.use((req, res, next) => {
    Object.assign(res.locals, { base: req.baseUrl, appUrl });
    const back = new URL(records.connectApp().authorizeRedirectUrl).origin;
    const policy = `default-src 'none'; style-src 'self'; form-action 'self' ${back}; base-uri 'none'; frame-ancestors 'none'`;
    res.set({ 'Content-Security-Policy': policy, 'Cache-Control': 'no-store' });
    next();
  });
  app.get('/sandbox.css', (_req, res) => res.sendFile(path.join(VIEWS, 'sandbox.css')));
  app.use(ownForms(new URL(url).origin));
  app.use(home(records, faults, apiUrl));
  app.use(consent(customers, records, now));
  app.use(customerConsole(customers, records));
  app.use(faultsPanel(faults));
  app.use((_req, res) => void res.status(404).render('not-found'));
  app.use(unreadable);

  const settings = {
    accountSid: connectApp.ownerSid,
    connectAppSid: connectApp.sid,
    authToken: connectApp.authToken,
    apiUrl,
    authorizeUrl: `${url}/authorize`,
  };
  return { app: app as Express, url, settings };
}
