import type { TwilioProblem } from '../twilio/explain-error.ts';

/** Why Twilio does not let us into our own account, and what to do: for the person with the credentials at hand. */
export function explainOwnerProblem({ kind, status, code }: TwilioProblem): {
  cause: string;
  cure: string;
} {
  const numbers = [status, code].filter(Boolean).join(', ');
  if (kind === 'refused' || kind === 'not-found') {
    return {
      cause: `Twilio refuses the Account SID with this Auth Token (${numbers}).`,
      cure: 'Copy both from the first page of the same account in the Twilio Console. An API key (SK…) or its secret will not do, nor a token that has been replaced; and the account must not be suspended.',
    };
  }
  if (kind === 'throttled') {
    return {
      cause: `Twilio is busy with this account (${numbers}).`,
      cure: 'Wait a minute, then try again.',
    };
  }
  return {
    cause: `Twilio gives no usable answer (${numbers || 'not its JSON'}).`,
    cure: 'See whether this machine reaches it (firewall, HTTP_PROXY, TWILIO_API_URL), and status.twilio.com.',
  };
}
