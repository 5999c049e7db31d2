import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { median } from '../alternate.ts';
import { startExporter } from '../exporter.ts';
import { duration, type Measurement, times } from '../measurement.ts';
import type { Visitor } from '../visitor.ts';

const PAUSE_MS = 10;

/** One customer's download must not be what all the others wait for. */
export const home: Measurement = {
  name: 'home',
  what: '/ while a CSV of 100k calls is read, 300 ms upstream: median time of a page',
  against: '/ alone',
  target: '<= 3x',
  async run(lab) {
    const log = { calls: lab.size(100_000, 3_000), days: 90 };
    const { visitor, download } = await startExporter(lab, log, lab.size(300, 20));
    const alone: number[] = [];
    const beside: number[] = [];
    await openHome(visitor, untilOver(sleep(1000)));
    for (let round = 0; round < lab.size(3, 1); round++) {
      alone.push(...(await openHome(visitor, untilOver(sleep(lab.size(4000, 300))))));
      beside.push(...(await openHome(visitor, untilOver(download()))));
    }
    assert.ok(Math.min(alone.length, beside.length) >= 10);
    const [quiet, busy] = [median(alone), median(beside)];
    const text = `${times(busy / quiet)} (${duration(busy)}, ${duration(quiet)})`;
    return [{ text, holds: busy / quiet <= 3 }];
  },
};

/** Opens the page again and again, with a moment between. Gives how long each time took. */
async function openHome(visitor: Visitor, isOver: () => boolean): Promise<number[]> {
  const times: number[] = [];
  while (!isOver()) {
    const begin = performance.now();
    await (await visitor.open('/')).text();
    times.push(performance.now() - begin);
    await sleep(PAUSE_MS);
  }
  return times;
}

/** Whether some work has ended; it throws what the work threw. */
function untilOver(work: Promise<unknown>): () => boolean {
  let over = false;
  let failure: unknown;
  const end = (error?: unknown) => {
    over = true;
    failure = error;
  };
  work.then(() => end(), end);
  return () => {
    if (failure) throw failure;
    return over;
  };
}
