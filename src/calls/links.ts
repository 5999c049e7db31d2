import { type CallFilters, DEFAULT_SIZE } from './filters.ts';
import type { PageLink } from './list.ts';

/** Our own address of a page of calls. Names the account by its key; holds no AccountSid and no URL of Twilio's. */
export function callsUrl(
  key: string,
  filters: CallFilters = {},
  size = DEFAULT_SIZE,
  link?: PageLink,
): string {
  const page = {
    size: size === DEFAULT_SIZE ? undefined : String(size),
    // The first page has no token; its index says nothing then.
    cursor: link?.cursor,
    page: link?.cursor && String(link.page),
  };
  return `/calls?${query(key, filters, page)}`;
}

/** The page that offers the same calls as a file. */
export function exportUrl(key: string, filters: CallFilters): string {
  return `/calls/export?${query(key, filters)}`;
}

export function csvUrl(key: string, filters: CallFilters): string {
  return `/calls.csv?${query(key, filters)}`;
}

function query(key: string, filters: CallFilters, more: Record<string, string | undefined> = {}) {
  const params = new URLSearchParams({ account: key });
  const values = {
    status: filters.status,
    to: filters.to,
    from: filters.from,
    'started-after': filters.startedAfter,
    'started-before': filters.startedBefore,
    ...more,
  };
  for (const [name, value] of Object.entries(values)) if (value) params.set(name, value);
  return params;
}
