import { createHash } from 'node:crypto';
import type { Store } from 'express-rate-limit';
import { countAttempt, forgetAttempt } from './database/attempts.ts';
import type { Db } from './database/database.ts';

// So long a key that is over its limit is not looked at again, and so many of them are kept at most.
const REFUSING_MS = 1_000;
const REFUSED_KEYS = 10_000;

/**
 * express-rate-limit's store on our own database: all processes of the app count together, and a restart forgets
 * nothing. Who is over `limit` is counted once a second, so that a flood is no flood of writes. `name` keeps apart what
 * is counted.
 */
export function limitStore(
  { db, now }: { db: Db; now: () => number },
  { name, limit, windowMs }: { name: string; limit: number; windowMs: number },
): Store {
  const refused = new Map<string, { until: number; count: number; endsAt: number }>();

  // A key may be an e-mail of any length that somebody made up, and nobody needs to read it.
  const stored = (key: string) => createHash('sha256').update(`${name} ${key}`).digest('base64url');

  return {
    prefix: `${name} `,
    localKeys: false,
    async increment(key) {
      const hash = stored(key);
      let attempts = refused.get(hash);
      const left = (attempts?.until ?? 0) - now();
      // More is left where the clock was set back.
      if (!attempts || left <= 0 || left > REFUSING_MS) {
        attempts = {
          ...(await countAttempt(db, { key: hash, now: now(), windowMs })),
          until: now() + REFUSING_MS,
        };
        refused.delete(hash);
        if (refused.size >= REFUSED_KEYS) refused.clear();
        if (attempts.count > limit) refused.set(hash, attempts);
      }
      // express-rate-limit compares it with the clock of the machine.
      const resetTime = new Date(Date.now() + attempts.endsAt - now());
      return { totalHits: attempts.count, resetTime };
    },
    decrement: (key) => forgetAttempt(db, stored(key)),
    resetKey: () => undefined, // nobody here asks for it
  };
}
