import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { listAccounts, probeAccount } from '../../src/twilio/accounts.ts';
import { createCustomerClient } from '../../src/twilio/customer-client.ts';
import { createTransport } from '../../src/twilio/transport.ts';
import { behindTls } from '../behind-tls.ts';

const SID = `AC${'7'.repeat(32)}`;
let apiUrl: string;
let seen: IncomingMessage[];
let answer: (req: IncomingMessage, res: ServerResponse) => void;
let server: ReturnType<typeof createServer>;

beforeEach(async () => {
  seen = [];
  server = createServer((req, res) => {
    seen.push(req);
    answer(req, res);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/deep/down`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function client() {
  const settings = {
    apiUrl,
    authToken: 'token',
    accountSid: SID,
    connectAppSid: 'CN',
    authorizeUrl: 'unused',
  };
  return createCustomerClient(settings)(SID);
}

function send(res: ServerResponse, status: number, body: object) {
  res.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

test('every request goes to the API URL, path and all, as (their AccountSid, our Auth Token)', async () => {
  answer = (_req, res) => send(res, 200, { sid: SID, status: 'active' });
  await client().api.v2010.accounts(SID).fetch();
  expect(seen[0]?.url).toBe(`/deep/down/2010-04-01/Accounts/${SID}.json`);
  expect(seen[0]?.headers.authorization).toBe(
    `Basic ${Buffer.from(`${SID}:token`).toString('base64')}`,
  );
});

test('whatever region or edge the environment names', async () => {
  process.env.TWILIO_REGION = 'ie1';
  process.env.TWILIO_EDGE = 'dublin';
  try {
    answer = (_req, res) => send(res, 200, { sid: SID, status: 'active' });
    await client().api.v2010.accounts(SID).fetch();
    expect(seen[0]?.url).toBe(`/deep/down/2010-04-01/Accounts/${SID}.json`);
  } finally {
    delete process.env.TWILIO_REGION;
    delete process.env.TWILIO_EDGE;
  }
});

test('a client without an AccountSid is refused, though the environment holds one', () => {
  process.env.TWILIO_ACCOUNT_SID = SID;
  try {
    const settings = {
      apiUrl,
      authToken: 'token',
      accountSid: SID,
      connectAppSid: 'CN',
      authorizeUrl: 'unused',
    };
    expect(() => createCustomerClient(settings)('')).toThrow('needs the AccountSid of a customer');
  } finally {
    delete process.env.TWILIO_ACCOUNT_SID;
  }
});

test('a 429 is tried again, up to three times', async () => {
  answer = (_req, res) => {
    if (seen.length < 4) send(res, 429, { code: 20429, message: 'slow down', status: 429 });
    else send(res, 200, { sid: SID, status: 'active' });
  };
  expect((await client().api.v2010.accounts(SID).fetch()).sid).toBe(SID);
  expect(seen).toHaveLength(4);
});

test('accounts come without their auth tokens', async () => {
  const account = {
    sid: SID,
    friendly_name: '',
    status: 'active',
    auth_token: 'theirs',
    owner_account_sid: null,
  };
  answer = (_req, res) => send(res, 200, { accounts: [account], next_page_uri: null });
  expect(await listAccounts(client())).toEqual([
    { sid: SID, friendlyName: 'Unnamed account', status: 'active', ownerAccountSid: null },
  ]);
});

test('many customers whose answers never come leave room for another', async () => {
  // The SDK's limits, of 20 and 100 connections, are those of its agent, and that is for https.
  const apiUrlOverTls = await behindTls(apiUrl);
  const customerClient = createCustomerClient({ authToken: 'token', apiUrl: apiUrlOverTls });
  const [customers, atOnce] = [8, 25];
  const hung = customers * atOnce;
  answer = (_req, res) => {
    if (seen.length > hung) send(res, 200, { sid: SID, status: 'active' });
  };
  const ask = (n: number) => {
    const sid = `AC${String(n).padStart(32, '0')}`;
    return customerClient(sid).api.v2010.accounts(sid).fetch();
  };
  let ended = 0;
  const waiting = Array.from({ length: hung }, (_, n) =>
    ask(n % customers).catch(() => {
      ended++;
    }),
  );
  while (seen.length < hung && ended === 0) await sleep(10);
  expect(seen.length).toBe(hung);
  expect((await ask(customers)).status).toBe('active');
  server.closeAllConnections();
  await Promise.all(waiting);
});

test('a probe gives up in time', async () => {
  answer = () => {};
  const probe = await probeAccount(client(), SID, 50);
  expect(probe.problem?.kind).toBe('unreachable');
});

test('an answer that drips in forever ends with the time limit', async () => {
  let dripping: NodeJS.Timeout | undefined;
  answer = (_req, res) => {
    res.writeHead(200, { 'Content-Type': 'application/json' }).write('{');
    dripping = setInterval(() => res.write(' '), 20);
  };
  const request = createTransport(apiUrl, 200).request({ method: 'get', uri: '/slow' });
  await expect(request).rejects.toMatchObject({ name: 'TwilioUnreachable' });
  clearInterval(dripping);
}, 2_000);

test('the SDK’s own debug log stays silent: its URLs hold AccountSids', async () => {
  const print = jest.spyOn(console, 'log').mockImplementation(() => {});
  process.env.TWILIO_LOG_LEVEL = 'debug';
  try {
    answer = (_req, res) => send(res, 200, { sid: SID, status: 'active' });
    await client().api.v2010.accounts(SID).fetch();
    expect(print.mock.calls).toEqual([]);
  } finally {
    delete process.env.TWILIO_LOG_LEVEL;
    print.mockRestore();
  }
});
