import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Runs the variants in turn, A B A B …, so that a slow minute of the machine falls on all of them alike. A first
 * round warms up and does not count, unless the caller has done that. Gives the median of what each one returned.
 */
export async function alternate<Name extends string>(
  rounds: number,
  variants: Record<Name, () => Promise<number>>,
  warmUps = 1,
): Promise<Record<Name, number>> {
  const names = Object.keys(variants) as Name[];
  const figures = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round < warmUps + rounds; round++) {
    for (const name of names) {
      const figure = await variants[name]();
      await sleep(10); // The connections that one has left behind are closed in it, not in the next one.
      if (round >= warmUps) figures.get(name)?.push(figure);
    }
  }
  const medians = names.map((name) => [name, median(figures.get(name) ?? [])]);
  return Object.fromEntries(medians) as Record<Name, number>;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = Number.NaN, high = low] = [
    sorted[Math.ceil(middle) - 1],
    sorted[Math.floor(middle)],
  ];
  return (low + high) / 2;
}

/** How many milliseconds `work` takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
