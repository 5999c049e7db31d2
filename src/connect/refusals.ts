import type { CallbackRefusal } from './callback.ts';

export type Refusal = CallbackRefusal | 'taken' | 'twilio-refused' | 'twilio-unreachable';

interface Explanation {
  status: number;
  title: string;
  message: string;
}

const notFromHere = {
  status: 403,
  title: 'We could not tell that it was you who pressed Connect',
};
const noAccount = { status: 400, title: 'Twilio did not tell us which account to connect' };

/** The page for each way a connection can fail: its HTTP status, what happened, what to do. */
export const refusals: Record<Refusal, Explanation> = {
  'state-missing': {
    ...notFromHere,
    message:
      'The address you came back with carries no state, the proof that you started here. Nothing was changed. Press Connect on this page rather than a saved link.',
  },
  'state-mismatched': {
    ...notFromHere,
    message:
      'The state in the address is not the one your session holds. Another sign-in, another browser or somebody else’s link can cause this. Nothing was changed. Press Connect again.',
  },
  'state-expired': {
    status: 403,
    title: 'That took more than an hour',
    message:
      'For your safety a Connect button works for one hour. Nothing was changed. Press Connect again.',
  },
  'state-used': {
    status: 403,
    title: 'That Connect button was used already',
    message: 'Each one works once. Nothing was changed. Press Connect again.',
  },
  'account-sid-missing': {
    ...noAccount,
    message: 'The address has no AccountSid. Nothing was changed. Press Connect again.',
  },
  'account-sid-malformed': {
    ...noAccount,
    message:
      'The AccountSid in the address is not a valid one: it should be “AC” and 32 hexadecimal digits. Nothing was changed. Press Connect again.',
  },
  'account-sid-repeated': {
    ...noAccount,
    message:
      'The address names more than one AccountSid. Nothing was changed. Press Connect again.',
  },
  'unknown-error': {
    status: 400,
    title: 'Twilio reported an error',
    message:
      'It is not one that this app knows. Nothing was changed. Press Connect again; if it comes back, check the Connect App in the Twilio Console.',
  },
  taken: {
    status: 409,
    title: 'This Twilio account cannot be connected here',
    message:
      'It is already in use in this app. If it is yours, sign in as the user who connected it, or revoke this app’s access in the Twilio Console and connect again.',
  },
  'twilio-refused': {
    status: 403,
    title: 'Twilio does not let us into that account',
    message:
      'The account is not authorized for this app, or it is suspended or closed. Nothing was stored. Open the account in the Twilio Console, see that it is active, and press Connect again.',
  },
  'twilio-unreachable': {
    status: 503,
    title: 'Twilio is not answering',
    message:
      'We ask Twilio about an account before we store it, and got no usable answer. Nothing was stored. Try again in a moment: reload this page, or press Connect.',
  },
};
