import { existsSync } from 'node:fs';
import os from 'node:os';
import { expect, test } from '@jest/globals';
import { alternate, median } from './alternate.ts';
import { accountSidOf, callLog } from './call-log.ts';
import { withLab } from './lab.ts';
import { report, table } from './report.ts';

// That the measurements themselves work, `npm run bench -- --quick` shows.

test('variants run in turn, and the warm-up does not count', async () => {
  const order: string[] = [];
  const variant = (name: string, figures: number[]) => async () => {
    order.push(name);
    return figures.shift() ?? Number.NaN;
  };
  const medians = await alternate(3, {
    one: variant('one', [1000, 3, 1, 2]),
    other: variant('other', [1000, 40, 60, 50]),
  });
  expect(order.join()).toBe('one,other,one,other,one,other,one,other');
  expect(medians).toEqual({ one: 2, other: 50 });
});

test('the median of an even number of figures lies between the two in the middle', () => {
  expect(median([9, 1, 4, 2])).toBe(3);
  expect(median([5])).toBe(5);
});

test('a lab leaves no process and no folder behind, also where the work in it fails', async () => {
  let folder = '';
  let pid: number | undefined;
  const work = withLab(true, async (lab) => {
    folder = lab.folder();
    const program = 'setInterval(() => console.log("ready"), 10)';
    ({ pid } = await lab.spawn(['-e', program], 'ready', { cwd: folder, env: {} }));
    expect(existsSync(folder)).toBe(true);
    throw new Error('the work failed');
  });
  await expect(work).rejects.toThrow('the work failed');
  expect(existsSync(folder)).toBe(false);
  expect(() => process.kill(Number(pid), 0)).toThrow('ESRCH');
});

test('a process that ends too early is named, without what it was given', async () => {
  const work = withLab(true, async (lab) => {
    const options = { urls: [], cookie: 'canary', connections: 1 };
    const load = await lab.start('load.ts', options);
    process.kill(load.pid);
    return load.ask(1);
  });
  await expect(work).rejects.toThrow(/^load\.ts ended too early$/);
});

const row = {
  name: 'cpu',
  what: 'this',
  against: 'that',
  target: '<= 2x',
  why: 'of this',
  findings: [
    { text: '1.5x', holds: true },
    { text: '3.0x', holds: false },
  ],
};

test('each figure says whether it meets its target, and what misses it is bold', () => {
  const line = '| `cpu` | this | that | <= 2x | 1.5x: met; 3.0x: **missed** |';
  expect(table([row]).split('\n').at(-1)).toBe(line);
  expect(report([row], 90)).toContain('1 target is missed.\n\n- `cpu`: of this\n');
});

test('the report names versions and the date, but neither an account nor this machine', () => {
  const text = report([row], 90);
  expect(text).toContain(`Node ${process.versions.node}, express 5.`);
  expect(text).toContain(new Date().toISOString().slice(0, 10));
  expect(text).not.toMatch(/\b[A-Z]{2}[0-9a-f]{32}\b/);
  for (const secret of [os.hostname(), os.homedir(), process.cwd()]) {
    expect(text).not.toContain(secret);
  }
});

test('an invented log has as many calls as it says, in order, within its days, each with a SID of its own', () => {
  const days = 90;
  const log = callLog(accountSidOf(0), { calls: 5_000, days });
  const calls = Array.from({ length: log.length }, (_, position) => log.at(position));
  expect(new Set(calls.map(({ sid }) => sid)).size).toBe(5_000);
  expect(calls.every(({ sid }, position) => log.positionOf(sid) === position)).toBe(true);
  const starts = calls.map(({ startedAt }) => startedAt);
  expect(starts).toEqual(starts.toSorted((a, b) => b - a));
  const midnight = Math.floor(Date.now() / 86_400_000) * 86_400;
  expect(starts.every((start) => start < midnight && start >= midnight - days * 86_400)).toBe(true);
});

test('an invented log finds the first call of a time', () => {
  const log = callLog(accountSidOf(0), { calls: 5_000, days: 90 });
  const middle = log.at(2_500).startedAt;
  const position = log.firstAtOrBefore(middle);
  expect(log.at(position).startedAt).toBe(middle);
  expect(log.at(position - 1).startedAt).toBeGreaterThan(middle);
  expect(log.firstAtOrBefore(0)).toBe(5_000);
});
