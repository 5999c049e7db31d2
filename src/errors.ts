import type { ErrorRequestHandler } from 'express';
import type { Log } from './log.ts';

/** A mistake that only the person who starts the app can mend: shown alone, without a stack trace. */
export class StartError extends Error {
  override name = 'StartError';
}

/** The database is gone, starting, or too busy to answer: this request fails, the next one may not. */
export class DatabaseUnreachable extends Error {
  override name = 'DatabaseUnreachable';
  /** The driver's code, or its message where it gives none. */
  readonly code: string;

  constructor(code: string, problem = 'the database does not answer') {
    super(`${problem} (${code})`);
    this.code = code;
  }
}

/** The database can be read, but its disk is full or lets nobody write. This request failed, the next one may not. */
export class DatabaseUnwritable extends DatabaseUnreachable {
  override name = 'DatabaseUnwritable';

  /** `cure` is for whoever runs the app: they find it in the log. */
  constructor(code: string, cure: string) {
    super(code, `the database cannot be written: ${cure}; the app goes on by itself then`);
  }
}

/** What a visitor is told when a page cannot be shown: what happened, and what to do next. */
export class PageError extends Error {
  override name = 'PageError';
  readonly status: number;
  readonly title: string;
  /** Seconds to wait, sent as Retry-After. */
  readonly retryAfter: number | undefined;

  constructor(status: number, title: string, message: string, retryAfter?: number) {
    super(message);
    this.status = status;
    this.title = title;
    this.retryAfter = retryAfter;
  }
}

/** A form field or query parameter that cannot be used: a 400 page that names it. */
export function badInput(field: string, problem: string): PageError {
  const message = `${field}: ${problem} Go back to correct it: what you entered is still there.`;
  return new PageError(400, 'That address or form cannot be used', message);
}

// What Express, the body parser and the router throw: an Error with a status, its text not meant for visitors.
const UNREADABLE = ['That request cannot be answered', 'Go back and try again.'] as const;
const EXPLAINED: Record<number, readonly [title: string, message: string]> = {
  413: ['That form is too large', 'A form may hold 16 KB. Shorten it and send it again.'],
  415: ['That form cannot be read', 'Send it as application/x-www-form-urlencoded in UTF-8.'],
};

const DATABASE_WAIT_S = 5;
const REPAIR_WAIT_S = 60;

function toPageError(error: unknown): PageError {
  if (error instanceof PageError) return error;
  if (error instanceof DatabaseUnwritable) {
    return new PageError(
      503,
      'Nothing can be stored at the moment',
      'If you changed something, it may not have been stored; what was stored before is safe. Try again in a minute; if it stays so, tell whoever runs this app.',
      REPAIR_WAIT_S,
    );
  }
  if (error instanceof DatabaseUnreachable) {
    return new PageError(
      503,
      'The database does not answer',
      'What you did last may not have been stored. Wait a few seconds, then try again.',
      DATABASE_WAIT_S,
    );
  }
  const status = (error as { status?: unknown } | null)?.status;
  if (typeof status === 'number' && status >= 400 && status < 500) {
    const [title, message] = EXPLAINED[status] ?? UNREADABLE;
    return new PageError(status, title, message);
  }
  return new PageError(
    500,
    'Something went wrong on our side',
    'Nothing was changed on your Twilio account. Try again; if it stays so, tell whoever runs this app.',
  );
}

/** The one error handler, last in app.ts: a page for the visitor, and a log line for whatever is our own fault. */
export function errorHandler(log: Log): ErrorRequestHandler {
  return (error, req, res, next) => {
    const page = toPageError(error);
    if (page.status >= 500 && !(error instanceof PageError))
      log.error({ err: error, method: req.method, path: req.path }, 'failed');
    // The whole answer is out, and only its session was not stored: the connection is good for the next request.
    if (res.writableEnded) return;
    // Half an answer is out already: Express closes the connection, so that it cannot look whole.
    if (res.headersSent) return next(error);
    if (page.retryAfter) res.set('Retry-After', String(page.retryAfter));
    res.status(page.status).render('error', { title: page.title, message: page.message });
  };
}
