import type { Twilio } from 'twilio';
import { readAllCalls } from '../../src/calls/read-all.ts';
import { createCustomerClient } from '../../src/twilio/customer-client.ts';
import { accountSidOf, type LogSize } from './call-log.ts';
import type { Lab } from './lab.ts';

const AUTH_TOKEN = '0'.repeat(32);

/** An account with many calls behind an API, and the SDK's client for it. */
export interface Account {
  sid: string;
  client: Twilio;
  /** Starts counting the requests for calls anew; gives how many there were since the last time. */
  countRequests(): Promise<number>;
  url: string;
}

/** An upstream of its own with one log. */
export async function startAccount(lab: Lab, log: LogSize, latency: number): Promise<Account> {
  const { url, ask } = await lab.start('upstream.ts', { logs: [log], latency });
  const sid = accountSidOf(0);
  const client = createCustomerClient({ authToken: AUTH_TOKEN, apiUrl: url })(sid);
  return { sid, client, url, countRequests: () => ask<number>('requests') };
}

/** All calls, as the export and the analytics of the app read them: pages, several of them on the way. */
export function readPages({ client, sid }: Account): AsyncGenerator<{ sid: string }[]> {
  return readAllCalls(client, sid, {});
}

export async function sidsOf(pages: AsyncIterable<{ sid: string }[]>): Promise<string[]> {
  const sids: string[] = [];
  for await (const calls of pages) for (const call of calls) sids.push(call.sid);
  return sids;
}

export async function countOf(pages: AsyncIterable<unknown[]>): Promise<number> {
  let count = 0;
  for await (const calls of pages) count += calls.length;
  return count;
}

/** The SIDs of all calls, as the SDK lists them: one page after another, all of them kept. */
export async function listSids({ client, sid }: Account, pageSize: number): Promise<string[]> {
  const calls = await client.api.v2010.accounts(sid).calls.list({ pageSize });
  return calls.map((call) => call.sid);
}

/** The least that anyone can do: each page of a thousand is fetched and parsed, after the one before. */
export async function* fetchPages({ url, sid }: Account): AsyncGenerator<{ sid: string }[]> {
  let next: string | null = `/2010-04-01/Accounts/${sid}/Calls.json?PageSize=1000`;
  while (next) {
    const answer: Response = await fetch(url + next);
    const page = (await answer.json()) as {
      calls: { sid: string }[];
      next_page_uri: string | null;
    };
    yield page.calls;
    next = page.next_page_uri;
  }
}
