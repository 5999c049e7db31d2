import { describe, expect, test } from '@jest/globals';
import type { Call } from '../../src/calls/call.ts';
import { CSV_HEADER, toCsv } from '../../src/calls/csv.ts';
import { csvFields, csvRows } from '../csv-rows.ts';

const CALL: Call = {
  sid: `CA${'1'.repeat(32)}`,
  parentSid: `CA${'2'.repeat(32)}`,
  direction: 'outbound-dial',
  from: '+15551230000',
  to: '+15551239999',
  status: 'completed',
  startedAt: new Date('2026-03-10T09:05:07Z'),
  endedAt: new Date('2026-03-10T09:06:08Z'),
  durationSeconds: 61,
  price: '-0.01700',
  currency: 'USD',
};

test('a call is a line, its times in UTC, its price as Twilio gives it', () => {
  expect(CSV_HEADER + toCsv([CALL])).toBe(
    'sid,parent_sid,direction,from,to,status,started_at,ended_at,duration_seconds,price,currency\r\n' +
      `CA${'1'.repeat(32)},CA${'2'.repeat(32)},outbound-dial,+15551230000,+15551239999,completed,` +
      '2026-03-10T09:05:07.000Z,2026-03-10T09:06:08.000Z,61,-0.01700,USD\r\n',
  );
});

test('what Twilio does not say is empty; no duration is not a duration of 0', () => {
  const nothing = { parentSid: null, direction: null, from: null, to: null, price: null };
  const times = { startedAt: null, endedAt: null, durationSeconds: null, currency: null };
  const [fields] = csvFields(toCsv([{ ...CALL, ...nothing, ...times, status: 'queued' }]));
  expect(fields).toEqual([CALL.sid, '', '', '', '', 'queued', '', '', '', '', '']);
  expect(csvFields(toCsv([{ ...CALL, durationSeconds: 0 }]))[0]?.[8]).toBe('0');
});

/** `from` as a program reads it, and as the file has it. */
function from(value: string) {
  const text = CSV_HEADER + toCsv([{ ...CALL, from: value }, CALL]);
  const [first, second] = csvRows(text);
  expect(second?.from).toBe(CALL.from);
  return first?.from;
}

test.each([
  'sip:"Front, desk"@pbx.example.com',
  'two\r\nlines',
  'a line\nfeed',
  'semi;colon',
  'a\ttab',
  '"',
  ',',
  'Zoë, 東京 📞',
])('%j is one field, and comes back as it was', (value) => {
  expect(from(value)).toBe(value);
});

test.each(['semi;colon', 'a\ttab'])('%j is quoted for those who part fields there', (value) => {
  expect(toCsv([{ ...CALL, from: value }])).toContain(`,"${value}",`);
});

describe('a formula', () => {
  test.each([
    ['=1+1', "'=1+1"],
    ['=cmd|" /C calc"!A0', '\'=cmd|" /C calc"!A0'],
    ['+1+1', "'+1+1"],
    ['-1+cmd', "'-1+cmd"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1+1', "'\t'=1+1"],
    ['\r=1+1', "'\r'=1+1"],
    ['\n=1+1', "'\n'=1+1"],
    ['＝1+1', "'＝1+1"],
    ['＋1', "'＋1"],
    ['－1', "'－1"],
    ['＠A1', "'＠A1"],
    // Where ; or a tab parts the cells, even within quotes; a quote opens a cell then.
    ['x;=1+1', "x;'=1+1"],
    ['x\t@A1', "x\t'@A1"],
    ['x;"=1+1"', 'x;"\'=1+1"'],
    ['"=1+1"', '"\'=1+1"'],
  ])('%j becomes a text', (value, text) => {
    expect(from(value)).toBe(text);
  });

  test.each([
    '+15551234567',
    '-0.0085',
    '266696687',
    '1.5',
    'client:=alice',
    'sip:+15551234567@pbx.example.com',
    'anonymous',
    'a-b+c@d',
  ])('is not what %j is', (value) => {
    expect(from(value)).toBe(value);
  });
});
