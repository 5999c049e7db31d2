/** How many requests one read has on the way, and when the next may go. */
export interface Pace {
  /** Whether a request may go out now. */
  isFree(): boolean;
  /** Milliseconds until a pause ends; 0 if there is none. */
  pauseLeft(): number;
  /** Counts a request that goes out. Gives it a ticket, to say how it ended. */
  start(): Ticket;
}

export interface Ticket {
  succeeded(): void;
  /** Nothing more goes out for `waitMs` milliseconds. */
  failed(waitMs: number): void;
  /** Too many requests at once: half as many from now on, and none for `waitMs` milliseconds. */
  throttled(waitMs: number): void;
}

/** Twilio counts the requests of an account that are on the way: https://www.twilio.com/docs/api/errors/20429 */
const MOST_IN_FLIGHT = 8;

/**
 * At most 8 requests at once. A 429 halves that, once for all that were on the way together. Good answers, two for each
 * request at once, bring back one.
 */
export function createPace(now: () => number = () => performance.now()): Pace {
  let limit = MOST_IN_FLIGHT;
  let inFlight = 0;
  let good = 0;
  let halvings = 0;
  let pausedUntil = 0;

  function pause(waitMs: number): void {
    pausedUntil = Math.max(pausedUntil, now() + waitMs);
  }

  function start(): Ticket {
    const halvingsBefore = halvings;
    inFlight++;
    return {
      succeeded() {
        inFlight--;
        if (limit === MOST_IN_FLIGHT || halvings > halvingsBefore) return;
        if (++good < 2 * limit) return;
        good = 0;
        limit++;
      },
      failed(waitMs) {
        inFlight--;
        pause(waitMs);
      },
      throttled(waitMs) {
        inFlight--;
        pause(waitMs);
        if (halvings > halvingsBefore) return;
        halvings++;
        good = 0;
        limit = Math.max(1, Math.floor(limit / 2));
      },
    };
  }

  return {
    isFree: () => inFlight < limit && now() >= pausedUntil,
    pauseLeft: () => Math.max(0, pausedUntil - now()),
    start,
  };
}
