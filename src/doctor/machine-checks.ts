import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { openDatabase } from '../database/database.ts';
import { StartError } from '../errors.ts';
import { check } from './check.ts';

const PACKAGE = path.join(import.meta.dirname, '..', '..', 'package.json');

export const nodeVersion = check({
  id: 'node',
  title: 'Node',
  run({ nodeVersion }) {
    const { engines } = JSON.parse(readFileSync(PACKAGE, 'utf8')) as { engines: { node: string } };
    if (fits(nodeVersion, engines.node)) return { status: 'ok' };
    return {
      status: 'problem',
      cause: `This is Node ${nodeVersion}; the app is made for ${engines.node}.`,
      cure: 'Install one of these, then run npm install again: the SQLite package is compiled for one Node.',
    };
  },
});

/** Whether a version is in a range such as `^20.19.0 || ^22.14.0`, the only form that package.json uses. */
function fits(version: string, range: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return range.split('||').some((part) => {
    const [, from, least] = /^\s*\^(\d+)\.(\d+)\.0\s*$/.exec(part) ?? [];
    return major === Number(from) && minor >= Number(least);
  });
}

export const database = check({
  id: 'database',
  title: 'Database',
  needs: ['config'],
  gives: 'db',
  async run({ config }) {
    const [, file] = /^file:(.+)$/.exec(config.databaseUrl) ?? [];
    if (file && file !== ':memory:' && !existsSync(file)) {
      return {
        status: 'remark',
        cause: `There is no ${file} yet.`,
        cure: 'The first npm start makes it.',
      };
    }
    try {
      // Brings the tables up to date as a start does, which is a write; but waits for no server.
      return { status: 'ok', found: await openDatabase(config.databaseUrl, () => {}, 0) };
    } catch (error) {
      if (!(error instanceof StartError)) throw error;
      // "… cannot use … (code): the cure."
      const [, cause, cure] = /^(.*\))[:.] (.*)$/.exec(error.message) ?? [];
      return {
        status: 'problem',
        cause: cause ?? error.message,
        cure: cure ?? 'Name another database.',
      };
    }
  },
});

export const proxyVariables = check({
  id: 'proxy-variables',
  title: 'HTTP_PROXY',
  run({ environment }) {
    const { HTTP_PROXY, HTTPS_PROXY, https_proxy, http_proxy } = environment;
    if (HTTP_PROXY) {
      const isUrl = URL.canParse(HTTP_PROXY) && /^https?:$/.test(new URL(HTTP_PROXY).protocol);
      return isUrl
        ? {
            status: 'remark',
            cause:
              'HTTP_PROXY is set: requests to Twilio go through that proxy (https ones do, whatever NO_PROXY says). The doctor’s own to BASE_URL do not.',
            cure: 'If Twilio cannot be reached below, unset HTTP_PROXY or mend the proxy.',
          }
        : {
            status: 'problem',
            cause:
              'HTTP_PROXY is no address of a proxy, and every request to Twilio goes through it.',
            cure: 'Write it as http://HOST:PORT, or unset it.',
          };
    }
    if (HTTPS_PROXY || https_proxy || http_proxy) {
      return {
        status: 'remark',
        cause:
          'HTTPS_PROXY and small letters mean nothing here: Twilio’s SDK reads HTTP_PROXY only.',
        cure: 'If this network lets you out through a proxy only, set HTTP_PROXY to it.',
      };
    }
    return { status: 'ok' };
  },
});
