import { ApiError, invalidParameter } from './api-error.ts';

interface Resource {
  sid: string;
}

/**
 * One page of the items that pass `test`, in Twilio's envelope. Pages are found by cursor: `PA` and the SID of the last
 * item before it, or `PB` and the SID of the first item after it. So items that come in at the top shift nothing, nor
 * does an item that a filter no longer lets through.
 */
export function pageOf<T extends Resource>(
  all: readonly T[],
  test: (item: T) => boolean,
  query: Record<string, unknown>,
  path: string,
  repeated: readonly (readonly [string, string])[],
) {
  const size = wholeNumber(query, 'PageSize', 50, 1);
  const page = wholeNumber(query, 'Page', 0, 0);
  if (size > 1000) throw new ApiError(400, 20007, 'The maximum page size is 1000');

  const items = all.filter(test);
  const { PageToken: token } = query;
  // A choice: a page number without a token counts from the top.
  const first = token ? firstAfter(all, test, token, size) : Math.min(page * size, items.length);
  const slice = items.slice(first, first + size);
  const [firstItem, lastItem] = [slice[0], slice.at(-1)];
  const uri = (index: number, cursor?: string) => {
    const params = new URLSearchParams(
      repeated.map(([name, value]): [string, string] => [name, value]),
    );
    params.set('PageSize', String(size));
    params.set('Page', String(index));
    if (cursor) params.set('PageToken', cursor);
    return `${path}?${params}`;
  };
  const hasNext = items.length > first + size;
  return {
    slice,
    envelope: {
      first_page_uri: uri(0),
      next_page_uri: hasNext && lastItem ? uri(page + 1, `PA${lastItem.sid}`) : null,
      previous_page_uri:
        first > 0 && firstItem ? uri(Math.max(0, page - 1), `PB${firstItem.sid}`) : null,
      page,
      page_size: size,
      start: slice.length > 0 ? page * size : 0,
      end: slice.length > 0 ? page * size + slice.length - 1 : 0,
      uri: uri(page, typeof token === 'string' ? token : undefined),
    },
  };
}

/** Where a token's page begins among the items that pass. */
function firstAfter<T extends Resource>(
  all: readonly T[],
  test: (item: T) => boolean,
  token: unknown,
  size: number,
): number {
  const [, kind, sid] = (typeof token === 'string' && /^(PA|PB)(\w{34})$/.exec(token)) || [];
  const position = all.findIndex((item) => item.sid === sid);
  // A choice: a token that leads nowhere is a parameter that is not valid.
  if (position < 0) throw invalidParameter('PageToken');
  if (kind === 'PA') return all.slice(0, position + 1).filter(test).length;
  return Math.max(0, all.slice(0, position).filter(test).length - size);
}

function wholeNumber(
  query: Record<string, unknown>,
  name: string,
  otherwise: number,
  least: number,
): number {
  const value = query[name];
  if (value === undefined || value === '') return otherwise;
  const number = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : -1;
  if (number < least) throw invalidParameter(name);
  return number;
}
