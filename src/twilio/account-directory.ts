import type { Connection } from '../database/connections.ts';
import { type Account, listAccounts } from './accounts.ts';
import type { CustomerClient } from './customer-client.ts';

/** A connection's accounts, or why Twilio does not tell them. */
export type Listing =
  | { accounts: readonly Account[]; error?: never }
  | { accounts?: never; error: unknown };

export interface AccountDirectory {
  /** The customer's accounts. Never rejects: without them a page still has its calls. */
  list(connection: Connection): Promise<Listing>;
  /** What `list` would answer without asking Twilio; undefined if it would have to ask. */
  known(connection: Connection): Listing | undefined;
}

const KEPT_MS = 60_000;
// A failure too, but no longer than it takes a visitor to press reload twice.
const FAILURE_KEPT_MS = 5_000;

interface Entry {
  until: number;
  answer: Promise<Listing>;
  listing: Listing | undefined;
}

/** Asks Twilio for a connection's accounts once a minute at most, however many pages and tabs want to know. */
export function createAccountDirectory(
  customerClient: CustomerClient,
  now: () => number,
): AccountDirectory {
  const entries = new Map<string, Entry>();

  function fresh(connection: Connection): Entry | undefined {
    const entry = entries.get(key(connection));
    const left = entry ? entry.until - now() : 0;
    // More than that is left where the clock was set back.
    return left > 0 && left <= KEPT_MS ? entry : undefined;
  }

  function ask(connection: Connection): Entry {
    for (const [key, { until }] of entries) if (until <= now()) entries.delete(key);
    const entry: Entry = {
      until: now() + KEPT_MS,
      listing: undefined,
      answer: Promise.resolve(customerClient(connection.accountSid))
        .then(listAccounts)
        .then(
          (accounts): Listing => ({ accounts }),
          (error: unknown): Listing => ({ error }),
        )
        .then((listing) => {
          entry.listing = listing;
          if (listing.error) entry.until = now() + FAILURE_KEPT_MS;
          return listing;
        }),
    };
    entries.set(key(connection), entry);
    return entry;
  }

  return {
    list: (connection) => (fresh(connection) ?? ask(connection)).answer,
    known: (connection) => fresh(connection)?.listing,
  };
}

// Connecting again may bring other permissions, so it starts afresh.
function key({ accountSid, connectedAt }: Connection): string {
  return `${accountSid} ${connectedAt}`;
}
