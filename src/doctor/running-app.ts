import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Config } from '../config.ts';
import { identify } from '../identity.ts';
import { type Explanation, explainAnswer, explainFailure } from './explain-answer.ts';

const LIMIT_MS = 10_000;
const MOST_PROXIES = 20;

const UNWELL = 'the database does not answer';
const unwell = z.object({ status: z.literal(UNWELL) });
const healthz = z.object({
  identity: z.object({
    app: z.string(),
    settings: z.record(z.string(), z.string()),
    proxies: z.string(),
  }),
});

/** `isApp`: what answered is an app like this one, so the way to it is right. */
export type RunningApp =
  | { proxies: number; problem?: never }
  | { problem: Explanation; isApp: boolean; proxies?: never };

/** A request as a stranger sends it: no redirect is followed, 10 seconds at most. Rejects if nothing comes back. */
export function ask(url: string, options: RequestInit = {}): Promise<Response> {
  return fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(LIMIT_MS), ...options });
}

/**
 * Asks whoever answers at this address whether it is the app with this very configuration, by a nonce that only that
 * app can answer. Says through how many proxies the question went. Never rejects.
 */
export async function askRunningApp(origin: string, config: Config): Promise<RunningApp> {
  const nonce = randomBytes(16).toString('base64url');
  let answer: Response;
  try {
    answer = await ask(`${origin}/healthz?nonce=${nonce}`);
  } catch (error) {
    return { problem: explainFailure(origin, error), isApp: false };
  }
  const body: unknown = await answer.json().catch(() => undefined);
  const { data } = healthz.safeParse(body);
  if (!data) {
    const cure = 'See the line “Database”, and the app’s log.';
    return unwell.safeParse(body).success
      ? { problem: { cause: `The app answers, but says: ${UNWELL}.`, cure }, isApp: true }
      : { problem: explainAnswer(origin, answer), isApp: false };
  }
  const { identity } = data;
  const expected = identify(config, nonce, 0);
  if (identity.app !== expected.app) {
    return {
      problem: {
        cause: `An app like this one answers at ${new URL(origin).host}, but with another session secret.`,
        cure: 'If you have changed .env since it started, start it again. If not, it is another installation: see BASE_URL and where the proxy or tunnel leads.',
      },
      isApp: true,
    };
  }
  const changed = Object.keys(expected.settings).filter(
    (name) => identity.settings[name] !== expected.settings[name],
  );
  if (changed.length > 0) {
    return {
      problem: {
        cause: `The running app was started with another ${changed.join(', ')}.`,
        cure: 'Start it again, so that it reads .env anew; and run the doctor in the app’s folder.',
      },
      isApp: true,
    };
  }
  let proxies = 0;
  while (proxies <= MOST_PROXIES && identify(config, nonce, proxies).proxies !== identity.proxies) {
    proxies += 1;
  }
  return { proxies };
}
