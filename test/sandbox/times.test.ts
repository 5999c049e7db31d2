import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { parseTime, rfc2822 } from '../../src/sandbox/times.ts';

test.each([
  ['2019-06-11', '2019-06-11T00:00:00.000Z'],
  ['2019-06-11T22:05:25Z', '2019-06-11T22:05:25.000Z'],
  ['2019-06-11T22:05Z', '2019-06-11T22:05:00.000Z'],
  ['2019-06-11T22:05:25+02:00', '2019-06-11T20:05:25.000Z'],
  ['2019-06-11T22:05:25-0730', '2019-06-12T05:35:25.000Z'],
  ['2019-06-11T22:05:25', '2019-06-11T22:05:25.000Z'],
  ['2019-06-11 22:05:25.000', '2019-06-11T22:05:25.000Z'],
  ['06/11/2019', '2019-06-11T00:00:00.000Z'],
  ['06/11/2019 22:05:25 MST', '2019-06-12T05:05:25.000Z'],
  ['06/11/2019 22:05:25 GMT', '2019-06-11T22:05:25.000Z'],
  ['Tue, 11 Jun 2019 22:05:25 +0000', '2019-06-11T22:05:25.000Z'],
  ['2024-02-29', '2024-02-29T00:00:00.000Z'],
])('%s is %s', (text, expected) => {
  expect(new Date(parseTime(text) ?? Number.NaN).toISOString()).toBe(expected);
});

test.each([
  '2026-02-30',
  '2025-02-29T12:00:00Z',
  '02/30/2026',
  '30 Feb 2026 12:00:00 GMT',
  '2026-13-01',
  '11 Foo 2026',
  '2026-03-04T25:00:00Z',
  '2026-03-04T12:60:00Z',
  '2026-03-04T12:00:00 Mars',
  '2026-03-04 or so',
  '2026-3-4',
  '1',
  'call 5',
  'yesterday',
])('%s is none', (text) => {
  expect(parseTime(text)).toBeUndefined();
});

test('a time without a zone is UTC, wherever the machine stands', () => {
  const file = path.join(import.meta.dirname, '..', '..', 'src', 'sandbox', 'times.ts');
  const code = `import { parseTime } from ${JSON.stringify(file)};
    console.log(parseTime('2019-06-11 22:05:25.000'), parseTime('06/11/2019'));`;
  const answer = execFileSync(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', code],
    { env: { ...process.env, TZ: 'Asia/Tokyo' }, encoding: 'utf8' },
  );
  expect(answer).toBe(
    `${Date.parse('2019-06-11T22:05:25Z')} ${Date.parse('2019-06-11T00:00:00Z')}\n`,
  );
});

test('times are written as Twilio writes them', () => {
  for (const time of ['2019-10-18T17:02:00Z', '2019-10-19T00:00:00Z', '2019-10-18T23:59:59.999Z']) {
    const moment = new Date(time);
    expect(rfc2822(moment.getTime())).toBe(moment.toUTCString().replace('GMT', '+0000'));
  }
});
