import { type ChildProcess, fork, type Serializable, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Where a measurement takes place. What it opens here is closed when the measurement has ended. */
export interface Lab {
  /** The size for a real run, or a small one that shows in seconds that everything works. */
  size(full: number, quick: number): number;
  /** A new folder for files. */
  folder(): string;
  /** Runs a file of `processes/` in a process of its own, so that it takes no time from what is measured. */
  start(file: string, options: Serializable, env?: NodeJS.ProcessEnv): Promise<Helper>;
  /** Runs a program until it prints `sign`. Gives its process. */
  spawn(args: readonly string[], sign: string, settings: SpawnSettings): Promise<ChildProcess>;
  /** Does something when the measurement has ended, the last thing first. */
  atEnd(close: () => unknown): void;
}

/** A process of ours. Its first message says where it is, and perhaps more; then it answers one question at a time. */
export interface Helper {
  pid: number;
  url: string;
  ask<Answer>(question: Serializable): Promise<Answer>;
}

export interface SpawnSettings {
  cwd: string;
  env: NodeJS.ProcessEnv;
}

/** Opens a lab for the time of `work`. */
export async function withLab<T>(quick: boolean, work: (lab: Lab) => Promise<T>): Promise<T> {
  const closing: (() => unknown)[] = [];
  const children = new Set<ChildProcess>();
  const folders: string[] = [];
  // What is left when somebody ends the benchmark in the middle.
  const leave = () => {
    for (const child of children) child.kill('SIGKILL');
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', leave);

  function watch(child: ChildProcess): ChildProcess {
    children.add(child);
    child.once('exit', () => children.delete(child));
    return child;
  }

  const lab: Lab = {
    size: (full, small) => (quick ? small : full),
    folder() {
      const folder = mkdtempSync(path.join(tmpdir(), 'bench-'));
      folders.push(folder);
      return folder;
    },
    async start(file, options, env = {}) {
      const child = watch(
        fork(path.join(import.meta.dirname, 'processes', file), [JSON.stringify(options)], {
          execArgv: ['--import', 'tsx'],
          env: { ...process.env, ...env },
        }),
      );
      closing.push(() => ended(child));
      const ready = (await answerOf(child, file)) as { url: string };
      return {
        ...ready,
        pid: child.pid ?? 0,
        ask: <Answer>(question: Serializable) => {
          const answer = answerOf(child, file);
          child.send(question);
          return answer as Promise<Answer>;
        },
      };
    },
    async spawn(args, sign, settings) {
      const child = watch(spawn(process.execPath, args, settings));
      closing.push(() => ended(child));
      await prints(child, sign);
      return child;
    },
    atEnd: (close) => void closing.push(close),
  };
  try {
    return await work(lab);
  } finally {
    for (const close of closing.reverse()) await close();
    process.off('exit', leave);
    leave();
  }
}

async function answerOf(child: ChildProcess, file: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    // Without its arguments: they may hold a visitor's cookie.
    const died = () => reject(new Error(`${file} ended too early`));
    child.once('exit', died);
    child.once('message', (message) => {
      child.off('exit', died);
      resolve(message);
    });
  });
}

async function prints(child: ChildProcess, sign: string): Promise<void> {
  let output = '';
  await new Promise<void>((resolve, reject) => {
    const died = () => reject(new Error(`It ended without "${sign}": ${output}`));
    child.once('exit', died);
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (text) => {
        if (output.includes(sign)) return;
        output += text;
        if (!output.includes(sign)) return;
        child.off('exit', died);
        resolve();
      });
    }
  });
}

/** Ends a process of ours at once: it has nothing to keep. */
export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await exit;
}
