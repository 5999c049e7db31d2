import {
  chownSync,
  mkdirSync,
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
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parse } from 'dotenv';
import { readEnvFile, setVariables, writeEnvFile } from '../../src/doctor/env-file.ts';
import { StartError } from '../../src/errors.ts';

describe('setting a variable', () => {
  test('changes its own line only', () => {
    const text = [
      '# my settings',
      "OTHER='single # quoted'",
      'export PORT = 4000   # the usual one',
      '',
      'LAST="two\nlines"',
      '',
    ].join('\n');
    expect(setVariables(text, { PORT: '5000' })).toBe(text.replace('4000', '5000'));
  });

  test('keeps Windows line endings, and adds with them', () => {
    expect(setVariables('A=1\r\nB=2', { A: '3', C: '4' })).toBe('A=3\r\nB=2\r\nC=4\r\n');
  });

  test('goes below the commented example, which stays', () => {
    const example = '# The port.\n#PORT=3000\n# The host.\n#HOST=127.0.0.1\n';
    expect(setVariables(example, { PORT: '4000' })).toBe(
      '# The port.\n#PORT=3000\nPORT=4000\n# The host.\n#HOST=127.0.0.1\n',
    );
    expect(setVariables('#PORT=3000', { PORT: '4000' })).toBe('#PORT=3000\nPORT=4000\n');
  });

  test('makes the first line of an empty file', () => {
    expect(setVariables('', { PORT: '4000' })).toBe('PORT=4000\n');
  });

  test('fills a line that was left empty', () => {
    expect(setVariables('SECRET=\nPORT=1\n', { SECRET: 'abc' })).toBe('SECRET=abc\nPORT=1\n');
    expect(setVariables('SECRET="" # none yet\n', { SECRET: 'abc' })).toBe(
      'SECRET=abc # none yet\n',
    );
  });

  test('of several lines it changes the one that counts', () => {
    expect(setVariables('A=1\nA=2\n', { A: '3' })).toBe('A=1\nA=3\n');
  });

  test('a line inside another variable’s quotes is none', () => {
    const text = 'NOTE="first\nPORT=1\nlast"\n';
    expect(setVariables(text, { PORT: '2' })).toBe(`${text}PORT=2\n`);
  });

  test('knows where a value with a quote inside ends', () => {
    expect(setVariables("A='it's'\nB=1\n", { A: '2' })).toBe('A=2\nB=1\n');
    expect(setVariables("A=it's # a's\nB=1\n", { A: '2' })).toBe("A=2 # a's\nB=1\n");
  });

  test('replaces a value of several lines as a whole', () => {
    expect(setVariables('A="x\ny"\nB=1\n', { A: 'z' })).toBe('A=z\nB=1\n');
  });

  const VALUES = [
    'plain',
    'with spaces',
    ' spaces around ',
    'a#b',
    "it's",
    'say "hi"',
    `both ' and "`,
    'back`tick',
    'C:\\new\\readme',
    '$HOME $(id)',
    'two\nlines',
    'é✓',
    '',
  ];
  test.each(VALUES)('%j reads back as it was meant', (value) => {
    const text = setVariables('A=1 # kept\nB=2\n', { A: value, C: value });
    expect(parse(text)).toEqual({ A: value, B: '2', C: value });
    expect(text).toContain(' # kept\nB=2\n');
  });

  test('what no quotes can hold is refused, without showing it', () => {
    expect(() => setVariables('', { A: `canary'"\`#` })).toThrow(StartError);
    expect(() => setVariables('', { A: `canary'"\`#` })).toThrow(/^A: (?!.*canary)/);
  });

  test('a file that would come to mean something else is left alone', () => {
    const unusual = 'NOTE="write\n#A=1\nto set A"\n';
    expect(() => setVariables(unusual, { A: '2' })).toThrow(/too unusual .* A by hand/);
  });
});

describe('the file', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'env-file-'));
    file = path.join(folder, '.env');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('is empty as long as there is none', () => {
    expect(readEnvFile(file)).toBe('');
  });

  test('is its owner’s alone, also if it was not before', () => {
    writeFileSync(file, 'A=1\n', { mode: 0o644 });
    writeEnvFile(file, 'A=2\n');
    expect(readFileSync(file, 'utf8')).toBe('A=2\n');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['.env']);
  });

  const asRoot = process.getuid?.() === 0 ? test : test.skip;
  asRoot('stays that of the user whom root edits it for', () => {
    writeFileSync(file, 'A=1\n');
    chownSync(file, 12345, 12345);
    writeEnvFile(file, 'A=2\n');
    expect(statSync(file)).toMatchObject({ uid: 12345, gid: 12345 });
  });

  test('behind a symbolic link is changed where it lies', () => {
    const real = path.join(folder, 'real.env');
    writeFileSync(real, 'A=1\n');
    symlinkSync(real, file);
    writeEnvFile(file, 'A=2\n');
    expect(readFileSync(real, 'utf8')).toBe('A=2\n');
  });

  test('that cannot be replaced stays, and leaves no draft behind', () => {
    mkdirSync(file);
    expect(() => writeEnvFile(file, 'A=2\n')).toThrow(/^Cannot write .*\.env \(EISDIR\)/);
    expect(readdirSync(folder)).toEqual(['.env']);
    expect(() => readEnvFile(file)).toThrow(/^Cannot read .*\.env \(EISDIR\)/);
  });
});
