import express, { Router } from 'express';
import { readConnectAppUpdate } from './connect-app.ts';
import { connectApp } from './customers.ts';
import type { Records } from './records.ts';

/**
 * GET /: the sandbox's own page: what it is, where it leads, and the Connect App as its owner can change it in Twilio's
 * Console.
 * POST /connect-app: changes the Connect App, with the fields of the API's own update.
 */
export function home(records: Records, apiUrl: string): Router {
  const router = Router();

  router.get('/', (_req, res) => {
    const app = records.connectApp();
    res.render('home', { app, owner: connectApp, apiUrl });
  });

  router.post('/connect-app', express.urlencoded({ extended: false }), (req, res) => {
    records.changeConnectApp(readConnectAppUpdate(req.body ?? {}));
    res.redirect(303, `${res.locals.base}/#connect-app`);
  });

  return router;
}
