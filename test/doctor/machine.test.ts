import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { CHECKS } from '../../src/doctor/checks.ts';
import { runChecks } from '../../src/doctor/run-checks.ts';
import { SESSION_SECRET } from '../start-app.ts';
import { examine } from './world.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'doctor-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A port on which nobody listens: these tests are about the machine. */
const BASE = { PORT: '9', SESSION_SECRET };

test('what a check needs is found by one before it', () => {
  const found = new Set<string>();
  for (const { needs, gives } of CHECKS) {
    for (const name of needs) expect(found).toContain(name);
    if (gives) found.add(gives);
  }
  expect(new Set(CHECKS.map(({ id }) => id)).size).toBe(CHECKS.length);
});

test('Node has to be one of those that package.json names', async () => {
  const root = path.join(import.meta.dirname, '..', '..');
  const { engines } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  expect(engines.node).toBe('^20.19.0 || ^22.14.0 || ^24.0.0');
  const verdict = async (nodeVersion: string) =>
    (await examine({ environment: BASE, nodeVersion })).node?.status;
  for (const good of ['20.19.0', '20.20.2', '22.14.1', '24.0.0', '24.21.0'])
    expect(await verdict(good)).toBe('ok');
  for (const bad of ['18.20.0', '20.18.9', '21.7.0', '22.13.1', '23.9.0', '26.1.0']) {
    expect(await verdict(bad)).toBe('problem');
  }
});

test('every problem of the environment is named with its cure, and nothing else is tried', async () => {
  const environment = { PORT: 'x', TWILIO_AUTH_TOKEN: 'canary-token' };
  const reports = await examine({ environment });
  expect(reports.environment?.status).toBe('problem');
  expect(reports.environment?.cause).toContain('PORT: write a port number');
  expect(reports.environment?.cause).toContain('TWILIO_ACCOUNT_SID: is missing');
  expect(reports.database).toEqual({
    id: 'database',
    title: 'Database',
    status: 'skipped',
    cause: 'needs “Environment”',
  });
  expect(JSON.stringify(reports)).not.toContain('canary');
});

test('a database that is not there yet is a remark, and the doctor does not make it', async () => {
  const file = path.join(folder, 'deep', 'app.db');
  const reports = await examine({ environment: { ...BASE, DATABASE_URL: `file:${file}` } });
  expect(reports.database).toMatchObject({ status: 'remark', cause: `There is no ${file} yet.` });
  expect(() => readFileSync(file)).toThrow();
});

test('a database server that does not answer is a problem at once, and its password stays secret', async () => {
  const DATABASE_URL = 'postgres://me:canary-password@127.0.0.1:1/app';
  const { database } = await examine({ environment: { ...BASE, DATABASE_URL } });
  expect(database).toMatchObject({
    status: 'problem',
    cause: 'DATABASE_URL: cannot use postgres://127.0.0.1:1/app (ECONNREFUSED)',
    cure: 'start it, or correct the host and port.',
  });
});

test('a database that cannot be used is a problem', async () => {
  const file = path.join(folder, 'app.db');
  writeFileSync(file, 'This is no database, but a text that is long enough to be read.'.repeat(20));
  const reports = await examine({ environment: { ...BASE, DATABASE_URL: `file:${file}` } });
  expect(reports.database).toMatchObject({ status: 'problem' });
  expect(reports.database?.cause).toMatch(/cannot use the database file:.*\(SQLITE_NOTADB\)$/);
  expect(reports.database?.cure).toBe('the file is no SQLite database; name another file.');

  const directory = path.join(folder, 'directory.db');
  mkdirSync(directory);
  const other = await examine({ environment: { ...BASE, DATABASE_URL: `file:${directory}` } });
  expect(other.database).toMatchObject({ status: 'problem' });
});

test('a .env that others can read is a remark', async () => {
  const envFile = path.join(folder, '.env');
  writeFileSync(envFile, 'PORT=9\n', { mode: 0o600 });
  expect((await examine({ environment: BASE, envFile }))['env-file']?.status).toBe('ok');
  chmodSync(envFile, 0o644);
  const report = (await examine({ environment: BASE, envFile }))['env-file'];
  expect(report).toMatchObject({ status: 'remark', cure: `chmod 600 ${envFile}` });
});

test('a variable of the shell that overrules the .env is a remark that shows neither value', async () => {
  const envFile = path.join(folder, '.env');
  writeFileSync(envFile, 'TWILIO_AUTH_TOKEN=canary-file\nPORT=9\n', { mode: 0o600 });
  const shell = { TWILIO_AUTH_TOKEN: 'canary-shell', PORT: '9' };
  const report = (await examine({ environment: BASE, envFile, shell }))['env-file'];
  expect(report).toMatchObject({
    status: 'remark',
    cure: expect.stringContaining('unset TWILIO_AUTH_TOKEN,'),
  });
  expect(JSON.stringify(report)).not.toContain('canary');
});

test('a .env that cannot be read is a problem', async () => {
  const envFile = path.join(folder, '.env');
  mkdirSync(envFile);
  const report = (await examine({ environment: BASE, envFile }))['env-file'];
  expect(report).toMatchObject({ status: 'problem', cause: expect.stringContaining('EISDIR') });
});

test.each([
  [{ HTTP_PROXY: 'http://user:canary@proxy.example:3128' }, 'remark', /go through that proxy/],
  [{ HTTP_PROXY: 'proxy.example' }, 'problem', /no address/],
  [{ HTTPS_PROXY: 'http://proxy.example:3128' }, 'remark', /reads HTTP_PROXY only/],
  [{ https_proxy: 'http://proxy.example:3128' }, 'remark', /reads HTTP_PROXY only/],
  [{}, 'ok', undefined],
])('%j', async (variables, status, cause) => {
  const environment = { ...BASE, ...(variables as Record<string, string>) };
  const report = (await examine({ environment }))['proxy-variables'];
  expect(report?.status).toBe(status);
  if (cause) expect(report?.cause).toMatch(cause);
  expect(JSON.stringify(report)).not.toContain('canary');
});

test('a check that throws is told as the doctor’s own mistake, without secrets', async () => {
  const sid = `AC${'7'.repeat(32)}`;
  const broken = {
    id: 'broken',
    title: 'Broken',
    needs: [],
    run: () => {
      throw new Error(`canary-token and ${SESSION_SECRET} of ${sid}`);
    },
  };
  const world = {
    environment: { ...BASE, TWILIO_AUTH_TOKEN: 'canary-token' },
    shell: {},
    envFile: '.env',
    nodeVersion: process.versions.node,
    now: Date.now,
  };
  expect(await runChecks([broken], world)).toEqual([
    {
      id: 'broken',
      title: 'Broken',
      status: 'problem',
      cause: 'The check itself failed: Error: [secret] and [secret] of AC77…7777',
      cure: 'This is a mistake in the doctor, not in your set-up: please report it.',
    },
  ]);
});
