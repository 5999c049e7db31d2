import assert from 'node:assert/strict';
import path from 'node:path';
import Database from 'better-sqlite3';
import { dayText, toDay } from '../../../src/analytics/days.ts';
import { countDay, priceUnits } from '../../../src/analytics/totals.ts';
import { type DayTotals, saveDays } from '../../../src/database/call-totals.ts';
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

const GROUP_BY = `
  select started_at / ${DAY_MS} as day, status, direction, currency,
    count(*) as calls, sum(seconds) as seconds, sum(price) as price
  from calls where account_sid = ? group by 1, 2, 3, 4`;

/** What keeping totals saves: the same year, added up from its calls each time. */
export const analytics: Measurement = {
  name: 'analytics',
  what: 'a settled year of 1M calls in /analytics, the whole page',
  against: 'one GROUP BY over the rows, in SQLite',
  target: '<= 1/50 of the time',
  async run(lab) {
    const calls = lab.size(1_000_000, 10_000);
    const log = callLog(accountSidOf(0), { calls, days: YEAR });
    const upstream = await lab.start('upstream.ts', { logs: [{ calls: 1, days: 1 }], latency: 0 });
    const app = await startApp(
      lab,
      [{ accountSid: log.accountSid }],
      await startFront(lab, upstream.url),
    );
    const rows = storeRows(lab, log);
    await storeTotals(app, log);

    const last = toDay(Date.now() - SHIFT_MS) - 1;
    const first = last - YEAR + 1;
    const url = `/analytics?started-after=${dayText(first)}&started-before=${dayText(last)}`;
    const page = await (await app.visitor.open(url)).text();
    assert.ok(page.includes(calls.toLocaleString('en-US')), 'the page has another number of calls');
    assert.ok(!page.includes('not read yet'), 'the page lacks days');
    const counted = rows.all(log.accountSid) as { calls: number }[];
    assert.equal(
      counted.reduce((sum, row) => sum + row.calls, 0),
      calls,
    );

    const { ours, groupBy } = await alternate(lab.size(10, 1), {
      ours: () => timed(async () => (await app.visitor.open(url)).text()),
      groupBy: () => timed(async () => rows.all(log.accountSid)),
    });
    assert.equal(await upstream.ask('requests'), 0);
    const ratio = groupBy / ours;
    const text = `1/${ratio.toFixed(0)} (${duration(ours)}, ${duration(groupBy)})`;
    return [{ text, holds: ratio >= 50 }];
  },
};

function startedAt(seconds: number): number {
  return seconds * 1000 - SHIFT_MS;
}

/** A table with a row for each call, as a mirror of the log would keep them. Gives the statement that adds it up. */
function storeRows(lab: Lab, log: CallLog): Database.Statement {
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
  return db.prepare(GROUP_BY);
}

/** What the app would have stored after it had read the log, and an empty year before it. */
async function storeTotals(app: App, log: CallLog): Promise<void> {
  const days = new Map<number, ReturnType<typeof countDay>>();
  const last = toDay(Date.now() - SHIFT_MS) - 1;
  for (let day = last - 2 * YEAR + 1; day <= last; day++) days.set(day, countDay(day));
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
  const totals: DayTotals[] = [...days.values()].map((day) => day.totals());
  const db = await openDatabase(`file:${app.database}`);
  const [connection] = await listConnections(db, app.userId);
  assert.ok(connection);
  const { id: connectionId, connectedAt, accountSid } = connection;
  const isSaved = await saveDays(db, { connectionId, connectedAt, accountSid }, totals, Date.now());
  assert.ok(isSaved);
  await db.close();
}
