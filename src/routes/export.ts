import { pipeline } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import { Router } from 'express';
import type { Call } from '../calls/call.ts';
import { CSV_HEADER, toCsv } from '../calls/csv.ts';
import { exportView } from '../calls/export-view.ts';
import { attachment, csvFileName } from '../calls/file-name.ts';
import { readFilters, readOne } from '../calls/filters.ts';
import { listCalls } from '../calls/list.ts';
import { readAllCalls } from '../calls/read-all.ts';
import type { Deps } from '../deps.ts';
import { PageError } from '../errors.ts';
import { requireUser } from '../session.ts';
import type { AccountDirectory } from '../twilio/account-directory.ts';
import { explainTwilioError } from '../twilio/explain-error.ts';
import { callsOpener } from './open-calls.ts';

/** Of one user at once. Each may take 8 of our connections to Twilio. */
const MOST_EXPORTS = 2;

/**
 * GET /calls/export: says how many calls there are to download; its link, or its script, asks for the file.
 * GET /calls.csv: all calls that pass the filters, written as Twilio gives them, page after page. What fails before the
 * first byte gets the same page as at /calls; what fails later breaks the connection off, so that nobody takes half a
 * file for the whole. A choice: an export that has begun goes on when its visitor signs out or disconnects elsewhere.
 */
export function exportRoutes(deps: Deps, directory: AccountDirectory): Router {
  const router = Router();
  const open = callsOpener(deps, directory);
  // The user of each export that is going on.
  const running: number[] = [];

  const page = requireUser(async (req, res, user) => {
    const filters = readFilters(req.query);
    const opened = await open(req, res, user, ({ client, accountSid }) =>
      listCalls(client, accountSid, filters, { size: 1000, page: 0 }),
    );
    if (opened) res.render('export', exportView(opened, filters));
  });

  const csv = requireUser(async (req, res, user) => {
    const filters = readFilters(req.query);
    if (running.filter((id) => id === user.id).length >= MOST_EXPORTS) throw tooMany();
    const leaving = new AbortController();
    const { signal } = leaving;
    res.once('close', () => leaving.abort());
    running.push(user.id);
    const breakOff = (error: unknown) => {
      if (signal.aborted) return;
      const { kind, status, code } = explainTwilioError(error);
      deps.log.warn({ kind, status, code }, 'broke off');
      // A reset: in HTTP/1.0, which many a proxy speaks to us, an ordinary close is how a whole file ends.
      req.socket.resetAndDestroy();
    };
    try {
      const opened = await open(req, res, user, async ({ client, accountSid, until }) => {
        const pages = readAllCalls(client, accountSid, filters, { signal, firstBy: until });
        return { first: await pages.next(), pages };
      });
      if (!opened) return;
      // Who asked for the main account by name would take the file for its.
      if (opened.fellBack && readOne(req.query, 'account')) throw notReadable();
      res.set({
        'Content-Type': 'text/csv; charset=utf-8; header=present',
        'Content-Disposition': attachment(csvFileName(opened.account.name, filters)),
      });
      if (req.method === 'HEAD') return void res.end();
      const { first, pages } = opened.page;
      await pipeline(csvOf(first.value, pages, breakOff), res);
    } catch (error) {
      if (!res.headersSent) throw error;
    } finally {
      running.splice(running.indexOf(user.id), 1);
    }
  });

  router.get('/calls/export', page);
  router.get('/calls.csv', csv);
  return router;
}

/** The file, a page of calls at a time. What fails on the way goes to `breakOff` first. */
async function* csvOf(
  first: Call[] | undefined,
  rest: AsyncIterable<Call[]>,
  breakOff: (error: unknown) => void,
): AsyncGenerator<string> {
  try {
    yield CSV_HEADER + toCsv(first ?? []);
    for await (const page of rest) {
      yield toCsv(page);
      // On a fast connection the next page would be written at once: others have their turn first.
      await setImmediate();
    }
  } catch (error) {
    breakOff(error);
    throw error;
  }
}

function tooMany(): PageError {
  return new PageError(
    429,
    'Two exports are running already',
    'Wait until one of them has finished, or cancel it. Then try again.',
    10,
  );
}

function notReadable(): PageError {
  return new PageError(
    403,
    'This account may not be read',
    '“Read all account data” was not allowed, or the account is suspended. Open “Calls” and export from there.',
  );
}
