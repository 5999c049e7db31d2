import assert from 'node:assert/strict';
import path from 'node:path';
import { openDatabase } from '../../../src/database/database.ts';
import { freePort } from '../../free-port.ts';
import { alternate } from '../alternate.ts';
import { startApp } from '../app.ts';
import { accountSidOf } from '../call-log.ts';
import type { Helper, Lab } from '../lab.ts';
import { type Measurement, times } from '../measurement.ts';
import type { Load, LoadOptions } from '../processes/load.ts';

const BARE_EXPRESS = path.join(import.meta.dirname, '..', 'processes', 'bare-express.js');
const CONNECTIONS = 50;

/** What a page costs of which everything is real: the session is read, the user's accounts too, a line is logged. */
export const myApp: Measurement = {
  name: 'myapp',
  what: 'signed-in /myapp with its session read, 50 connections: requests a second; session writes',
  against: 'bare Express ‘hello’',
  target: '>= 0.45x; at most one a minute',
  why: 'the page is more than a hello: its session is verified and read, the user’s accounts too, EJS makes it of three templates, and each request is a line in the log that is searched for secrets.',
  async run(lab) {
    const app = await startApp(lab, [{ accountSid: accountSidOf(0) }]);
    const page = await (await app.visitor.open('/myapp')).text();
    assert.match(page, /Account 0/);
    const sessionWrites = await countSessionWrites(lab, app.database);

    const port = await freePort();
    const env = { PATH: process.env.PATH, NODE_ENV: 'production', PORT: String(port) };
    await lab.spawn([BARE_EXPRESS], 'listening', { cwd: lab.folder(), env });

    const ours = await startLoad(lab, { urls: [`${app.url}/myapp`], cookie: app.visitor.cookie });
    const theirs = await startLoad(lab, { urls: [`http://127.0.0.1:${port}/`] });
    const seconds = lab.size(4, 0.3);
    const rates = await alternate(lab.size(5, 1), {
      ours: () => rate(ours, seconds),
      theirs: () => rate(theirs, seconds),
    });
    const ratio = rates.ours / rates.theirs;
    const perSecond = `${Math.round(rates.ours)}/s, ${Math.round(rates.theirs)}/s`;
    const writes = await sessionWrites();
    return [
      { text: `${times(ratio)} (${perSecond})`, holds: ratio >= 0.45 },
      { text: `${writes} in all`, holds: writes <= 1 },
    ];
  },
};

export function startLoad(lab: Lab, options: Omit<LoadOptions, 'connections'>): Promise<Helper> {
  return lab.start('load.ts', { ...options, connections: CONNECTIONS });
}

/** How many requests a second are answered, all of them with 200. */
export async function rate(helper: Helper, seconds: number): Promise<number> {
  const { requestsPerSecond, failed } = await helper.ask<Load>(seconds);
  assert.equal(failed, 0);
  return requestsPerSecond;
}

/** Lets the database itself count, whoever writes. */
async function countSessionWrites(lab: Lab, database: string): Promise<() => Promise<number>> {
  const db = await openDatabase(`file:${database}`);
  lab.atEnd(() => db.close());
  await db.query('create table session_writes (at integer)');
  for (const event of ['insert', 'update', 'delete']) {
    await db.query(
      `create trigger count_${event} after ${event} on sessions begin insert into session_writes values (1); end`,
    );
  }
  return async () => {
    const [row] = await db.query<{ count: number }>('select count(*) as count from session_writes');
    return row?.count ?? 0;
  };
}
