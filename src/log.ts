import { type DestinationStream, type Logger, pino } from 'pino';
import { type Options, pinoHttp } from 'pino-http';
import pretty from 'pino-pretty';
import { maskAccountSids } from './connect/account-sid.ts';

export type Log = Logger;

/**
 * The logger. Every line is scrubbed as a whole on its way out, whoever wrote it: the `secrets` given here and
 * anything in a Basic header are replaced, AccountSids are masked, and what a terminal would obey is made harmless.
 */
export function createLog(
  level: string,
  secrets: readonly string[],
  destination: DestinationStream = forReaders(),
): Log {
  // JSON writes some characters as escapes, so a secret is looked for in both forms.
  const needles = secrets.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]);
  const streamWrite = (line: string) => {
    let clean = line.replace(/Basic [\w+/=-]+/gi, 'Basic [secret]');
    for (const needle of needles) clean = clean.replaceAll(needle, '[secret]');
    return maskAccountSids(clean).replace(CONTROLS, (found) =>
      found === '\\\\' ? found : '\ufffd',
    );
  };
  return pino({ level, base: undefined, hooks: { streamWrite } }, destination);
}

// In JSON: all but the line end and the tab, the C1 set, and what turns the direction of a text round. An escaped backslash
// is found too, so that no escape seems to begin in the middle of it.
const CONTROLS =
  /\\\\|\\(?:u00[01][\da-f]|[bfr])|[\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** JSON for machines; in a terminal one short line, for the person who sits there. */
function forReaders(): DestinationStream {
  if (!process.stdout.isTTY) return process.stdout;
  return pretty({ ignore: 'req,res,responseTime', singleLine: true, sync: true });
}

/** One line a request: method, path without its query (which may hold a state or a SID), status, milliseconds. */
export function requestLog(log: Log) {
  const options: Options = {
    logger: log,
    autoLogging: { ignore: (req) => /^\/(assets|healthz)\b/.test(req.url ?? '') },
    serializers: {
      req: (req: { method: string; url: string }) => ({
        method: req.method,
        path: req.url.split('?')[0],
      }),
      res: (res: { statusCode: number }) => ({ status: res.statusCode }),
      // The error handler has logged it; a second copy here would say nothing new.
      err: () => undefined,
    },
    customLogLevel: () => 'info',
    customSuccessMessage: (req, res) => `${req.method} ${path(req)} ${res.statusCode}`,
    customErrorMessage: (req, res) => `${req.method} ${path(req)} ${res.statusCode}`,
  };
  return pinoHttp(options);
}

// Express shortens `url` inside a router; the path as it was received is in `originalUrl`.
function path(req: { url?: string | undefined; originalUrl?: string }): string {
  return (req.originalUrl ?? req.url ?? '').split('?')[0] ?? '';
}
