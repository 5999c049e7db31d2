import express, { Router } from 'express';
import { readConnectAppUpdate } from './connect-app.ts';
import { connectApp } from './customers.ts';
import type { Faults } from './faults.ts';
import type { Records } from './records.ts';

/**
 * GET /: the sandbox's own page: what it is, where it leads, and two things to turn: the Connect App, as its owner can
 * in Twilio's Console, and the failures of the API.
 * POST /connect-app: changes the Connect App, with the fields of the API's own update.
 */
export function home(records: Records, faults: Faults, apiUrl: string): Router {
  const router = Router();

  router.get('/', (_req, res) => {
    const app = records.connectApp();
    res.render('home', { app, owner: connectApp, faults: faults.state(), apiUrl });
  });

  router.post('/connect-app', express.urlencoded({ extended: false }), (req, res) => {
    records.changeConnectApp(readConnectAppUpdate(req.body ?? {}));
    res.redirect(303, `${res.locals.base}/#connect-app`);
  });

  return router;
}
