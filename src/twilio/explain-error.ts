/** Nothing usable came back from Twilio. Carries a code such as ECONNRESET, and nothing of the request. */
export class TwilioUnreachable extends Error {
  override name = 'TwilioUnreachable';
  readonly code: string;

  constructor(code: string) {
    super(`Twilio did not answer (${code})`);
    this.code = code;
  }
}

export interface TwilioProblem {
  /**
   * refused: 401 or 403. inactive: we may ask, but the account is suspended or closed. rejected: 400, what we asked for
   * is not to be had. throttled: 429 after the retries. unreachable: everything without a usable answer.
   */
  kind: 'refused' | 'inactive' | 'not-found' | 'rejected' | 'throttled' | 'unreachable';
  /** It may be better in a moment, with nothing changed. */
  mayPass: boolean;
  /** Twilio's status and error code, for the log. */
  status?: number | undefined;
  code?: string | number | undefined;
  /** The status and the texts of our own page. */
  page: { status: number; title: string; message: string };
}

const PAGES: Record<TwilioProblem['kind'], TwilioProblem['page']> = {
  refused: {
    status: 403,
    title: 'Twilio does not let us into this account any more',
    message:
      'Access was revoked, or the account is suspended or closed. See in the Twilio Console that the account is active, then press Connect again.',
  },
  inactive: {
    status: 403,
    title: 'This account is suspended or closed',
    message: 'Twilio lets nobody work on it. Its owner finds the reason in the Twilio Console.',
  },
  'not-found': {
    status: 404,
    title: 'Twilio does not know this account',
    message: 'It may have been closed. Choose another account, or press Connect again.',
  },
  rejected: {
    status: 400,
    title: 'Twilio does not accept this filter or page',
    message:
      'The page may be gone, or a filter is not of Twilio’s form. Open “Calls” and start again at the first page.',
  },
  throttled: {
    status: 503,
    title: 'Twilio is busy with this account',
    message:
      'It answered “too many requests” (429) several times. Nothing is lost: wait a few seconds and reload this page.',
  },
  unreachable: {
    status: 503,
    title: 'Twilio is not answering',
    message:
      'We got no usable answer in time. Nothing is lost: try again in a moment. If it stays so, see status.twilio.com.',
  },
};

/**
 * What an error of the SDK means for us. Its REST exceptions have a `status`; everything else (no connection, an
 * empty body, HTML) is an answer nobody can use. https://www.twilio.com/docs/api/errors
 */
export function explainTwilioError(error: unknown): TwilioProblem {
  const { status, code } = (error ?? {}) as { status?: number; code?: string | number };
  return { ...problem(kindOf(status)), status, code };
}

export function problem(kind: TwilioProblem['kind']): TwilioProblem {
  return {
    kind,
    mayPass: ['throttled', 'rejected', 'unreachable'].includes(kind),
    page: PAGES[kind],
  };
}

function kindOf(status: number | undefined): TwilioProblem['kind'] {
  if (status === 401 || status === 403) return 'refused';
  if (status === 404) return 'not-found';
  if (status === 400) return 'rejected';
  if (status === 429) return 'throttled';
  return 'unreachable';
}
