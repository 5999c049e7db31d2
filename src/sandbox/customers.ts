import { sidFor } from './seed.ts';

/** An account of the sandbox. `callsADay` is an average; the days of a week differ. */
export interface SandboxAccount {
  sid: string;
  ownerSid: string;
  friendlyName: string;
  authToken: string;
  callsADay: number;
  status: 'active' | 'suspended';
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

/** What stays as it is about the Connect App, and its owner's account and Auth Token. See connect-app.ts for the rest. */
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
    customer('clinic', 'Lakeside Clinic', 'One account in order, and a suspended subaccount.', [
      ['Lakeside Clinic', 6],
      ['Lakeside Night Line', 4, 'suspended'],
    ]),
  ];
}

/** The account of the Connect App's owner: it makes no calls. */
export const ownerAccount = account(
  connectApp.ownerSid,
  connectApp.ownerSid,
  'Owner of the Connect Quickstart',
  0,
);

function customer(
  id: string,
  name: string,
  description: string,
  accounts: readonly [friendlyName: string, callsADay: number, status?: SandboxAccount['status']][],
): Customer {
  const ownerSid = sidFor('AC', `${id} 0`);
  const connectSid = sidFor('AC', `${id} connect`);
  return {
    id,
    name,
    description,
    connectSid,
    accounts: [
      ...accounts.map(([label, calls, status], index) =>
        account(sidFor('AC', `${id} ${index}`), ownerSid, label, calls, status),
      ),
      account(connectSid, ownerSid, `${connectApp.friendlyName} for ${name}`, 0),
    ],
  };
}

function account(
  sid: string,
  ownerSid: string,
  friendlyName: string,
  callsADay: number,
  status: SandboxAccount['status'] = 'active',
): SandboxAccount {
  return {
    sid,
    ownerSid,
    friendlyName,
    callsADay,
    status,
    authToken: sidFor('', `auth token of ${sid}`),
  };
}
