import type { Twilio } from 'twilio';
import { TwilioUnreachable } from '../twilio/explain-error.ts';
import { getJson } from '../twilio/get-json.ts';
import { type Call, jsonToCall } from './call.ts';
import type { CallFilters } from './filters.ts';
import { type PageLink, toLink } from './list.ts';
import { type Span, timeText } from './span.ts';

/** A page of a long read, newest first, as the API gave it, and the link to the next one in the same span. */
export interface SpanPage {
  calls: Call[];
  next: PageLink | undefined;
}

/**
 * Asks for one page of the calls that started in `span`. Twilio's boundaries are inclusive, so it may hold calls that
 * began on the stroke of `to`.
 * @throws what getJson throws, and TwilioUnreachable for an answer that is no page of calls
 */
export async function fetchPage(
  client: Twilio,
  accountSid: string,
  { status, to, from }: CallFilters,
  span: Span,
  pageSize: number,
  link?: PageLink,
): Promise<SpanPage> {
  const values = {
    Status: status,
    To: to,
    From: from,
    'StartTime<': Number.isFinite(span.to) ? timeText(span.to) : undefined,
    'StartTime>': Number.isFinite(span.from) ? timeText(span.from) : undefined,
    PageSize: String(pageSize),
    Page: link && String(link.page),
    PageToken: link?.cursor,
  };
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) if (value) query.set(name, value);
  const body = await getJson(client, `/2010-04-01/Accounts/${accountSid}/Calls.json?${query}`);
  try {
    const { calls, next_page_uri } = body as {
      calls: Record<string, string>[];
      next_page_uri: string;
    };
    return { calls: calls.map(jsonToCall), next: toLink(next_page_uri) };
  } catch {
    throw new TwilioUnreachable('an answer without calls');
  }
}
