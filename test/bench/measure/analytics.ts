import assert from 'node:assert/strict';
import path from 'node:path';
import Database from 'better-sqlite3';
import { dayText, type Period, toDay } from '../../../src/analytics/days.ts';
import { countDay, priceUnits } from '../../../src/analytics/totals.ts';
import { type Group, readTotals, saveDays } from '../../../src/database/call-totals.ts';
import { listConnections } from '../../../src/database/connections.ts';
import { openDatabase } from '../../../src/database/database.ts';
import { alternate, timed } from '../alternate.ts';
import { type App, startApp } from '../app.ts';
import { accountSidOf, type CallLog, callLog } from '../call-log.ts';
import { startFront } from '../front.ts';
import type { Lab } from '../lab.ts';
import { duration, type Measurement } from '../measurement.ts';

const DAY_MS = 86_400_000;
const YEAR = 365;

// No day of the year is younger than the 48 hours after which it is settled.
const SHIFT_MS = 3 * DAY_MS;

type Sum = [day: number, ...Group];

const BY_DAY = `${sum('started_at / 86400000')} from calls where account_sid = ? group by 1, 2, 3, 4`;

/** What keeping totals saves: the same year, added up from its calls each time, or from rows of an hour each. */
export const analytics: Measurement = {
  name: 'analytics',
  what: 'a settled year of 1M calls in /analytics: reading its totals; the whole page',
  against: 'GROUP BY over the rows in SQLite, the faster of a scan and a covering index',
  target: '<= 1/50 of the time, both',
  why: 'most of the page’s time is spent on what it shows, not on adding up: charts of 365 days, and a table with a row a day beside each.',
  async run(lab) {
    const calls = lab.size(1_000_000, 10_000);
    const log = callLog(accountSidOf(0), { calls, days: YEAR });
    const upstream = await lab.start('upstream.ts', { logs: [{ calls: 1, days: 1 }], latency: 0 });
    const front = await startFront(lab, upstream.url);
    const app = await startApp(lab, [{ accountSid: log.accountSid }], front);
    const peers = storeRows(lab, log);
    const last = toDay(Date.now() - SHIFT_MS) - 1;
    const days = { first: last - 2 * YEAR + 1, last };
    const totals = await storeTotals(lab, app, log, days);

    const url = `/analytics?started-after=${dayText(last - YEAR + 1)}&started-before=${dayText(last)}`;
    const html = await (await app.visitor.open(url)).text();
    assert.ok(html.includes(calls.toLocaleString('en-US')), 'the page has another number of calls');
    assert.ok(!html.includes('not read yet'), 'the page lacks days');
    const expected = peers.scan();
    assert.deepEqual(await totals(), expected);
    assert.deepEqual(peers.index(), expected);
    assert.deepEqual(peers.hours(), expected);

    const ms = await alternate(lab.size(5, 1), {
      page: () => timed(async () => (await app.visitor.open(url)).text()),
      totals: () => timed(totals),
      scan: () => timed(async () => peers.scan()),
      index: () => timed(async () => peers.index()),
      hours: () => timed(async () => peers.hours()),
    });
    assert.equal(await upstream.ask('requests'), 0);
    const groupBy = Math.min(ms.scan, ms.index);
    const finding = (ours: number, more = '') => ({
      text: `1/${(groupBy / ours).toFixed(0)} (${duration(ours)}${more})`,
      holds: groupBy / ours >= 50,
    });
    const rows = `scan ${duration(ms.scan)}, index ${duration(ms.index)}, a row an hour ${duration(ms.hours)}`;
    return [finding(ms.totals, `; ${rows}`), finding(ms.page)];
  },
};

function startedAt(seconds: number): number {
  return seconds * 1000 - SHIFT_MS;
}

/** The text that groups the rows of calls by a time, oldest first. */
function sum(time: string): string {
  return `select ${time} as time, status, direction, currency, count(*) as calls, sum(seconds) as seconds, sum(price) as price`;
}

/** What adds up a log that a mirror keeps: a row for each call, or one for each group of calls in an hour. */
function storeRows(lab: Lab, log: CallLog) {
  const db = new Database(path.join(lab.folder(), 'rows.db'));
  lab.atEnd(() => db.close());
  db.exec(`create table calls (
    sid text primary key, account_sid text, direction text, "from" text, "to" text, status text,
    started_at integer, ended_at integer, seconds integer, price integer, currency text)`);
  const insert = db.prepare(`insert into calls values (${Array(11).fill('?').join()})`);
  db.transaction(() => {
    for (let position = 0; position < log.length; position++) {
      const { sid, direction, from, to, status, seconds, price, ...call } = log.at(position);
      const start = startedAt(call.startedAt);
      const end = start + seconds * 1000;
      const values = [direction, from, to, status, start, end, seconds, priceUnits(price), 'USD'];
      insert.run(sid, log.accountSid, ...values);
    }
  })();
  db.exec(
    `create index calls_by_day on calls (account_sid, started_at, status, direction, currency, seconds, price)`,
  );
  db.exec(`create table hours as ${sum('started_at / 3600000')} from calls group by 1, 2, 3, 4`);
  const hourly = `select time / 24 as day, status, direction, currency, sum(calls), sum(seconds), sum(price)
    from hours group by 1, 2, 3, 4`;
  const rowsOf = (sql: string, ...values: string[]) => {
    const statement = db.prepare(sql).raw();
    return () => statement.all(...values) as Sum[];
  };
  return {
    scan: rowsOf(BY_DAY.replace('from calls', 'from calls not indexed'), log.accountSid),
    index: rowsOf(BY_DAY, log.accountSid),
    hours: rowsOf(hourly),
  };
}

/** Stores what the app would after it had read the log, and an empty year before it. Gives what reads that again. */
async function storeTotals(lab: Lab, app: App, log: CallLog, { first, last }: Period) {
  const days = new Map<number, ReturnType<typeof countDay>>();
  for (let day = first; day <= last; day++) days.set(day, countDay(day));
  for (let position = 0; position < log.length; position++) {
    const { seconds, ...call } = log.at(position);
    const start = startedAt(call.startedAt);
    days.get(toDay(start))?.add({
      ...call,
      parentSid: null,
      startedAt: new Date(start),
      endedAt: new Date(start + seconds * 1000),
      durationSeconds: seconds,
      currency: 'USD',
    });
  }
  const db = await openDatabase(`file:${app.database}`);
  lab.atEnd(() => db.close());
  const [connection] = await listConnections(db, app.userId);
  assert.ok(connection);
  const { id: connectionId, connectedAt, accountSid } = connection;
  const source = { connectionId, connectedAt, accountSid };
  const totals = [...days.values()].map((day) => day.totals());
  assert.ok(await saveDays(db, source, totals, Date.now()));
  return async (): Promise<Sum[]> => {
    const read = await readTotals(db, source, { first, last });
    return [...read.values()].flatMap(({ day, groups }) =>
      groups.toSorted(byName).map((group): Sum => [day, ...group]),
    );
  };
}

function byName([status, direction]: Group, [other, otherDirection]: Group): number {
  return status < other || (status === other && direction < otherDirection) ? -1 : 1;
}
