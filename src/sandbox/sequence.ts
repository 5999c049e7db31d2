/** Items in an order of their own, found by position or by SID. None need exist before it is asked for. */
export interface Sequence<T> {
  length: number;
  at(position: number): T;
  sidAt(position: number): string;
  /** -1 for the SID of nothing here. */
  positionOf(sid: string): number;
}

/** The items from one position until before another that pass a test: all of them, unless it says otherwise. */
export interface Selection<T> {
  from?: number;
  to?: number;
  test?: ((item: T) => boolean) | undefined;
}

export function sequenceOf<T extends { sid: string }>(items: readonly T[]): Sequence<T> {
  return {
    length: items.length,
    at: (position) => items[position] as T,
    sidAt: (position) => items[position]?.sid ?? '',
    positionOf: (sid) => items.findIndex((item) => item.sid === sid),
  };
}

/** The positions of the first `most` selected items, from `start` on in one direction. Looks no further than that. */
export function find<T>(
  items: Sequence<T>,
  { from = 0, to = items.length, test }: Selection<T>,
  start: number,
  step: 1 | -1,
  most: number,
): number[] {
  const found: number[] = [];
  let position = start;
  while (position >= from && position < to && found.length < most) {
    if (!test || test(items.at(position))) found.push(position);
    position += step;
  }
  return found;
}
