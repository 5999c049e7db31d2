import RequestClient from 'twilio/lib/base/RequestClient.js';
import type * as http from 'twilio/lib/http/response.js';
import { TwilioUnreachable } from './explain-error.ts';
import { API, AT_ONCE } from './get-json.ts';
import { reportRequests } from './request-watch.ts';

// Shorter than the 10 seconds in which a page answers, so that a hung request ends by itself.
const TIMEOUT_MS = 7_000;
const RETRIES = 3;

/** The one HTTP client behind every customer client: kept-alive connections, a time limit, retries on 429. */
export function createTransport(apiUrl: string, timeoutMs = TIMEOUT_MS): RequestClient {
  return new Transport(apiUrl, timeoutMs);
}

// The SDK takes a subclass of its RequestClient as its door to the network.
class Transport extends RequestClient {
  readonly #apiUrl: string;

  constructor(apiUrl: string, timeout: number) {
    // A long read takes 8 connections; the SDK's limit of 20 would let two of them hold up everybody's pages.
    super({ timeout, autoRetry: true, maxRetries: RETRIES, maxSockets: 100, maxFreeSockets: 16 });
    this.#apiUrl = apiUrl;
    // The SDK's own limit is on silence; an answer that drips in forever needs one on the whole request.
    this.axios.interceptors.request.use((config) => {
      config.signal = AbortSignal.timeout(timeout);
      if (config.headers.delete(AT_ONCE)) Object.assign(config, { retryCount: RETRIES });
      return config;
    });
    reportRequests(this.axios);
  }

  override async request<T>(options: RequestClient.RequestOptions<T>): Promise<http.default<T>> {
    try {
      // TWILIO_LOG_LEVEL=debug would make the SDK print URLs with AccountSids, past our logger.
      return await super.request({ ...options, uri: this.#rebase(options.uri), logLevel: 'off' });
    } catch (error) {
      // An AxiosError carries the Authorization header, our Auth Token in it: nothing of it may go further.
      throw new TwilioUnreachable((error as { code?: string }).code ?? 'no answer');
    }
  }

  // Whatever region or edge the environment made of the host, the path goes to the API URL of our configuration.
  #rebase(uri: string): string {
    const { pathname, search } = new URL(uri, API);
    return this.#apiUrl + pathname + search;
  }
}
