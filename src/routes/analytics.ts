import { setTimeout as sleep } from 'node:timers/promises';
import { type Request, type Response, Router } from 'express';
import { type Reading, readAccount, sourceOf, wholeOf } from '../analytics/account.ts';
import { toDay } from '../analytics/days.ts';
import { progressOf } from '../analytics/progress.ts';
import { analyticsUrl, readRange } from '../analytics/range.ts';
import { createScans } from '../analytics/scans.ts';
import { analyticsView } from '../analytics/view.ts';
import { chooseAccount, usableConnections } from '../calls/choose-account.ts';
import { readOne } from '../calls/filters.ts';
import { type Opened, openCalls } from '../calls/open.ts';
import { checkConnection, confirmRefusal } from '../calls/refusal.ts';
import { connectUrl } from '../connect/connect-url.ts';
import { readDays, readTotals, type Source } from '../database/call-totals.ts';
import { listConnections } from '../database/connections.ts';
import type { User } from '../database/users.ts';
import type { Deps } from '../deps.ts';
import { PageError } from '../errors.ts';
import { setNotice } from '../notice.ts';
import { connectState, requireUser } from '../session.ts';
import type { AccountDirectory } from '../twilio/account-directory.ts';
import { withDeadline } from '../twilio/deadline.ts';
import { explainTwilioError, problem, type TwilioProblem } from '../twilio/explain-error.ts';

// As for /calls: so long for reading, the rest for asking whether we may read at all.
const READING_MS = 7_000;
const PROBING_MS = 2_000;
const EVENT_EVERY_MS = 1_000;

/**
 * GET /analytics: what an account's calls add up to in the last `days`, or between two dates. The calls are read from
 * Twilio once, day by day, and only their totals are kept; a page shows the days that have been read so far.
 * GET /analytics/events tells a page's script how far the reading has come; POST /analytics/stop and /analytics/go-on
 * are its two buttons. https://www.twilio.com/docs/voice/api/call-resource#read-multiple-call-resources
 */
export function analyticsRoutes(deps: Deps, directory: AccountDirectory): Router {
  const { config, db, twilio, log, now, closing } = deps;
  const router = Router();
  const [secret = ''] = config.sessionSecrets;
  const { customerClient } = twilio;
  const scans = createScans({ db, customerClient, log, now, closing });

  const analytics = requireUser(async (req, res, user) => {
    const range = readRange(req.query, toDay(now()));
    const key = readOne(req.query, 'account');
    const connections = usableConnections(await listConnections(db, user.id));
    if (connections.length === 0) {
      setNotice(res, 'connect-first');
      return res.redirect(303, '/myapp');
    }

    const until = performance.now() + READING_MS;
    const choice = await chooseAccount(connections, key, directory, secret, until);
    const { connection } = choice;
    if (connection.status === 'deauthorized') return refuse(req, res, problem('refused').page);

    const client = await customerClient(connection.accountSid);
    const read = (accountSid: string) =>
      readAccount(scans, db, connection, accountSid, range.period);
    let opened: Opened<Reading>;
    try {
      if (choice.error) throw choice.error;
      opened = await withDeadline(until, openCalls(choice, read, directory, secret));
    } catch (error) {
      const { kind, status, code, page } = explainTwilioError(error);
      log.warn({ kind, status, code }, 'no analytics');
      if (kind !== 'refused') throw new PageError(page.status, page.title, page.message);
      return refuse(req, res, await confirmRefusal(deps, client, connection, PROBING_MS));
    }
    // Days that are settled are shown without a word of Twilio: then nothing else tells that it refuses us.
    const { error } = await directory.list(connection);
    if (connection.status === 'refused' || explainTwilioError(error).kind === 'refused') {
      const page = await checkConnection(deps, client, connection, PROBING_MS);
      if (page) return refuse(req, res, page);
    }
    const { source, scan } = opened.page;
    if (scan?.status === 'failed' && scan.twilioStatus === null) {
      throw new Error('the scan of calls failed: see the line about it');
    }
    const totals = await readTotals(db, source, wholeOf(range.period));
    return res.render('analytics', analyticsView(opened, range, totals, now()));
  });

  const events = requireUser(async (req, res, user) => {
    const days = wholeOf(readRange(req.query, toDay(now())).period);
    const source = await findSource(req.query, user);
    let isOpen = true;
    res.on('close', () => {
      isOpen = false;
    });
    res.set({ 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' });
    while (isOpen) {
      const readAt = await readDays(db, source, days);
      const progress = progressOf(await scans.find(source), days, (day) => readAt.get(day), now());
      if (progress?.status !== 'running') break;
      const { read, total } = progress;
      res.write(`event: progress\ndata: ${JSON.stringify({ read, total })}\n\n`);
      await sleep(EVENT_EVERY_MS);
    }
    res.end('event: end\ndata: {}\n\n');
  });

  const button = (act: (source: Source) => Promise<void>) =>
    requireUser(async (req, res, user) => {
      const form = req.body ?? {};
      const { query } = readRange(form, toDay(now()));
      await act(await findSource(form, user));
      res.redirect(303, analyticsUrl(readOne(form, 'account') ?? '', query));
    });

  /** The account that an address or a form of our page names. */
  async function findSource(query: Record<string, unknown>, user: User): Promise<Source> {
    const connections = usableConnections(await listConnections(db, user.id));
    const key = readOne(query, 'account');
    const until = performance.now() + READING_MS;
    const { connection, accountSid, error } = await chooseAccount(
      connections,
      key,
      directory,
      secret,
      until,
    );
    if (error) {
      const { page } = explainTwilioError(error);
      throw new PageError(page.status, page.title, page.message);
    }
    return sourceOf(connection, accountSid ?? connection.ownerAccountSid ?? connection.accountSid);
  }

  function refuse(req: Request, res: Response, page: TwilioProblem['page']): void {
    const url = connectUrl(twilio.settings, connectState(req, now()));
    res.status(page.status).render('error', { ...page, connectUrl: url });
  }

  router.get('/analytics', analytics);
  router.get('/analytics/events', events);
  router.post('/analytics/stop', button(scans.stop));
  router.post('/analytics/go-on', button(scans.goOn));
  return router;
}
