import { callSid } from './call-sid.ts';
import type { SandboxCall } from './calls.ts';
import type { SandboxAccount } from './customers.ts';
import { rfc2822 } from './times.ts';

/** The API's two resources as Twilio's OpenAPI description gives them: every key, in JSON types. */
const ROOT = '/2010-04-01/Accounts';

export const CALL_SUBRESOURCES = {
  notifications: 'Notifications',
  recordings: 'Recordings',
  payments: 'Payments',
  events: 'Events',
  siprec: 'Siprec',
  streams: 'Streams',
  transcriptions: 'Transcriptions',
  user_defined_message_subscriptions: 'UserDefinedMessageSubscriptions',
  user_defined_messages: 'UserDefinedMessages',
};

const ACCOUNT_SUBRESOURCES = {
  available_phone_numbers: 'AvailablePhoneNumbers',
  calls: 'Calls',
  conferences: 'Conferences',
  incoming_phone_numbers: 'IncomingPhoneNumbers',
  notifications: 'Notifications',
  outgoing_caller_ids: 'OutgoingCallerIds',
  recordings: 'Recordings',
  transcriptions: 'Transcriptions',
  addresses: 'Addresses',
  signing_keys: 'SigningKeys',
  connect_apps: 'ConnectApps',
  sip: 'SIP',
  authorized_connect_apps: 'AuthorizedConnectApps',
  usage: 'Usage',
  keys: 'Keys',
  applications: 'Applications',
  short_codes: 'SMS/ShortCodes',
  queues: 'Queues',
  messages: 'Messages',
  balance: 'Balance',
};

export function callJson(call: SandboxCall) {
  const sid = callSid(call.accountSid, call.number);
  const self = `${ROOT}/${call.accountSid}/Calls/${sid}`;
  return {
    sid,
    date_created: rfc2822(call.createdAt),
    date_updated: rfc2822(call.endedAt ?? call.startedAt ?? call.createdAt),
    parent_call_sid: call.parent === null ? null : callSid(call.accountSid, call.parent),
    account_sid: call.accountSid,
    to: call.to,
    to_formatted: formatted(call.to),
    from: call.from,
    from_formatted: formatted(call.from),
    phone_number_sid: null,
    status: call.status,
    start_time: call.startedAt === null ? null : rfc2822(call.startedAt),
    end_time: call.endedAt === null ? null : rfc2822(call.endedAt),
    duration: call.durationSeconds === null ? null : String(call.durationSeconds),
    price: call.price === null ? null : call.price.toFixed(5),
    price_unit: 'USD',
    direction: call.direction,
    answered_by: null,
    api_version: '2010-04-01',
    forwarded_from: null,
    group_sid: null,
    caller_name: null,
    queue_time: '0',
    trunk_sid: null,
    uri: `${self}.json`,
    subresource_uris: subresources(self, CALL_SUBRESOURCES),
  };
}

export function accountJson(account: SandboxAccount, now: number) {
  const self = `${ROOT}/${account.sid}`;
  const created = rfc2822(now - 400 * 86_400_000);
  return {
    auth_token: account.authToken,
    date_created: created,
    date_updated: created,
    friendly_name: account.friendlyName,
    owner_account_sid: account.ownerSid,
    sid: account.sid,
    status: account.status,
    subresource_uris: subresources(self, ACCOUNT_SUBRESOURCES),
    type: 'Full',
    uri: `${self}.json`,
  };
}

function subresources(self: string, names: Record<string, string>): Record<string, string> {
  const uris: Record<string, string> = {};
  for (const key in names) uris[key] = `${self}/${names[key]}.json`;
  return uris;
}

function formatted(party: string): string {
  const us = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(party);
  return us ? `(${us[1]}) ${us[2]}-${us[3]}` : party;
}
