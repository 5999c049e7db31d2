import assert from 'node:assert/strict';
import pg from 'pg';
import { freePort } from '../../free-port.ts';
import { startPostgres } from '../../postgres/own-server.ts';
import { alternate, timed } from '../alternate.ts';
import { productionEnv, SERVER } from '../app.ts';
import { startFront } from '../front.ts';
import type { Lab } from '../lab.ts';
import { duration, type Measurement, times } from '../measurement.ts';
import { startSandbox } from '../sandbox.ts';
import { signUp, type Visitor } from '../visitor.ts';
import { rate, startLoad } from './my-app.ts';

/** Processes of the app that are one, and somebody who is signed in to all of them. */
interface Instances {
  urls: string[];
  visitor: Visitor;
}

/** What PostgreSQL costs, and what more processes bring. */
export const instances: Measurement = {
  name: 'instances',
  what: '1, 2 and 4 processes on PostgreSQL: /myapp, requests a second by 50 connections; the callback, its time',
  against: '1 process on SQLite',
  target: '>= 0.5x, and more with 2; <= 2x each',
  async run(lab) {
    const twilio = await startSandbox(lab, { calls: 1, latency: 0 });
    const front = await startFront(lab, twilio.url);

    async function start(count: number, databaseUrl: string): Promise<Instances> {
      const ports = await Promise.all(Array.from({ length: count }, freePort));
      const env = productionEnv(Number(ports[0]), front, twilio.settings);
      for (const port of ports) {
        const own = { ...env, DATABASE_URL: databaseUrl, PORT: String(port) };
        await lab.spawn([SERVER], 'Open', { cwd: lab.folder(), env: own });
      }
      const urls = ports.map((port) => `http://127.0.0.1:${port}`);
      const visitor = await signUp(String(urls[0]), 'bench@example.com');
      return { urls, visitor };
    }

    const [db1, db2, db4] = await startDatabases(lab, ['one', 'two', 'four']);
    const all = {
      sqlite: await start(1, 'file:app.db'),
      one: await start(1, String(db1)),
      two: await start(2, String(db2)),
      four: await start(4, String(db4)),
    };
    const names = ['one', 'two', 'four'] as const;

    const callbacks = await alternate(
      lab.size(100, 3),
      mapped(all, (app) => () => callback(app, twilio.connectSid)),
    );
    const seconds = lab.size(4, 0.3);
    const rates = await alternate(
      lab.size(5, 1),
      mapped(all, ({ urls, visitor: { cookie } }) => {
        const pages = urls.map((url) => `${url}/myapp`);
        const load = startLoad(lab, { urls: pages, cookie });
        return async () => rate(await load, seconds);
      }),
      2, // Each of four processes sees a quarter of the requests, and gets warm that much later.
    );

    const page = (name: keyof typeof all) =>
      `${times(rates[name] / rates.sqlite)} (${Math.round(rates[name])}/s)`;
    const back = (name: keyof typeof all) =>
      `${times(callbacks[name] / callbacks.sqlite)} (${duration(callbacks[name])})`;
    return [
      {
        text: `${names.map(page).join(', ')} of ${Math.round(rates.sqlite)}/s`,
        holds: rates.one >= 0.5 * rates.sqlite && rates.two > rates.one,
      },
      {
        text: `${names.map(back).join(', ')} of ${duration(callbacks.sqlite)}`,
        holds: names.every((name) => callbacks[name] <= 2 * callbacks.sqlite),
      },
    ];
  },
};

/** A server of our own that waits for its disk, as in production, with a database for each name. Gives their URLs. */
async function startDatabases(lab: Lab, names: readonly string[]): Promise<string[]> {
  const server = await startPostgres();
  lab.atEnd(server.close);
  const admin = new pg.Client(server.url);
  await admin.connect();
  await admin.query('alter system set fsync = on');
  await admin.query('select pg_reload_conf()');
  for (const name of names) await admin.query(`create database ${name}`);
  await admin.end();
  return names.map((name) => new URL(name, server.url).href);
}

/** Connects the account once more: the button comes from the first process, the callback goes to the last. */
async function callback({ urls, visitor }: Instances, accountSid: string): Promise<number> {
  const home = await fetch(String(urls[0]), { headers: { cookie: visitor.cookie } });
  const [, state] = /[?&;]state=([\w-]+)/.exec(await home.text()) ?? [];
  const url = `${urls.at(-1)}/twilio/authorize?AccountSid=${accountSid}&state=${state}`;
  return timed(async () => {
    const answer = await fetch(url, {
      headers: { cookie: visitor.cookie },
      redirect: 'manual',
    });
    assert.equal(answer.status, 303);
    assert.equal(answer.headers.get('location'), '/myapp');
  });
}

function mapped<Name extends string, From, To>(
  from: Record<Name, From>,
  change: (value: From) => To,
): Record<Name, To> {
  const entries = Object.entries<From>(from).map(([name, value]) => [name, change(value)]);
  return Object.fromEntries(entries) as Record<Name, To>;
}
