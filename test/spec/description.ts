import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import path from 'node:path';

// Twilio's own package that holds the document. Not a dependency: one file of it is needed, and only here.
const PACKAGE = '@twilio/cli-core@8.3.2';
const FILE = 'package/src/services/twilio-api/twilio_api_v2010.json';
const CACHE = path.join(import.meta.dirname, '..', '..', '.cache', PACKAGE.replaceAll('/', '-'));

export interface Description {
  paths: Record<string, Record<string, Operation>>;
  [part: string]: unknown;
}

export interface Operation {
  responses: Record<string, { content?: { 'application/json': Content } }>;
}

interface Content {
  schema: object;
  examples?: Record<string, { value: unknown }>;
}

/**
 * Twilio's OpenAPI description of its REST API, the 2010 version. The first call fetches the package by npm and keeps the
 * one file in `.cache`, which git ignores.
 */
export function twilioDescription(): Description {
  const kept = path.join(CACHE, path.basename(FILE));
  if (!existsSync(kept)) fetchInto(kept);
  return JSON.parse(readFileSync(kept, 'utf8'));
}

function fetchInto(kept: string): void {
  mkdirSync(CACHE, { recursive: true });
  // npm names itself to the scripts it runs; on Windows it could not be started by its name alone.
  const npm = process.env.npm_execpath;
  const [command, first] = npm ? [process.execPath, [npm]] : ['npm', []];
  const run = (program: string, args: string[]) =>
    execFileSync(program, args, { cwd: CACHE, encoding: 'utf8' });
  const packed = JSON.parse(run(command, [...first, 'pack', PACKAGE, '--json', '--silent']));
  run('tar', ['-xzf', packed[0].filename, FILE]);
  // In one step, so that a run that was broken off leaves no half of it.
  renameSync(path.join(CACHE, FILE), kept);
}
