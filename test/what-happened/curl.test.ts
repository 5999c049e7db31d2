import { expect, test } from '@jest/globals';
import { curlCommand } from '../../src/what-happened/curl.ts';
import { run } from './panel.ts';

const SID = `AC${'12ab'.repeat(8)}`;
const OTHER = `AC${'34cd'.repeat(8)}`;
const TOKEN_OF_PAGE = `PACA${'0a1b'.repeat(8)}`;
const variables = { ACCOUNT_SID: SID, OTHER_ACCOUNT_SID: OTHER, TWILIO_AUTH_TOKEN: 'the token' };

function command(path: string, origin = 'https://api.twilio.com') {
  return curlCommand({ method: 'GET', url: origin + path, accountSid: SID }) ?? 'none';
}

test.each([
  'plain',
  '+1 555 123-4567',
  `it's "quoted" \\ and back\\\\slashed \\`,
  '$(touch /tmp/no) `touch /tmp/no` $TWILIO_AUTH_TOKEN $ACCOUNT_SID',
  'two\nlines\r\nand a\ttab',
  '100%, %41, %0A, %%',
  '!history !! [1-9] {a,b} * ? ~ # & ; | < > ( )',
  'ä ☎ 日本',
  `@file =and=more -u --data`,
  `${OTHER}and more`,
  `x${SID}${OTHER}`,
  '',
])('whatever is asked for, a shell hands it to curl as it was: %j', (value) => {
  const query = new URLSearchParams({ To: value, 'StartTime>': value, [`odd ${value}`]: '1' });
  const path = `/2010-04-01/Accounts/${OTHER}/Calls.json?${query}`;
  const text = command(path);
  const [flag, pair, url, ...rest] = run(text, variables);
  expect([flag, pair, ...rest]).toEqual(['-u', `${SID}:the token`]);
  expect(new URL(String(url)).pathname).toBe(`/2010-04-01/Accounts/${OTHER}/Calls.json`);
  expect([...new URL(String(url)).searchParams]).toEqual([...query]);
  for (const sid of [SID, OTHER]) expect(text.includes(sid)).toBe(false);
});

test('names the authorized account and another one by two variables', () => {
  const path = `/2010-04-01/Accounts/${SID}/Calls.json?Other=${OTHER}`;
  expect(command(path)).toBe(
    'curl -u "$ACCOUNT_SID:$TWILIO_AUTH_TOKEN" \\\n' +
      '"https://api.twilio.com/2010-04-01/Accounts/$' +
      '{ACCOUNT_SID}/Calls.json?Other=$' +
      '{OTHER_ACCOUNT_SID}"',
  );
});

test('leaves a page token whole, which looks as if it held an AccountSid', () => {
  const text = command(`/2010-04-01/Accounts/${SID}/Calls.json?PageToken=${TOKEN_OF_PAGE}`);
  expect(run(text, variables)[2]).toMatch(new RegExp(`PageToken=${TOKEN_OF_PAGE}$`));
});

test('has nothing in its address that means something to a shell, even where a URL may hold it', () => {
  const query = '?To=$(echo no)`echo no`$HOME\\!!*{a,b}[1-2]';
  const url = run(command(`/2010-04-01/it's/Calls.json${query}`), { ...variables, HOME: 'no' })[2];
  expect(decodeURIComponent(String(url))).toBe(
    `https://api.twilio.com/2010-04-01/it's/Calls.json${query}`,
  );
  expect(url).toMatch(/^[\w.~:/?&=%+-]+$/);
});

test('goes to the API URL that is configured', () => {
  const text = command('/sandbox/2010-04-01/Accounts.json', 'http://[::1]:4010');
  expect(run(text, variables)[2]).toBe('http://[::1]:4010/sandbox/2010-04-01/Accounts.json');
});

test('is not there for a request whose form was not kept', () => {
  const url = 'https://api.twilio.com/2010-04-01/Accounts.json';
  expect(curlCommand({ method: 'POST', url, accountSid: SID })).toBeUndefined();
});
