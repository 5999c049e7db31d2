import { describe, expect, test } from '@jest/globals';
import { attachment, csvFileName } from '../../src/calls/file-name.ts';

test.each([
  [{}, 'Corner Bakery calls all.csv'],
  [{ startedAfter: '2026-03-01' }, 'Corner Bakery calls since 2026-03-01.csv'],
  [{ startedBefore: '2026-03-09' }, 'Corner Bakery calls until 2026-03-09.csv'],
  [
    { startedAfter: '2026-03-01', startedBefore: '2026-03-09' },
    'Corner Bakery calls 2026-03-01 to 2026-03-09.csv',
  ],
  [
    { startedAfter: '2026-03-01', startedBefore: '2026-03-01' },
    'Corner Bakery calls 2026-03-01.csv',
  ],
])('the file of %j is named %s', (filters, name) => {
  expect(csvFileName('Corner Bakery', filters)).toBe(name);
});

describe('an account that is called', () => {
  test.each([
    ['Zoë’s Café', 'Zoë-s Café', 'Zoe-s Cafe'],
    ['東京コールセンター', '東京コールセンター', ''],
    ['say "hi"', 'say -hi', 'say -hi'],
    ['two\r\nlines: X-Evil', 'two-lines- X-Evil', 'two-lines- X-Evil'],
    ['../../etc/passwd', 'etc-passwd', 'etc-passwd'],
    ['C:\\Windows', 'C-Windows', 'C-Windows'],
    ['.hidden', 'hidden', 'hidden'],
    ['100% *sure*;', '100- -sure', '100- -sure'],
    ["it's (new)", 'it-s -new', 'it-s -new'],
    ['gpj.\u202eexe', 'gpj.-exe', 'gpj.-exe'],
    ['📞📞', 'account', 'account'],
    ['', 'account', 'account'],
    ['a\ud800b', 'a-b', 'a-b'],
    ['x'.repeat(500), 'x'.repeat(64), 'x'.repeat(64)],
    // 64 would cut the last of these letters in two.
    [`a${'𠮷'.repeat(100)}`, `a${'𠮷'.repeat(31)}`, 'a'],
    ['京'.repeat(500), '京'.repeat(64), ''],
  ])('%j gets a file name that every system and every header takes', (name, kept, ascii) => {
    const fileName = csvFileName(name, { startedAfter: '2026-03-01', startedBefore: '2026-03-09' });
    expect(fileName).toBe(`${kept} calls 2026-03-01 to 2026-03-09.csv`);
    expect(Buffer.byteLength(fileName)).toBeLessThanOrEqual(255);

    const [, simple, full] =
      /^attachment; filename="([^"\\%]+)"; filename\*=UTF-8''([\w.%-]+)$/.exec(
        attachment(fileName),
      ) ?? [];
    expect(simple).toBe(`${ascii} calls 2026-03-01 to 2026-03-09.csv`.trim());
    expect(decodeURIComponent(String(full))).toBe(fileName);
  });
});
