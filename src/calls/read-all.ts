import type { Twilio } from 'twilio';
import { explainTwilioError } from '../twilio/explain-error.ts';
import type { Call } from './call.ts';
import { fetchPage, type SpanPage } from './fetch-page.ts';
import type { CallFilters } from './filters.ts';
import { createLine } from './line.ts';
import { createPace, type Ticket } from './pace.ts';
import { waitBeforeRetry } from './retry.ts';
import type { Window } from './windows.ts';

export interface ReadOptions {
  signal?: AbortSignal;
  /** The time (by performance.now()) by which the first page is due: no retry waits beyond it. */
  firstBy?: number;
  pageSize?: number;
  /** The first wait before a retry. */
  retryMs?: number;
}

/**
 * Reads every call that passes the filters: pages newest first, no call twice, none missing. Up to a thousand calls
 * cost one request. More are cut into windows of time, of which up to 8 are read side by side and handed on in order;
 * a reader that is slow stops the reading ahead (see line.ts). Calls that come in meanwhile are not part of it. A choice:
 * that Twilio lists newest first is documented by examples only, and not by which time; we take it to be the start time.
 * @throws what the SDK throws (twilio/explain-error.ts says what it means), after retries, or the abort's reason
 */
export async function* readAllCalls(
  client: Twilio,
  accountSid: string,
  filters: CallFilters,
  options: ReadOptions = {},
): AsyncGenerator<Call[]> {
  const { signal, firstBy, pageSize = 1000, retryMs = 250 } = options;
  const line = createLine(filters, pageSize);
  const pace = createPace();
  let hasBegun = false;
  let failure: { error: unknown } | undefined;
  let isOver = false;
  let pause: NodeJS.Timeout | undefined;
  let wake = () => {};

  async function ask(window: Window): Promise<void> {
    const request = pace.start();
    const asked = { ...filters, status: window.undated ?? filters.status };
    const answer = fetchPage(client, accountSid, asked, window, pageSize, window.link);
    const page = await answer.catch((error: unknown) => giveWay(window, request, error));
    if (page) {
      request.succeeded();
      window.tries = { throttled: 0, failed: 0 };
      hasBegun = true;
    }
    line.answered(window, page);
    pump();
    wake();
  }

  /** Waits before the next try, or gives up. */
  function giveWay(window: Window, request: Ticket, error: unknown): SpanPage | undefined {
    const { kind } = explainTwilioError(error);
    // It may not know times of day: an answer without calls leads to the way that does without.
    if (kind === 'rejected' && window.untried) return { calls: [], next: undefined };
    const waitMs = waitBeforeRetry(error, window.tries, retryMs);
    const isLate =
      !hasBegun && firstBy !== undefined && performance.now() + (waitMs ?? 0) > firstBy;
    if (waitMs === undefined || isLate) failure ??= { error };
    const end = kind === 'throttled' ? 'throttled' : 'failed';
    window.tries[end]++;
    request[end](waitMs ?? 0);
    return undefined;
  }

  /** Sends as many requests as may go out. */
  function pump(): void {
    clearTimeout(pause);
    if (isOver || failure || signal?.aborted) return;
    // Asked for first: one that ended between the two questions would leave nobody to go on.
    const pauseMs = pace.pauseLeft();
    if (pauseMs > 0) {
      pause = setTimeout(pump, pauseMs);
      return;
    }
    while (pace.isFree()) {
      const window = line.next();
      if (!window) return;
      ask(window).catch((error: unknown) => {
        failure ??= { error };
        wake();
      });
    }
  }

  const abort = () => wake();
  signal?.addEventListener('abort', abort);
  try {
    while (!line.isEmpty()) {
      signal?.throwIfAborted();
      if (failure) throw failure.error;
      pump();
      const page = line.take();
      if (page) yield page;
      else if (!line.isEmpty()) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    isOver = true;
    clearTimeout(pause);
    signal?.removeEventListener('abort', abort);
  }
}
