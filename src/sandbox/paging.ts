import { ApiError, invalidParameter } from './api-error.ts';

interface Resource {
  sid: string;
}

/**
 * One page of a list, in Twilio's envelope. Pages are found by cursor: `PA` and the SID of the last item before it, or
 * `PB` and the SID of the first item after it. So items that come in at the top shift nothing.
 */
export function pageOf<T extends Resource>(
  items: readonly T[],
  query: Record<string, unknown>,
  path: string,
  repeated: readonly (readonly [string, string])[],
) {
  const size = wholeNumber(query, 'PageSize', 50, 1);
  const page = wholeNumber(query, 'Page', 0, 0);
  if (size > 1000) throw new ApiError(400, 20007, 'The maximum page size is 1000');

  const first = firstIndex(items, query.PageToken, size, page);
  const slice = items.slice(first, first + size);
  const before = items[first];
  const after = items[first + size - 1];
  const uri = (index: number, token?: string) => {
    const params = new URLSearchParams([
      ...repeated.map(([name, value]) => [name, value] as [string, string]),
    ]);
    params.set('PageSize', String(size));
    params.set('Page', String(index));
    if (token) params.set('PageToken', token);
    return `${path}?${params}`;
  };
  const token = typeof query.PageToken === 'string' ? query.PageToken : undefined;
  return {
    slice,
    envelope: {
      first_page_uri: uri(0),
      next_page_uri: after && items.length > first + size ? uri(page + 1, `PA${after.sid}`) : null,
      previous_page_uri: before && first > 0 ? uri(Math.max(0, page - 1), `PB${before.sid}`) : null,
      page,
      page_size: size,
      start: slice.length > 0 ? page * size : 0,
      end: slice.length > 0 ? page * size + slice.length - 1 : 0,
      uri: uri(page, token),
    },
  };
}

function firstIndex(
  items: readonly Resource[],
  token: unknown,
  size: number,
  page: number,
): number {
  // A choice: a page number without a token counts from the top.
  if (token === undefined || token === '') return Math.min(page * size, items.length);
  const [, kind, sid] = (typeof token === 'string' && /^(PA|PB)(\w{34})$/.exec(token)) || [];
  const index = items.findIndex((item) => item.sid === sid);
  // A choice: a token that leads nowhere is a parameter that is not valid.
  if (index < 0) throw invalidParameter('PageToken');
  return kind === 'PA' ? index + 1 : Math.max(0, index - size);
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
