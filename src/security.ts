import type { Request, RequestHandler } from 'express';
import { ipKeyGenerator, type Options, rateLimit } from 'express-rate-limit';
import helmet from 'helmet';
import type { Config } from './config.ts';
import type { Deps } from './deps.ts';
import { PageError } from './errors.ts';
import { limitStore } from './limit-store.ts';

/** Response headers: no script, style, frame or picture that is not ours. */
export function securityHeaders(config: Config): RequestHandler {
  const https = config.baseUrl.startsWith('https:');
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
        ...(https && { upgradeInsecureRequests: [] }),
      },
    },
    // 'no-referrer' would turn the Origin of our own forms into "null" where a browser sends no Sec-Fetch-Site.
    referrerPolicy: { policy: 'same-origin' },
    strictTransportSecurity: https,
    frameguard: { action: 'deny' },
  });
}

/** Pages show what belongs to one user: no cache keeps them, and "back" after signing out shows none. */
export const noStore: RequestHandler = (_req, res, next) => {
  res.set('Cache-Control', 'no-store');
  next();
};

/**
 * Refuses `GET http://…`, as one asks a proxy. What we make of a request's target, an address to go on to or the text of
 * a signature, begins with BASE_URL: so it has to be a path.
 */
export const onlyPaths: RequestHandler = (req, _res, next) => {
  if (req.originalUrl.startsWith('/')) return next();
  throw new PageError(
    400,
    'That address cannot be used',
    'This app is no proxy: ask it for a path of its own, such as /calls.',
  );
};

/**
 * In development a page opened as 127.0.0.1 goes on at localhost, or whatever BASE_URL says: cookies belong to one
 * host name, so a session begun under another would be lost when Twilio sends the browser back. What came through a
 * proxy is left alone: a tunnel that rewrites Host would be sent round in circles.
 */
export function oneHostName(config: Config): RequestHandler {
  const expected = new URL(config.baseUrl).hostname;
  return (req, res, next) => {
    const pageView = req.method === 'GET' || req.method === 'HEAD';
    const proxied = req.get('X-Forwarded-For') ?? req.get('X-Forwarded-Host');
    if (config.production || !pageView || proxied || req.hostname === expected) return next();
    res.redirect(302, config.baseUrl + req.originalUrl);
  };
}

/** Refuses a form that another site sends in a visitor's name. A request with neither header is no browser's. */
export function sameOrigin(config: Config): RequestHandler {
  return (req, _res, next) => {
    if (['GET', 'HEAD', 'OPTIONS'].includes(req.method)) return next();
    const site = req.get('Sec-Fetch-Site');
    const origin = req.get('Origin');
    const ours = site
      ? site === 'same-origin' || site === 'none'
      : origin === undefined || origin === config.baseUrl;
    if (ours) return next();
    throw new PageError(
      403,
      'That form came from another site',
      'Nothing was changed. Open the page in this app and send the form from there.',
    );
  };
}

const MINUTE_MS = 60_000;

type Counting = Pick<Deps, 'db' | 'log' | 'now'>;

/** 10 failed sign-ins in 15 minutes for an e-mail, 30 for an address. `email` reads it from the form. */
export function signInLimits(deps: Counting, email: (req: Request) => string): RequestHandler[] {
  // Where too many passwords wait to be looked at, that is a 429 too.
  const failures = { windowMs: 15 * MINUTE_MS, free: [303, 429] };
  return [
    limit(deps, 'sign-ins', 'address', { ...failures, limit: 30, keyGenerator: address }),
    limit(deps, 'sign-ins', 'e-mail', { ...failures, limit: 10, keyGenerator: email }),
  ];
}

/** 20 sign-ups an hour for an address; a form that only has to be corrected is none. */
export function signUpLimit(deps: Counting): RequestHandler {
  const free = [400, 429];
  const hourly = { windowMs: 60 * MINUTE_MS, limit: 20, keyGenerator: address, free };
  return limit(deps, 'sign-ups', 'address', hourly);
}

/**
 * `free`: with these statuses a try does not count. One that a limit refuses does, and so does one whose sender hung up
 * before the answer.
 */
type Limit = Partial<Options> & { limit: number; windowMs: number; free: number[] };

function limit(deps: Counting, what: string, whose: string, { free, ...options }: Limit) {
  return rateLimit({
    ...options,
    store: limitStore(deps, { ...options, name: `${what} ${whose}` }),
    logger: deps.log,
    // Not skipFailedRequests: that gives back the tries of those who hang up.
    skipSuccessfulRequests: true,
    requestWasSuccessful: (_req, res) => !res.locals.overLimit && free.includes(res.statusCode),
    standardHeaders: false,
    legacyHeaders: false,
    // TRUST_PROXY decides what a forwarded address is worth; a stray header is no reason to print a warning.
    validate: { xForwardedForHeader: false, forwardedHeader: false },
    handler: (req, res) => {
      res.locals.overLimit = true;
      const { resetTime } = (req as Request & { rateLimit: { resetTime?: Date } }).rateLimit;
      const seconds = Math.max(1, Math.ceil(((resetTime?.getTime() ?? 0) - Date.now()) / 1000));
      const wait = seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
      throw new PageError(429, `Too many ${what}`, `Wait ${wait}, then try again.`, seconds);
    },
  });
}

function address(req: Request): string {
  return ipKeyGenerator(req.ip ?? '');
}
