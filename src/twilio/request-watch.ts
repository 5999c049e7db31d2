import { AsyncLocalStorage } from 'node:async_hooks';
import type RequestClient from 'twilio/lib/base/RequestClient.js';

/** A request as it goes out to Twilio. Never a header, a password or a body. */
export interface SentRequest {
  method: string;
  /** With its query, as sent. */
  url: string;
  /** The username that it authenticates with. */
  accountSid: string;
}

/** How it ended: with Twilio's status, or with the code of what went wrong on the way. */
export interface Ending {
  status?: number;
  failure?: string;
  ms: number;
}

/** Hears of a request when it is sent, and gives back what to call when it ends. */
export type Watch = (request: SentRequest) => (ending: Ending) => void;

const watches = new AsyncLocalStorage<Watch>();

/** Runs `work`, and tells `watch` of every request to Twilio that comes of it, however deep inside. */
export function watchRequests<T>(watch: Watch, work: () => T): T {
  return watches.run(watch, work);
}

/** Makes the transport tell whoever watches. The SDK's own retries are requests like all others here. */
export function reportRequests(axios: RequestClient['axios']): void {
  axios.interceptors.request.use((config) => {
    const watch = watches.getStore();
    if (!watch) return config;
    const sentAt = performance.now();
    const tell = watch({
      method: String(config.method).toUpperCase(),
      url: axios.getUri(config),
      accountSid: usernameOf(String(config.headers.Authorization)),
    });
    const ended: Watched['ended'] = (how) => {
      tell({ ...how, ms: Math.round(performance.now() - sentAt) });
    };
    // Asked about every answer, so about a 429 too that the SDK keeps to itself and tries again.
    const validateStatus = (status: number) => {
      ended({ status });
      return true;
    };
    return Object.assign(config, { ended, validateStatus });
  });
  axios.interceptors.response.use(
    undefined,
    (error: { code?: string; config?: Partial<Watched> }) => {
      error.config?.ended?.({ failure: error.code ?? 'no answer' });
      throw error;
    },
  );
}

/** What a watched request carries with it, through axios and back in its errors. */
interface Watched {
  ended(how: Omit<Ending, 'ms'>): void;
}

function usernameOf(basic: string): string {
  return Buffer.from(basic.replace('Basic ', ''), 'base64').toString().split(':')[0] ?? '';
}
