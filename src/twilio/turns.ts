/** Does work for somebody as soon as it is their turn. */
export type InTurn = <T>(name: string, work: () => Promise<T>) => Promise<T>;

interface Line {
  running: number;
  waiting: { until: number; go: (isInTime: boolean) => void }[];
}

/**
 * Lets each name have `most` things done at once, in the order in which they came; the names do not wait for each other.
 * What has waited for `patienceMs` milliseconds is not done at all: it ends with the error that `late` makes.
 */
export function createTurns(most: number, patienceMs: number, late: () => Error): InTurn {
  const lines = new Map<string, Line>();

  async function begin(name: string): Promise<Line> {
    const line = lines.get(name) ?? { running: 0, waiting: [] };
    lines.set(name, line);
    if (line.running < most) {
      line.running++;
      return line;
    }
    const until = performance.now() + patienceMs;
    const isInTime = await new Promise<boolean>((go) => line.waiting.push({ until, go }));
    if (!isInTime) throw late();
    return line;
  }

  function end(name: string, line: Line): void {
    for (let next = line.waiting.shift(); next; next = line.waiting.shift()) {
      const isInTime = performance.now() < next.until;
      next.go(isInTime);
      if (isInTime) return; // it takes over the place
    }
    line.running--;
    if (line.running === 0) lines.delete(name);
  }

  return async (name, work) => {
    const line = await begin(name);
    try {
      return await work();
    } finally {
      end(name, line);
    }
  };
}
