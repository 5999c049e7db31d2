import { sidFor } from './seed.ts';

/** An account of the sandbox, and how much is called. */
export interface SandboxAccount {
  sid: string;
  ownerSid: string;
  friendlyName: string;
  authToken: string;
  /** An average: hours and weekdays differ. */
  callsADay: number;
  status: 'active' | 'suspended';
  /** How many days its log goes back, today included. */
  days: number;
  /** How much later than an office it works. */
  hoursLater: number;
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

const DAYS_A_YEAR = 365;

/**
 * Who there is. The accounts and their SIDs are always the same. With `calls` there is one more customer, who has made
 * about that many in a year.
 */
export function inventCustomers(calls = 0): Customer[] {
  const customers = [
    customer(
      'rossum',
      'Rossum Industries',
      'A main account, two subaccounts, about 4,000 calls in 30 days.',
      [
        { name: 'Rossum Industries', callsADay: 120 },
        { name: 'Rossum Support Line', callsADay: 10 },
        { name: 'Rossum Night Shift', callsADay: 4, hoursLater: 12 },
      ],
    ),
    customer('bakery', 'Corner Bakery', 'One account and a few calls a day.', [
      { name: 'Corner Bakery', callsADay: 3 },
    ]),
    customer('newcomer', 'Fresh Start', 'Opened the account this morning: no calls yet.', [
      { name: 'Fresh Start', callsADay: 0 },
    ]),
    customer('clinic', 'Lakeside Clinic', 'One account in order, and a suspended subaccount.', [
      { name: 'Lakeside Clinic', callsADay: 6 },
      { name: 'Lakeside Night Line', callsADay: 4, hoursLater: 12, status: 'suspended' },
    ]),
  ];
  if (calls === 0) return customers;
  const many = `One account, about ${calls.toLocaleString('en-US')} calls in a year.`;
  return [
    ...customers,
    customer('metropolis', 'Metropolis Exchange', many, [
      { name: 'Metropolis Exchange', callsADay: calls / DAYS_A_YEAR, days: DAYS_A_YEAR },
    ]),
  ];
}

/** The account of the Connect App's owner: it makes no calls. */
export const ownerAccount = account(connectApp.ownerSid, connectApp.ownerSid, {
  name: 'Owner of the Connect Quickstart',
  callsADay: 0,
});

interface Plan {
  name: string;
  callsADay: number;
  days?: number;
  hoursLater?: number;
  status?: SandboxAccount['status'];
}

function customer(id: string, name: string, description: string, plans: readonly Plan[]): Customer {
  const ownerSid = sidFor('AC', `${id} 0`);
  const connectSid = sidFor('AC', `${id} connect`);
  return {
    id,
    name,
    description,
    connectSid,
    accounts: [
      ...plans.map((plan, index) => account(sidFor('AC', `${id} ${index}`), ownerSid, plan)),
      account(connectSid, ownerSid, {
        name: `${connectApp.friendlyName} for ${name}`,
        callsADay: 0,
      }),
    ],
  };
}

function account(sid: string, ownerSid: string, plan: Plan): SandboxAccount {
  const { name: friendlyName, callsADay, days = 30, hoursLater = 0, status = 'active' } = plan;
  const authToken = sidFor('', `auth token of ${sid}`);
  return { sid, ownerSid, friendlyName, authToken, callsADay, days, hoursLater, status };
}
