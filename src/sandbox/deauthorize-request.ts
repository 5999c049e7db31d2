import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js';
import type { ConnectApp } from './connect-app.ts';
import { connectApp } from './customers.ts';

/** What became of a Deauthorize request: what was sent, and the status of the answer or why there was none. */
export interface Delivery {
  method: string;
  url: string;
  status?: number;
  problem?: string;
}

/**
 * Tells the app that a customer has revoked its access, as its Connect App says: GET with the parameters in the query,
 * or POST with them as a form, signed with the owner's Auth Token. Sent once: an app that misses it has to find out by
 * itself. A choice: redirects are not followed. Undefined if the Connect App has no Deauthorize URL.
 * https://www.twilio.com/docs/iam/connect, https://www.twilio.com/docs/usage/security#validating-requests
 */
export async function sendDeauthorize(
  app: ConnectApp,
  accountSid: string,
  limitMs = 5_000,
): Promise<Delivery | undefined> {
  if (app.deauthorizeCallbackUrl === null) return undefined;
  const method = app.deauthorizeCallbackMethod;
  const params = { AccountSid: accountSid, ConnectAppSid: connectApp.sid };
  const target = new URL(app.deauthorizeCallbackUrl);
  target.hash = '';
  if (method === 'GET') {
    for (const [name, value] of Object.entries(params)) target.searchParams.append(name, value);
  }
  const url = target.href;
  const form = method === 'POST' ? params : {};
  const signature = getExpectedTwilioSignature(connectApp.authToken, url, form);
  try {
    const answer = await fetch(url, {
      method,
      headers: { 'X-Twilio-Signature': signature },
      ...(method === 'POST' && { body: new URLSearchParams(params) }),
      redirect: 'manual',
      signal: AbortSignal.timeout(limitMs),
    });
    await answer.body?.cancel();
    return { method, url, status: answer.status };
  } catch (error) {
    return { method, url, problem: problemOf(error, limitMs) };
  }
}

function problemOf(error: unknown, limitMs: number): string {
  const { name, message, cause } = error as Error & { cause?: { code?: string; message?: string } };
  if (name === 'TimeoutError') return `no answer within ${limitMs / 1000} seconds`;
  return cause?.code ?? cause?.message ?? message;
}
