import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from '@jest/globals';

// docs/your-own-app.md: the files that it lets people copy are enough, and the rooms that it lets them delete can go.

const ROOT = path.join(import.meta.dirname, '..', '..');
const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');
const page = read('docs/your-own-app.md');
const section = (title: string) => page.split(`\n## ${title}\n`)[1]?.split('\n## ')[0] ?? '';
const rows = (text: string) =>
  text
    .split('\n')
    .filter((line) => line.startsWith('| ') && line.includes('`'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
const named = (text = '') =>
  [...text.matchAll(/`((?:src|views)\/[^`]+)`/g)].map(([, name]) => String(name));

test('what the copied files need besides is named, and nothing else is', () => {
  const copied = rows(section('What to copy'))
    .flatMap(([files]) => named(files))
    .flatMap((name) =>
      statSync(path.join(ROOT, name)).isDirectory()
        ? readdirSync(path.join(ROOT, name)).map((file) => name + file)
        : [name],
    );
  const [, besides = ''] = /files that you do not copy:\n\n(.*?)\n\n/s.exec(page) ?? [];
  const needed = copied.flatMap((file) =>
    [...read(file).matchAll(/from '(\.[^']+)'/g)].map(([, from]) =>
      path.posix.join(path.posix.dirname(file), String(from)),
    ),
  );
  const missing = [...new Set(needed)].filter((file) => !copied.includes(file)).sort();
  expect(missing).toEqual(
    named(besides)
      .filter((file) => !copied.includes(file))
      .sort(),
  );

  const packages = copied.flatMap((file) =>
    [...read(file).matchAll(/^import .*from '([^.][^'/]*)/gm)].map(([, name]) => String(name)),
  );
  const foreign = new Set(
    packages.filter((name) => !name.startsWith('node:') && name !== 'express'),
  );
  for (const name of foreign) expect(section('What to copy')).toContain(`\`${name}\``);
});

test('the deps that it shows are all that there are', () => {
  const [, shape = ''] = /interface Deps \{(.*?)\n\}/s.exec(read('src/deps.ts')) ?? [];
  const [, shown = ''] = /const deps = \{(.*?)\n\};/s.exec(page) ?? [];
  const names = (text: string) =>
    [...text.matchAll(/^ {2}(\w+)\b/gm)].map(([, name]) => name).sort();
  expect(names(shown)).toEqual(names(shape));
});

let copy: string | undefined;
afterEach(() => {
  if (copy) rmSync(copy, { recursive: true, force: true });
  copy = undefined;
});

const rooms = rows(section('What to delete')).map(([room, files, then]) => ({
  room: String(room),
  files: named(files),
  alsoIn: named(then),
}));

test('it names three rooms that can go', () => {
  expect(rooms.map(({ room }) => room)).toEqual(['the sandbox', 'the panel', 'setup and doctor']);
});

test.each(rooms)('without $room the types are still right', ({ files, alsoIn }) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'your-own-app-'));
  copy = folder;
  for (const name of ['src', 'views', 'package.json', 'tsconfig.json']) {
    cpSync(path.join(ROOT, name), path.join(folder, name), { recursive: true });
  }
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
  for (const name of files) rmSync(path.join(folder, name), { recursive: true });
  for (const name of alsoIn.filter((file) => file.endsWith('.ts'))) {
    const file = path.join(folder, name);
    writeFileSync(file, withoutRoom(readFileSync(file, 'utf8')));
  }
  const { stdout, status } = spawnSync('node_modules/.bin/tsc', ['--noEmit'], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect({ stdout, status }).toEqual({ stdout: '', status: 0 });
});

/** Does to server.ts and app.ts what the page says: an import, and a marked block or a line. */
function withoutRoom(text: string): string {
  return text
    .replace(/^import .*\/(?:sandbox|what-happened)\/.*\n/m, '')
    .replace(/^ {2}\/\/ THE SANDBOX.*?\n {2}\}\n/ms, '')
    .replace(/^.*whatHappened\(deps\).*\n/m, '');
}
