import { ApiError, invalidParameter } from './api-error.ts';
import { find, type Selection, type Sequence } from './sequence.ts';

type Query = Record<string, unknown>;

/**
 * One page of the selected items, in Twilio's envelope. Pages are found by cursor: `PA` and the SID of the last
 * item before it, or `PB` and the SID of the first item after it. So items that come in at the top shift nothing, nor
 * does an item that a filter no longer lets through; and a page costs the same wherever it is.
 */
export function pageOf<T>(
  items: Sequence<T>,
  selection: Selection<T>,
  query: Query,
  path: string,
  repeated: readonly (readonly [string, string])[],
) {
  const size = wholeNumber(query, 'PageSize', 50, 1);
  const page = wholeNumber(query, 'Page', 0, 0);
  if (size > 1000) throw new ApiError(400, 20007, 'The maximum page size is 1000');

  const { PageToken: token } = query;
  const start = token
    ? startByToken(items, selection, token, size)
    : startByNumber(items, selection, page * size);
  // One more than the page holds, and one before it: so it is known whether there are pages beside it.
  const found = find(items, selection, start, 1, size + 1);
  const positions = found.slice(0, size);
  const [first, last] = [positions[0], positions.at(-1)];
  const hasNext = last !== undefined && found.length > size;
  const hasPrevious = first !== undefined && find(items, selection, start - 1, -1, 1).length > 0;
  const uri = (index: number, cursor?: string) => {
    const params = new URLSearchParams(
      repeated.map(([name, value]): [string, string] => [name, value]),
    );
    params.set('PageSize', String(size));
    params.set('Page', String(index));
    if (cursor) params.set('PageToken', cursor);
    return `${path}?${params}`;
  };
  return {
    slice: positions.map((position) => items.at(position)),
    envelope: {
      first_page_uri: uri(0),
      next_page_uri: hasNext ? uri(page + 1, `PA${items.sidAt(last)}`) : null,
      previous_page_uri: hasPrevious ? uri(Math.max(0, page - 1), `PB${items.sidAt(first)}`) : null,
      page,
      page_size: size,
      start: positions.length > 0 ? page * size : 0,
      end: positions.length > 0 ? page * size + positions.length - 1 : 0,
      uri: uri(page, typeof token === 'string' ? token : undefined),
    },
  };
}

/** Where a token's page begins. With less than a page before a `PB`, that is the first page. */
function startByToken<T>(
  items: Sequence<T>,
  selection: Selection<T>,
  token: unknown,
  size: number,
): number {
  const [, kind, sid = ''] = (typeof token === 'string' && /^(PA|PB)(\w{34})$/.exec(token)) || [];
  const { from = 0, to = items.length } = selection;
  const position = items.positionOf(sid);
  // A choice: a token that leads nowhere is a parameter that is not valid.
  if (position < 0) throw invalidParameter('PageToken');
  if (kind === 'PA') return Math.max(position + 1, from);
  const before = find(items, selection, Math.min(position, to) - 1, -1, size);
  return before[size - 1] ?? from;
}

/** A choice: a page number without a token counts from the top. */
function startByNumber<T>(items: Sequence<T>, selection: Selection<T>, skipped: number): number {
  const { from = 0, to = items.length, test } = selection;
  if (!test) return Math.min(from + skipped, to);
  const before = find(items, selection, from, 1, skipped);
  return before.length < skipped ? to : (before.at(-1) ?? from - 1) + 1;
}

function wholeNumber(query: Query, name: string, otherwise: number, least: number): number {
  const value = query[name];
  if (value === undefined || value === '') return otherwise;
  const number = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : -1;
  if (number < least) throw invalidParameter(name);
  return number;
}
