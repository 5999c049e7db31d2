import type { CallFilters } from './filters.ts';

/** A name that every file system takes: the account's, and the days. */
export function csvFileName(accountName: string, filters: CallFilters): string {
  const name = accountName.replace(/[^\p{L}\p{M}\p{N} ._-]+/gu, '-').slice(0, 64);
  return `${name.replace(/^[ .-]+|[ .-]+$/g, '') || 'account'} calls ${days(filters)}.csv`;
}

function days({ startedAfter, startedBefore }: CallFilters): string {
  if (startedAfter && startedAfter === startedBefore) return startedAfter;
  if (startedAfter && startedBefore) return `${startedAfter} to ${startedBefore}`;
  if (startedAfter) return `since ${startedAfter}`;
  return startedBefore ? `until ${startedBefore}` : 'all';
}

/** Content-Disposition for a download of that name: in full for today's browsers, in ASCII for the rest (RFC 6266). */
export function attachment(fileName: string): string {
  const ascii = fileName.normalize('NFKD').replace(/[^\w .-]+/g, '');
  const full = encodeURIComponent(fileName).replace(/['()*]/g, (sign) => {
    return `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;
  });
  return `attachment; filename="${ascii.trim()}"; filename*=UTF-8''${full}`;
}
