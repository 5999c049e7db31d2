import RequestClient from 'twilio/lib/base/RequestClient.js';
import type * as http from 'twilio/lib/http/response.js';
import { TwilioUnreachable } from './explain-error.ts';
import { API, AT_ONCE } from './get-json.ts';
import { reportRequests } from './request-watch.ts';
import { createTurns, type InTurn } from './turns.ts';

// Shorter than the 10 seconds in which a page answers, so that a hung request ends by itself.
const TIMEOUT_MS = 7_000;
const RETRIES = 3;
// A choice: room for two exports of a customer with eight requests each, and for pages beside them. Nineteen customers whose
// answers never come leave room for the twentieth.
const AT_ONCE_FOR_ONE = 25;
const AT_ONCE_FOR_ALL = 500;

/**
 * The one HTTP client behind every customer client: kept-alive connections, so many at once for each of them, a time
 * limit, retries on 429.
 */
export function createTransport(apiUrl: string, timeoutMs = TIMEOUT_MS): RequestClient {
  return new Transport(apiUrl, timeoutMs);
}

// The SDK takes a subclass of its RequestClient as its door to the network.
class Transport extends RequestClient {
  readonly #apiUrl: string;
  readonly #inTurn: InTurn;

  constructor(apiUrl: string, timeout: number) {
    // The SDK's limits, 20 for a host and 100 in all, would let a few customers hold up everybody's pages.
    const sockets = { maxSockets: AT_ONCE_FOR_ALL, maxTotalSockets: AT_ONCE_FOR_ALL };
    super({ timeout, autoRetry: true, maxRetries: RETRIES, ...sockets, maxFreeSockets: 16 });
    this.#apiUrl = apiUrl;
    const late = () => new TwilioUnreachable('too many requests for this customer before it');
    this.#inTurn = createTurns(AT_ONCE_FOR_ONE, timeout, late);
    // The SDK's own limit is on silence; an answer that drips in forever needs one on the whole request.
    this.axios.interceptors.request.use((config) => {
      config.signal = AbortSignal.timeout(timeout);
      if (config.headers.delete(AT_ONCE)) Object.assign(config, { retryCount: RETRIES });
      return config;
    });
    reportRequests(this.axios);
  }

  override async request<T>(options: RequestClient.RequestOptions<T>): Promise<http.default<T>> {
    return this.#inTurn(options.username ?? '', async () => {
      try {
        // TWILIO_LOG_LEVEL=debug would make the SDK print URLs with AccountSids, past our logger.
        return await super.request({ ...options, uri: this.#rebase(options.uri), logLevel: 'off' });
      } catch (error) {
        // An AxiosError carries the Authorization header, our Auth Token in it: nothing of it may go further.
        throw new TwilioUnreachable((error as { code?: string }).code ?? 'no answer');
      }
    });
  }

  // Whatever region or edge the environment made of the host, the path goes to the API URL of our configuration.
  #rebase(uri: string): string {
    const { pathname, search } = new URL(uri, API);
    return this.#apiUrl + pathname + search;
  }
}
