import type { Twilio } from 'twilio';
import { explainTwilioError, type TwilioProblem } from './explain-error.ts';
import { API } from './get-json.ts';

/** Our own account, which owns the Connect App. The API also sends its auth_token, which never leaves this file. */
export interface Owner {
  friendlyName: string;
  /** active, suspended or closed */
  status: string;
  /** Not upgraded: Twilio lets it neither make a Connect App nor authorize one. */
  isTrial: boolean;
}

/** Asks Twilio for the account whose own credentials the client has. Never rejects. */
export async function probeOwner(
  client: Twilio,
): Promise<{ owner: Owner; problem?: never } | { problem: TwilioProblem; owner?: never }> {
  try {
    const { friendlyName, status, type } = await client.api.v2010
      .accounts(client.accountSid)
      .fetch();
    return {
      owner: { friendlyName: friendlyName || 'Unnamed account', status, isTrial: type === 'Trial' },
    };
  } catch (error) {
    return { problem: explainTwilioError(error) };
  }
}

/**
 * What Twilio's clock shows (milliseconds since 1970, whole seconds), by the Date of whatever it answers, a refusal
 * included. Undefined if the answer has none. @throws TwilioUnreachable
 */
export async function readTwilioClock(client: Twilio): Promise<number | undefined> {
  const uri = `${API}/2010-04-01/Accounts/${client.accountSid}.json`;
  const { headers } = (await client.request({ method: 'get', uri })) as {
    headers?: Record<string, string>;
  };
  const time = Date.parse(headers?.date ?? '');
  return Number.isNaN(time) ? undefined : time;
}
