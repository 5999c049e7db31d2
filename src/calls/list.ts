import type { Twilio } from 'twilio';
import type { CallListInstancePageOptions } from 'twilio/lib/rest/api/v2010/account/call.js';
import { type Call, toCall } from './call.ts';
import type { CallFilters, PageRequest } from './filters.ts';
import { isWithin, spanOf, timeText } from './span.ts';

/** One page of calls, newest first, and how to ask for the pages beside it. */
export interface CallPage {
  calls: Call[];
  /** Its index, 0 for the newest. */
  index: number;
  next: PageLink | undefined;
  previous: PageLink | undefined;
}

export interface PageLink {
  cursor: string | undefined;
  page: number;
}

/**
 * Asks Twilio for one page of an account's calls: one request.
 * https://www.twilio.com/docs/voice/api/call-resource#read-multiple-call-resources
 * @throws whatever the SDK throws; twilio/explain-error.ts says what it means
 */
export async function listCalls(
  client: Twilio,
  accountSid: string,
  filters: CallFilters,
  { size, cursor, page }: PageRequest,
): Promise<CallPage> {
  const { status, to, from } = filters;
  const span = spanOf(filters);
  const answer = await client.api.v2010.accounts(accountSid).calls.page({
    status,
    to,
    from,
    ...startTimes(filters),
    pageSize: size,
    pageNumber: page,
    ...(cursor && { pageToken: cursor }),
  });
  return {
    index: page,
    // A call that began on the stroke of midnight belongs to the day after.
    calls: answer.instances.map(toCall).filter((call) => isWithin(span, call)),
    next: toLink(answer.nextPageUrl),
    previous: toLink(answer.previousPageUrl),
  };
}

/**
 * Twilio's `StartTime<` takes in midnight of the day it names, so both ends of a range are sent as
 * `StartTime>=first` and `StartTime<=last+1`, and one day as `StartTime=day`: the pair would find nothing then.
 */
function startTimes({ startedAfter, startedBefore }: CallFilters): CallListInstancePageOptions {
  const days =
    startedAfter && startedAfter === startedBefore
      ? { startTime: startedAfter }
      : {
          startTimeAfter: startedAfter,
          startTimeBefore: startedBefore && timeText(spanOf({ startedBefore }).to),
        };
  // The SDK's types ask for a Date, which it would send with a time; a text goes out as it is.
  return days as unknown as CallListInstancePageOptions;
}

/** Of a next or previous page we take the token only: its URL would get our Auth Token wherever it points. */
export function toLink(url: string | null | undefined): PageLink | undefined {
  if (!url) return undefined;
  const query = new URL(url, 'https://api.twilio.com').searchParams;
  return { cursor: query.get('PageToken') ?? undefined, page: Number(query.get('Page') ?? 0) };
}
