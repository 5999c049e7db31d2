import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { createTurns } from '../../src/twilio/turns.ts';

const late = () => new Error('late');

/** Work that ends when it is told to, and says when it began. */
function work(begun: string[], name: string) {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return {
    end: () => end(),
    run: async () => {
      begun.push(name);
      await ended;
      return name;
    },
  };
}

test('so many at once for each name, the others in the order in which they came', async () => {
  const inTurn = createTurns(2, 60_000, late);
  const begun: string[] = [];
  const mine = ['a', 'b', 'c', 'd'].map((name) => work(begun, name));
  const done = mine.map(({ run }) => inTurn('me', run));
  const other = work(begun, 'other');
  const otherDone = inTurn('you', other.run);
  await sleep(0);
  expect(begun).toEqual(['a', 'b', 'other']);
  mine[1]?.end();
  await done[1];
  await sleep(0);
  expect(begun).toEqual(['a', 'b', 'other', 'c']);
  for (const { end } of [...mine, other]) end();
  expect(await Promise.all([...done, otherDone])).toEqual(['a', 'b', 'c', 'd', 'other']);
});

test('work that fails gives its place to the next one', async () => {
  const inTurn = createTurns(1, 60_000, late);
  const failed = inTurn('me', async () => {
    throw new Error('failed');
  });
  const next = inTurn('me', async () => 'next');
  await expect(failed).rejects.toThrow('failed');
  expect(await next).toBe('next');
});

test('what has waited for too long is not done, and who comes then is not kept waiting by it', async () => {
  const inTurn = createTurns(1, 10, late);
  const begun: string[] = [];
  const slow = work(begun, 'slow');
  const slowDone = inTurn('me', slow.run);
  const waiting = [inTurn('me', work(begun, 'b').run), inTurn('me', work(begun, 'c').run)];
  const outcome = Promise.allSettled(waiting);
  await sleep(20);
  slow.end();
  await slowDone;
  expect((await outcome).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await inTurn('me', async () => 'next')).toBe('next');
  expect(begun).toEqual(['slow']);
});
