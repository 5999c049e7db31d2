import { createHash } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import type { Deps } from '../deps.ts';
import { watchRequests } from '../twilio/request-watch.ts';
import { KEPT_MS, keepChains } from './chains.ts';
import { collectRequests } from './requests.ts';
import { describeStep, type Step } from './steps.ts';

const COOKIE = 'what-happened';
const HERE = 'http://this.app';

/**
 * "What just happened", for the developer: at the foot of each page, the requests to Twilio that the page made, and the
 * redirects that led to it, with theirs. It listens to the transport and to redirects, so no route knows of it.
 * To remove it: this folder, its two lines in app.ts, what views/partials/foot.ejs says of it, and its view, script
 * and styles.
 */
export function whatHappened({ now }: Pick<Deps, 'now'>, chains = keepChains(now)): RequestHandler {
  return (req, res, next) => {
    const before = chains.take(chainId(req), digest(req.originalUrl));
    const { collected, watch } = collectRequests();
    // Called by the foot of whatever page is rendered.
    res.locals.whatHappened = () =>
      panel([...before, describeStep(req, res.statusCode, collected)]);
    beforeHeaders(res, () => {
      const location = String(res.getHeader('Location') ?? '');
      if (!location || !URL.canParse(location, HERE)) return;
      const { origin, pathname, search } = new URL(location, HERE);
      if (origin !== HERE) return;
      const steps = [...before, describeStep(req, res.statusCode, collected, pathname)];
      const id = chains.keep(digest(pathname + search), steps);
      const { secure } = req;
      res.cookie(COOKIE, id, { httpOnly: true, sameSite: 'lax', secure, maxAge: KEPT_MS });
    });
    watchRequests(watch, next);
  };
}

function chainId(req: Request): string {
  return /(?:^|;\s*)what-happened=([\w-]+)/.exec(req.headers.cookie ?? '')?.[1] ?? '';
}

// An address may hold a state or a SID. To compare it, its digest will do.
function digest(address: string): string {
  return createHash('sha256').update(address).digest('base64url');
}

function beforeHeaders(res: Response, act: () => void): void {
  const { writeHead } = res;
  res.writeHead = (...args: unknown[]) => {
    act();
    return Reflect.apply(writeHead, res, args);
  };
}

/** What views/partials/what-happened.ejs shows. */
function panel(steps: readonly Step[]) {
  const count = (n: number, thing: string) => `${n || 'no'} ${thing}${n === 1 ? '' : 's'}`;
  const requests = steps.reduce((sum, { requests, more }) => sum + requests.length + more, 0);
  const before = steps.length - 1;
  const summary = `${count(requests, 'request')} to Twilio${before > 0 ? `, ${count(before, 'step')} before` : ''}`;
  const hasCommands = steps.some((step) => step.requests.some(({ command }) => command));
  return { steps, summary, hasCommands };
}
