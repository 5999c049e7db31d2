import type { CustomerClient, TwilioSettings } from './customer-client.ts';

/**
 * The client of customer-client.ts without waiting for it: Twilio's SDK takes as long to load as all the rest of the
 * app. It comes with the first client that is asked for, or when `load` is called.
 */
export function customerClientOnDemand(settings: TwilioSettings): {
  customerClient: CustomerClient;
  load: () => Promise<CustomerClient>;
} {
  let loading: Promise<CustomerClient> | undefined;
  const load = async () => {
    loading ??= import('./customer-client.ts').then((sdk) => sdk.createCustomerClient(settings));
    return loading;
  };
  return { load, customerClient: async (accountSid) => (await load())(accountSid) };
}
