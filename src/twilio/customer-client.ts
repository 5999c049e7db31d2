import twilio, { type Twilio } from 'twilio';
import { createTransport } from './transport.ts';

/** Our Connect App and the two addresses by which Twilio and the sandbox differ. */
export interface TwilioSettings {
  /** Our own account. Nobody may connect it: our Auth Token opens it without anyone's consent. */
  readonly accountSid: string;
  readonly connectAppSid: string;
  readonly authToken: string;
  readonly apiUrl: string;
  readonly authorizeUrl: string;
}

/** Gives a client that acts for one customer, as soon as the SDK is there: see on-demand.ts. */
export type CustomerClient = (accountSid: string) => Twilio | Promise<Twilio>;

/**
 * The heart of Connect: an ordinary client, but with the customer's AccountSid and our own Auth Token.
 * All of them share one transport, so they share its connections too.
 * https://www.twilio.com/docs/iam/connect
 */
export function createCustomerClient(
  settings: Pick<TwilioSettings, 'authToken' | 'apiUrl'>,
): (accountSid: string) => Twilio {
  const httpClient = createTransport(settings.apiUrl);
  return (accountSid) => {
    // Without an AccountSid the SDK would take TWILIO_ACCOUNT_SID from the environment: our own account.
    if (!accountSid) throw new Error('A customer client needs the AccountSid of a customer.');
    return twilio(accountSid, settings.authToken, { httpClient });
  };
}
