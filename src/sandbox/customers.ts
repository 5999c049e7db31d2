import { sidFor } from './seed.ts';

/** An account of the sandbox. `callsADay` is an average; the days of a week differ. */
export interface SandboxAccount {
  sid: string;
  ownerSid: string;
  friendlyName: string;
  authToken: string;
  callsADay: number;
}

/** Somebody whose Twilio account our app may be allowed into. */
export interface Customer {
  id: string;
  name: string;
  description: string;
  /** The account that Connect makes for our app: the AccountSid that the Authorize URL gets. Empty, as on Twilio. */
  connectSid: string;
  /** All of the customer's accounts, the main one first, the Connect subaccount last. */
  accounts: SandboxAccount[];
}

/** The Connect App that the sandbox knows, and its owner's account and Auth Token. They open nothing else. */
export const connectApp = {
  sid: sidFor('CN', 'connect app'),
  ownerSid: sidFor('AC', 'app owner'),
  friendlyName: 'Connect Quickstart',
  authToken: sidFor('', 'auth token of the app owner'),
};

/** Who there is. The accounts and their SIDs are always the same. */
export function inventCustomers(): Customer[] {
  return [
    customer(
      'rossum',
      'Rossum Industries',
      'A main account, two subaccounts, about 4,000 calls in 30 days.',
      [
        ['Rossum Industries', 120],
        ['Rossum Support Line', 10],
        ['Rossum Night Shift', 4],
      ],
    ),
    customer('bakery', 'Corner Bakery', 'One account and a few calls a day.', [
      ['Corner Bakery', 3],
    ]),
    customer('newcomer', 'Fresh Start', 'Opened the account this morning: no calls yet.', [
      ['Fresh Start', 0],
    ]),
  ];
}

function customer(
  id: string,
  name: string,
  description: string,
  accounts: readonly [friendlyName: string, callsADay: number][],
): Customer {
  const ownerSid = sidFor('AC', `${id} 0`);
  const connectSid = sidFor('AC', `${id} connect`);
  const account = (sid: string, friendlyName: string, callsADay: number): SandboxAccount => ({
    sid,
    ownerSid,
    friendlyName,
    callsADay,
    authToken: sidFor('', `auth token of ${sid}`),
  });
  return {
    id,
    name,
    description,
    connectSid,
    accounts: [
      ...accounts.map(([label, calls], index) =>
        account(sidFor('AC', `${id} ${index}`), label, calls),
      ),
      account(connectSid, `${connectApp.friendlyName} for ${name}`, 0),
    ],
  };
}
