/** What is known of a request to us once it is answered. */
export interface Outcome {
  status: number;
  /** The path that it redirects to. */
  to?: string | undefined;
  /** The names of its query parameters. */
  parameters: readonly string[];
  /** How many requests it made to Twilio. */
  asked: number;
}

export function authorize({ to, parameters, asked }: Outcome): string {
  if (parameters.includes('error') && to) {
    return 'The customer declined: Twilio’s consent page sent the browser back with an error instead of an AccountSid. Nothing was changed.';
  }
  if (!to) {
    return 'Twilio’s consent page leads here, with AccountSid and state. One of our checks stopped it: the page says which. Nothing was stored.';
  }
  if (asked === 0) {
    return 'The browser came here a second time with a state that had just been used. Its account is connected already, so nothing was changed.';
  }
  return 'Twilio’s consent page sent the browser here with AccountSid and state. We checked the state, asked Twilio whether we may act for the account, stored its AccountSid for this user, and left the address at once.';
}

export function calls({ status, to, asked }: Outcome): string {
  if (to)
    return 'This user has no connected account to read, so the browser went on to the Connect button.';
  if (status === 200) {
    return 'We asked Twilio for one page of calls, as the account that was authorized. The list of the customer’s accounts is asked for beside it, once a minute at most.';
  }
  return asked > 0
    ? 'Twilio gave us no calls to show: the page says why, and what to do.'
    : 'Answered without asking Twilio: the page says why.';
}

export function analytics({ status, asked }: Outcome): string {
  if (status !== 200)
    return 'Twilio gave us no calls to add up: the page says why, and what to do.';
  return asked > 0
    ? 'We asked Twilio for the calls of the days that we do not know yet, or that may still change, and kept what they add up to. Older days come from our own database.'
    : 'All of it comes from our own database, where the totals of these days are kept. Twilio is not asked.';
}
