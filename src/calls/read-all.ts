import type { Twilio } from 'twilio';
import type { Call } from './call.ts';
import type { CallFilters } from './filters.ts';
import { listCalls, type PageLink } from './list.ts';

const PAGE_SIZE = 1000;

/**
 * All calls of an account that pass the filters, newest first, page by page.
 * @throws whatever the SDK throws, or the signal's reason
 */
export async function* readAllCalls(
  client: Twilio,
  accountSid: string,
  filters: CallFilters,
  { signal }: { signal?: AbortSignal } = {},
): AsyncGenerator<Call[]> {
  let link: PageLink | undefined = { cursor: undefined, page: 0 };
  while (link) {
    signal?.throwIfAborted();
    const page = await listCalls(client, accountSid, filters, { size: PAGE_SIZE, ...link });
    signal?.throwIfAborted();
    yield page.calls;
    link = page.next;
  }
}
