import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, jest } from '@jest/globals';

const ROOT = path.join(import.meta.dirname, '..');
const TSX = import.meta.resolve('tsx');

// A process of its own starts slowly on a busy machine.
jest.setTimeout(30_000);

let current: string;
const started: ChildProcess[] = [];
beforeEach(() => {
  current = mkdtempSync(path.join(tmpdir(), 'quickstart-'));
});
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  rmSync(current, { recursive: true, force: true });
});

/** The folder in which this test's processes run: empty at first. */
export function folder(): string {
  return current;
}

/**
 * An entry file of this project with its arguments, with nothing in the environment but what is given. `under` is a
 * program, with its arguments, that becomes the process in the end, as `env` does.
 */
export function startProcess(
  [file = '', ...args]: string[],
  env: Record<string, string>,
  under: readonly string[] = [],
) {
  const node = [process.execPath, '--import', TSX, path.resolve(ROOT, file), ...args];
  const [program = '', ...rest] = [...under, ...node];
  const child = spawn(program, rest, {
    cwd: current,
    env: { PATH: process.env.PATH, ...env },
  });
  started.push(child);
  let output = '';
  let said = () => {};
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => {
      output += text;
      said();
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const says = (text: string) =>
    new Promise<void>((resolve, reject) => {
      said = () => {
        if (output.includes(text)) resolve();
      };
      said();
      void ended.then(() => reject(new Error(`Ended without saying "${text}":\n${output}`)));
    });
  return { child, ended, says, output: () => output };
}
