import { expectCalls } from './expected.ts';
import { csvFileName } from './file-name.ts';
import type { CallFilters } from './filters.ts';
import { callsUrl, csvUrl } from './links.ts';
import type { OpenedCalls } from './open.ts';

/** What views/export.ejs shows. */
export function exportView({ account, page, fellBack }: OpenedCalls, filters: CallFilters) {
  const expected = expectCalls(page, filters);
  return {
    account,
    fellBack,
    filters: inWords(filters),
    expected,
    // It may be far off: the older days may have fewer calls, or none.
    isGuess: page.next !== undefined && expected.count !== undefined,
    fileName: csvFileName(account.name, filters),
    csvUrl: csvUrl(account.key, filters),
    callsUrl: callsUrl(account.key, filters),
  };
}

function inWords({ status, from, to, startedAfter, startedBefore }: CallFilters): string[] {
  const words = [];
  if (status) words.push(`with the status ${status}`);
  if (from) words.push(`from ${from}`);
  if (to) words.push(`to ${to}`);
  if (startedAfter && startedAfter === startedBefore) words.push(`started on ${startedAfter}`);
  else {
    if (startedAfter) words.push(`started on ${startedAfter} or later`);
    if (startedBefore) words.push(`started on ${startedBefore} or earlier`);
  }
  return words;
}
