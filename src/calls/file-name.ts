import type { CallFilters } from './filters.ts';

/** A name that every file system takes: the account's, and the days. At most 255 bytes. */
export function csvFileName(accountName: string, filters: CallFilters): string {
  // Cut first: half a letter that is left over is then no letter.
  const name = accountName.slice(0, 64).replace(/[^\p{L}\p{M}\p{N} ._-]+/gu, '-');
  return `${name.replace(/^[ .-]+|[ .-]+$/g, '') || 'account'} calls ${days(filters)}.csv`;
}

function days({ startedAfter, startedBefore }: CallFilters): string {
  if (startedAfter && startedAfter === startedBefore) return startedAfter;
  if (startedAfter && startedBefore) return `${startedAfter} to ${startedBefore}`;
  if (startedAfter) return `since ${startedAfter}`;
  return startedBefore ? `until ${startedBefore}` : 'all';
}

/** Content-Disposition for a file of such a name: in full for today's browsers, in ASCII for the rest (RFC 6266). */
export function attachment(fileName: string): string {
  const ascii = fileName.normalize('NFKD').replace(/[^\w .-]+/g, '');
  return `attachment; filename="${ascii.trim()}"; filename*=UTF-8''${encodeURIComponent(fileName)}`;
}
