import { STATUS_CODES } from 'node:http';
import { maskAccountSids } from '../connect/account-sid.ts';
import type { Ending, SentRequest, Watch } from '../twilio/request-watch.ts';
import { curlCommand } from './curl.ts';
import { pageAbout, type TwilioPage } from './twilio-pages.ts';

/** A request to Twilio as the panel shows it. */
export interface ShownRequest {
  method: string;
  url: string;
  /** Who asked whom, in words. */
  as: string;
  answer: string;
  isGood: boolean;
  ms?: number;
  about: TwilioPage;
  command: string | undefined;
}

export interface CollectedRequests {
  requests: ShownRequest[];
  /** How many there were besides. */
  more: number;
}

// A long read that a page has started may go on for hundreds of requests.
const KEPT = 50;
const ANY_SID = /((?:P[AB])?[A-Z]{2}[0-9a-f]{2})[0-9a-f]{26}([0-9a-f]{4})/g;

/** Keeps what a page asks of Twilio, the first 50 requests of it. No full SID is ever kept. */
export function collectRequests(): { collected: CollectedRequests; watch: Watch } {
  const collected: CollectedRequests = { requests: [], more: 0 };
  const watch: Watch = (sent) => {
    const request = show(sent);
    if (collected.requests.length < KEPT) collected.requests.push(request);
    else collected.more++;
    return (ending) => void Object.assign(request, outcome(ending));
  };
  return { collected, watch };
}

function show(sent: SentRequest): ShownRequest {
  const { method, url, accountSid } = sent;
  const { pathname } = new URL(url);
  const [, asked = accountSid] = /\/Accounts\/(AC\w+)/.exec(pathname) ?? [];
  const other = asked === accountSid ? '' : ', asked for another of the customer’s accounts';
  return {
    method,
    url: maskSids(url),
    as: `as the customer’s AccountSid (${maskSids(accountSid)}) and our Auth Token${other}`,
    answer: 'no answer yet',
    isGood: false,
    about: pageAbout(pathname),
    command: curlCommand(sent),
  };
}

function outcome({ status, failure, ms }: Ending): Partial<ShownRequest> {
  // The one failure that is our own doing: the transport's time limit, or a visitor who left.
  const silence = failure === 'ERR_CANCELED' ? 'given up' : `no answer: ${failure}`;
  const answer = status ? `${status} ${STATUS_CODES[status] ?? ''}` : silence;
  return { answer, isGood: status !== undefined && status < 300, ms };
}

// The SIDs of calls too, alone and in page tokens: they are no secret, but an address is easier to read without.
function maskSids(text: string): string {
  const short = text.replace(ANY_SID, '$1…$2');
  return maskAccountSids(short);
}
