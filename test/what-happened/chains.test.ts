import { beforeEach, expect, test } from '@jest/globals';
import { type Chains, keepChains } from '../../src/what-happened/chains.ts';
import type { Step } from '../../src/what-happened/steps.ts';

let clock: number;
let chains: Chains;
beforeEach(() => {
  clock = 1_000_000;
  chains = keepChains(() => clock);
});

function step(asked: string): Step {
  const about = { title: 'x', url: 'x' };
  return { asked, answer: '', says: '', file: '', about, requests: [], more: 0 };
}

test('gives a page the steps that led to it, once', () => {
  const steps = [step('one'), step('two')];
  const id = chains.keep('/myapp?a=b', steps);
  expect(chains.take(id, '/myapp?a=b')).toEqual(steps);
  expect(chains.take(id, '/myapp?a=b')).toEqual([]);
});

test('gives them to no other page, and then to none at all', () => {
  const id = chains.keep('/myapp', [step('one')]);
  expect(chains.take(id, '/calls')).toEqual([]);
  expect(chains.take(id, '/myapp')).toEqual([]);
  expect(chains.take('', '/myapp')).toEqual([]);
});

test('keeps two tabs apart', () => {
  const [one, two] = [chains.keep('/', [step('one')]), chains.keep('/', [step('two')])];
  expect(chains.take(two, '/')).toEqual([step('two')]);
  expect(chains.take(one, '/')).toEqual([step('one')]);
});

test('forgets them after a minute', () => {
  const [early, late] = [chains.keep('/', [step('one')]), chains.keep('/', [step('two')])];
  clock += 59_999;
  expect(chains.take(early, '/')).toHaveLength(1);
  clock += 1;
  expect(chains.take(late, '/')).toEqual([]);
});

test('holds 50 chains at most, the newest, and of each the last 8 steps', () => {
  const ids = Array.from({ length: 60 }, (_, n) => chains.keep('/', [step(String(n))]));
  const kept = ids.map((id) => chains.take(id, '/')).filter((steps) => steps.length > 0);
  expect(kept.map(([first]) => first?.asked)).toEqual(
    Array.from({ length: 50 }, (_, n) => `${n + 10}`),
  );

  const long = Array.from({ length: 20 }, (_, n) => step(String(n)));
  const steps = chains.take(chains.keep('/', long), '/');
  expect(steps.map(({ asked }) => asked)).toEqual(['12', '13', '14', '15', '16', '17', '18', '19']);
});
