import { execFile } from 'node:child_process';
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { freePort } from '../free-port.ts';
import { folder, startProcess } from '../start-process.ts';
import { type Line, readTutorial } from './read-tutorial.ts';
import { createVisitor } from './visitor.ts';

const ROOT = path.join(import.meta.dirname, '..', '..');
const TUTORIAL = readFileSync(path.join(ROOT, 'docs', 'tutorial.md'), 'utf8');
const run = promisify(execFile);

// Does what the tutorial says in a copy of the project, with the real `npm start`, and looks for what it promises.
test('every line of the tutorial can be done, and shows what it promises', async () => {
  const copy = folder();
  let app: ReturnType<typeof startProcess> | undefined;
  for (const part of ['src', 'views', 'test', 'package.json', 'tsconfig.json']) {
    cpSync(path.join(ROOT, part), path.join(copy, part), { recursive: true });
  }
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(copy, 'node_modules'));
  const port = await freePort();
  const here = (text: string) => text.replaceAll('localhost:3000', `localhost:${port}`);
  const visitor = createVisitor(`http://localhost:${port}`);
  let environment: Record<string, string> = {};

  const lines = readTutorial(TUTORIAL);
  expect(lines.length).toBeGreaterThan(50);
  for (const line of lines) {
    try {
      await follow(line);
    } catch (error) {
      throw new Error(`docs/tutorial.md, line ${line.at}: ${(error as Error).message}`);
    }
  }

  async function follow(line: Line): Promise<void> {
    if (line.kind === 'open') return visitor.open(here(line.address));
    if (line.kind === 'press') return visitor.press(line.label);
    if (line.kind === 'choose') return visitor.choose(line.label);
    if (line.kind === 'write') return visitor.fillIn(line.label, line.text);
    if (line.kind === 'see') {
      const page = expect(visitor.text());
      return (line.isThere ? page : page.not).toContain(here(line.text));
    }
    if (line.kind === 'change') return change(line.file, line.from, line.to);
    const printed: string[] = [];
    for (const command of line.commands) printed.push(await perform(here(command)));
    if (line.prints) expectPrinted(printed.join(''), here(line.prints));
  }

  async function perform(command: string): Promise<string> {
    // What it does has been done: the copy has this project's packages.
    if (command === 'npm install') return '';
    if (command === 'npm start') {
      app?.child.kill('SIGTERM');
      await app?.ended;
      app = startProcess([path.join(copy, 'src', 'server.ts')], { PORT: String(port) });
      await app.says('sandbox');
      return app.output();
    }
    const script = `exec 2>&1; ${command} || exit; env -0 > env.txt`;
    const { stdout } = await run('bash', ['-c', script], {
      cwd: copy,
      env: { PATH: process.env.PATH, ...environment },
    }).catch((failure) => {
      throw new Error(`${command} failed:\n${failure.stdout}`);
    });
    const kept = readFileSync(path.join(copy, 'env.txt'), 'utf8').split('\0').filter(Boolean);
    environment = Object.fromEntries(kept.map((one) => one.split(/=(.*)/s).slice(0, 2)));
    return stdout;
  }

  function change(file: string, from: string, to: string): void {
    const before = readFileSync(path.join(copy, file), 'utf8');
    expect(before.split(from)).toHaveLength(2);
    writeFileSync(
      path.join(copy, file),
      before.replace(from, () => to),
    );
  }
}, 180_000);

/** `…` stands for anything, in a line or at the end of it. */
function expectPrinted(printed: string, expected: string): void {
  const pattern = expected
    .split('…')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('[^\\n]*');
  expect(printed).toMatch(new RegExp(pattern));
}
