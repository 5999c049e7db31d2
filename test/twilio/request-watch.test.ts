import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createCustomerClient } from '../../src/twilio/customer-client.ts';
import {
  type Ending,
  type SentRequest,
  type Watch,
  watchRequests,
} from '../../src/twilio/request-watch.ts';
import { createTransport } from '../../src/twilio/transport.ts';

const SID = `AC${'7'.repeat(32)}`;
const OTHER = `AC${'8'.repeat(32)}`;
const settings = { authToken: 'canary-token', accountSid: OTHER, connectAppSid: 'CN' };
let apiUrl: string;
let answers: ((res: ServerResponse) => unknown)[];
let server: ReturnType<typeof createServer>;

beforeEach(async () => {
  answers = [];
  server = createServer((_req, res) => void (answers.shift() ?? (() => send(res, 200)))(res));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/deep`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function send(res: ServerResponse, status: number) {
  const body = { sid: SID, status: 'active', calls: [], code: 20429 };
  res.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

function client() {
  return createCustomerClient({ ...settings, apiUrl })(SID);
}

/** Hears everything that `work` asks of Twilio: each request, and below it how it ended. */
function listener() {
  const heard: (SentRequest & Partial<Ending>)[] = [];
  const watch: Watch = (sent) => {
    const one = { ...sent };
    heard.push(one);
    return (ending) => void Object.assign(one, ending);
  };
  return { heard, watch };
}

test('tells method, address with its query, who asked, and how it ended', async () => {
  const { heard, watch } = listener();
  const calls = client().api.v2010.accounts(OTHER).calls;
  await watchRequests(watch, () => calls.page({ pageSize: 5, from: '+1 "5"' }));
  expect(heard).toEqual([
    {
      method: 'GET',
      url: `${apiUrl}/2010-04-01/Accounts/${OTHER}/Calls.json?From=%2B1%20%225%22&PageSize=5`,
      accountSid: SID,
      status: 200,
      ms: expect.any(Number),
    },
  ]);
});

test('tells every retry of the SDK as a request of its own', async () => {
  const { heard, watch } = listener();
  answers = [(res) => send(res, 429), (res) => send(res, 429)];
  await watchRequests(watch, () => client().api.v2010.accounts(SID).fetch());
  expect(heard.map(({ status }) => status)).toEqual([429, 429, 200]);
  expect(new Set(heard.map(({ url }) => url)).size).toBe(1);
});

test('tells what went wrong where there is no answer, also of a retry', async () => {
  const { heard, watch } = listener();
  answers = [(res) => send(res, 429), (res) => res.destroy()];
  const asking = watchRequests(watch, () => client().api.v2010.accounts(SID).fetch());
  await expect(asking).rejects.toThrow('Twilio did not answer (ECONNRESET)');
  expect(heard.map(({ status, failure }) => status ?? failure)).toEqual([429, 'ECONNRESET']);
});

test('tells of a request as it goes out, before there is an answer', async () => {
  const { heard, watch } = listener();
  let release = () => {};
  const asked = new Promise<void>((resolve) => {
    answers = [
      (res) => {
        release = () => send(res, 200);
        resolve();
      },
    ];
  });
  const asking = watchRequests(watch, () => client().api.v2010.accounts(SID).fetch());
  await asked;
  expect(heard).toHaveLength(1);
  expect(heard[0]).not.toHaveProperty('status');
  release();
  await asking;
  expect(heard[0]).toHaveProperty('status', 200);
});

test('tells of a request that is given up', async () => {
  const { heard, watch } = listener();
  answers = [() => {}];
  const asking = watchRequests(watch, () =>
    createTransport(apiUrl, 50).request({ method: 'post', uri: '/slow', username: SID }),
  );
  await expect(asking).rejects.toThrow('Twilio did not answer');
  expect(heard).toEqual([expect.objectContaining({ method: 'POST', failure: 'ERR_CANCELED' })]);
});

test('tells each watcher of its own work only, and nobody of the rest', async () => {
  const [one, two] = [listener(), listener()];
  await Promise.all([
    watchRequests(one.watch, () => client().api.v2010.accounts(SID).fetch()),
    watchRequests(two.watch, () => client().api.v2010.accounts(OTHER).fetch()),
    client().api.v2010.accounts.page(),
  ]);
  expect(one.heard.map(({ url }) => url)).toEqual([expect.stringContaining(`${SID}.json`)]);
  expect(two.heard.map(({ url }) => url)).toEqual([expect.stringContaining(`${OTHER}.json`)]);
});

test('tells nothing of headers, password or body', async () => {
  const { heard, watch } = listener();
  answers = [(res) => send(res, 200), (res) => res.destroy()];
  const create = () =>
    client().calls.create({ to: '+1', from: '+2', twiml: '<Say>canary-body</Say>' });
  await watchRequests(watch, create);
  await watchRequests(watch, create).catch(() => {});
  expect(heard).toHaveLength(2);
  const told = JSON.stringify(heard);
  const pair = Buffer.from(`${SID}:${settings.authToken}`).toString('base64');
  for (const secret of ['canary', pair, 'uthorization']) expect(told.includes(secret)).toBe(false);
});
