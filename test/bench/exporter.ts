import assert from 'node:assert/strict';
import { type App, startApp } from './app.ts';
import { accountSidOf, callLog, type LogSize } from './call-log.ts';
import { startFront } from './front.ts';
import type { Lab } from './lab.ts';
import { type Account, startAccount } from './readers.ts';

/** The app with a user who has connected an account with many calls. */
export interface Exporter extends App {
  account: Account;
  /** Downloads them all. Throws if one is missing, doubled or out of order. */
  download(): Promise<void>;
}

export async function startExporter(lab: Lab, log: LogSize, latency: number): Promise<Exporter> {
  const account = await startAccount(lab, log, latency);
  const front = await startFront(lab, account.url);
  const app = await startApp(lab, [{ accountSid: account.sid }], front);
  const expected = callLog(accountSidOf(0), log);
  return {
    ...app,
    account,
    async download() {
      const { body } = await app.visitor.open('/calls.csv');
      let position = -1; // the header row
      let rest = '';
      for await (const chunk of body ?? []) {
        const lines = (rest + Buffer.from(chunk).toString('utf8')).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
          if (position >= 0)
            assert.ok(line.startsWith(`${expected.sidAt(position)},`), `row ${position}`);
          position++;
        }
      }
      assert.equal(position, log.calls);
    },
  };
}
