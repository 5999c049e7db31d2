import { createServer, type ServerResponse } from 'node:http';
import { CALL_SUBRESOURCES } from '../../../src/sandbox/json.ts';
import { rfc2822 } from '../../../src/sandbox/times.ts';
import {
  accountSidOf,
  type CallLog,
  callLog,
  type InventedCall,
  type LogSize,
} from '../call-log.ts';
import { options, serve } from './serve.ts';

/** The logs of its accounts, the first one that of `accountSidOf(0)`, and how long each answer takes. */
export interface UpstreamOptions {
  logs: LogSize[];
  latency: number;
}

// As much of Twilio's API as a reader of calls needs, for logs of any size. It makes a page of a thousand calls in a few
// milliseconds, and within the latency, not after it: so it never is what is measured.
const { logs, latency } = options<UpstreamOptions>();
const accounts = new Map(
  logs.map((size, index) => {
    const sid = accountSidOf(index);
    return [sid, callLog(sid, size)];
  }),
);
let requests = 0;

const server = createServer((req, res) => {
  const arrived = performance.now();
  const url = new URL(req.url ?? '/', 'http://localhost');
  const body = answer(url);
  const send = () => write(res, body);
  const left = latency - (performance.now() - arrived);
  if (left > 0) setTimeout(send, left);
  else send();
});
server.keepAliveTimeout = 60_000;

serve(server, 'http', () => {
  const count = requests;
  requests = 0;
  return count;
});

function answer(url: URL): Buffer | undefined {
  const [, accountSid = '', resource] =
    /^\/2010-04-01\/Accounts(?:\/(AC\w{32}))?(\/Calls)?\.json$/.exec(url.pathname) ?? [];
  if (!accountSid) return Buffer.from(JSON.stringify({ accounts: [], next_page_uri: null }));
  const log = accounts.get(accountSid);
  if (!log) return undefined;
  if (!resource) return Buffer.from(accountJson(accountSid));
  requests++;
  return callPage(log, url);
}

function accountJson(sid: string): string {
  const friendlyName = `Customer ${sid.slice(-4)}`;
  return JSON.stringify({
    sid,
    friendly_name: friendlyName,
    status: 'active',
    owner_account_sid: sid,
  });
}

function write(res: ServerResponse, body: Buffer | undefined): void {
  if (!body) return void res.writeHead(404).end();
  res.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': body.length });
  res.end(body);
}

/** A page of calls in Twilio's envelope: by cursor, with its own names for the ends of a range of start times. */
function callPage(log: CallLog, { pathname, searchParams: query }: URL): Buffer {
  const size = Number(query.get('PageSize') ?? 50);
  const page = Number(query.get('Page') ?? 0);
  const token = query.get('PageToken');
  const [before, after] = [query.get('StartTime<'), query.get('StartTime>')];
  const newest = before ? log.firstAtOrBefore(seconds(before)) : 0;
  const oldest = after ? log.firstAtOrBefore(seconds(after) - 1) : log.length;
  const status = query.get('Status');
  const from = token ? log.positionOf(token.slice(2)) + 1 : newest;

  const calls: string[] = [];
  let to = from;
  for (; to < oldest && calls.length < size; to++) {
    if (!status || log.statusAt(to) === status) calls.push(callJson(log.accountSid, log.at(to)));
  }
  const uri = (index: number, cursor?: string) => {
    const params = new URLSearchParams(query);
    params.set('PageSize', String(size));
    params.set('Page', String(index));
    if (cursor) params.set('PageToken', cursor);
    return JSON.stringify(`${pathname}?${params}`);
  };
  const next = to < oldest ? uri(page + 1, `PA${log.sidAt(to - 1)}`) : null;
  const previous = from > newest ? uri(page - 1, `PB${log.sidAt(from)}`) : null;
  return Buffer.from(
    `{"first_page_uri":${uri(0)},"next_page_uri":${next},"previous_page_uri":${previous},"page":${page},"page_size":${size},"start":${page * size},"end":${page * size + Math.max(0, calls.length - 1)},"uri":${uri(page)},"calls":[${calls.join()}]}`,
    'latin1',
  );
}

function seconds(time: string): number {
  return Math.floor(Date.parse(time) / 1000);
}

const SUBRESOURCES = Object.entries(CALL_SUBRESOURCES);

/** A call as Twilio writes it, all of its 2 KB. */
function callJson(accountSid: string, call: InventedCall): string {
  const { sid, startedAt, seconds, from, to } = call;
  const self = `/2010-04-01/Accounts/${accountSid}/Calls/${sid}`;
  const [started, ended] = [rfc2822(startedAt * 1000), rfc2822((startedAt + seconds) * 1000)];
  const subresources = SUBRESOURCES.map(([key, name]) => `"${key}":"${self}/${name}.json"`);
  return `{"sid":"${sid}","date_created":"${started}","date_updated":"${ended}","parent_call_sid":null,"account_sid":"${accountSid}","to":"${to}","to_formatted":"${formatted(to)}","from":"${from}","from_formatted":"${formatted(from)}","phone_number_sid":null,"status":"${call.status}","start_time":"${started}","end_time":"${ended}","duration":"${seconds}","price":"${call.price}","price_unit":"USD","direction":"${call.direction}","answered_by":null,"api_version":"2010-04-01","forwarded_from":null,"group_sid":null,"caller_name":null,"queue_time":"0","trunk_sid":null,"uri":"${self}.json","subresource_uris":{${subresources}}}`;
}

function formatted(number: string): string {
  return `(${number.slice(2, 5)}) ${number.slice(5, 8)}-${number.slice(8)}`;
}
