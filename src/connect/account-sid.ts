import { createHmac } from 'node:crypto';

const ACCOUNT_SID = /^AC[0-9a-f]{32}$/i;
const ANY_ACCOUNT_SID = /AC([0-9a-f]{2})[0-9a-f]{26}([0-9a-f]{4})/gi;

/** An AccountSid in the one spelling we store ("AC" and 32 small hex digits), or undefined if `value` is none. */
export function readAccountSid(value: string): string | undefined {
  if (!value.startsWith('AC') || !ACCOUNT_SID.test(value)) return undefined;
  return `AC${value.slice(2).toLowerCase()}`;
}

/** Every AccountSid in a text as `AC12…cdef`. */
export function maskAccountSids(text: string): string {
  return text.replace(ANY_ACCOUNT_SID, 'AC$1…$2');
}

/** How an account is named in our own URLs: keyed by our secret and by the user, so it says nothing to anyone else. */
export function accountKey(secret: string, userId: number, accountSid: string): string {
  const hmac = createHmac('sha256', secret).update(`account:${userId}:${accountSid}`);
  return hmac.digest('base64url').slice(0, 16);
}
