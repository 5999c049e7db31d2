import type { Config } from './config.ts';
import type { Db } from './database/database.ts';
import type { Log } from './log.ts';
import type { CustomerClient, TwilioSettings } from './twilio/customer-client.ts';

/** Everything that reaches outside, handed to the app: it opens nothing itself and reads no environment. */
export interface Deps {
  config: Config;
  db: Db;
  twilio: { settings: TwilioSettings; customerClient: CustomerClient };
  log: Log;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Aborted when the app closes: whatever goes on beside the requests ends then. */
  closing: AbortSignal;
}
