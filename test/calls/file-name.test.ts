import { expect, test } from '@jest/globals';
import { attachment, csvFileName } from '../../src/calls/file-name.ts';

test.each([
  [{}, 'all'],
  [{ startedAfter: '2026-03-01', startedBefore: '2026-03-31' }, '2026-03-01 to 2026-03-31'],
  [{ startedAfter: '2026-03-01', startedBefore: '2026-03-01' }, '2026-03-01'],
  [{ startedAfter: '2026-03-01' }, 'since 2026-03-01'],
  [{ startedBefore: '2026-03-31' }, 'until 2026-03-31'],
])('says which days: %j', (filters, days) => {
  expect(csvFileName('Rossum Industries', filters)).toBe(`Rossum Industries calls ${days}.csv`);
});

test.each([
  ['a/b\\c:d*e?f"g<h>i|j', 'a-b-c-d-e-f-g-h-i-j'],
  ['..\\..\\etc', 'etc'],
  ['.hidden.', 'hidden'],
  ['two\r\nlines: Set-Cookie', 'two-lines- Set-Cookie'],
  ['Zoë’s 電話', 'Zoë-s 電話'],
  ['☎', 'account'],
  ['', 'account'],
  ['x'.repeat(100), 'x'.repeat(64)],
])('the account %j is %j', (account, name) => {
  expect(csvFileName(account, {})).toBe(`${name} calls all.csv`);
});

test('a browser gets the whole name, an old one what ASCII has of it', () => {
  expect(attachment(csvFileName('Zoë’s (電話)', {}))).toBe(
    `attachment; filename="Zoe-s - calls all.csv"; filename*=UTF-8''Zo%C3%AB-s%20-%E9%9B%BB%E8%A9%B1%20calls%20all.csv`,
  );
  // Nothing that a name may hold ends the header or its quotes.
  for (const name of ['"', '\r\nX: y', "'()*", '%00', 'ﬀ', '🤙🏽']) {
    expect(attachment(name)).toMatch(
      /^attachment; filename="[\w .-]*"; filename\*=UTF-8''[\w%.~!-]*$/,
    );
  }
});
