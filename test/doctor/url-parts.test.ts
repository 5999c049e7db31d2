import { expect, test } from '@jest/globals';
import { differingParts } from '../../src/doctor/url-parts.ts';

const URL = 'https://example.com/twilio/deauthorize';

test.each([
  [URL, []],
  ['http://example.com/twilio/deauthorize', ['scheme']],
  ['https://www.example.com/twilio/deauthorize', ['host']],
  ['https://example.com:8443/twilio/deauthorize', ['port']],
  ['https://example.com/app/twilio/deauthorize', ['path']],
  ['https://example.com/twilio/deauthorize/', ['slash at the end']],
  ['https://example.com/twilio/deauthorize?x=1', ['query']],
  ['http://localhost:3000/twilio/deauthorize', ['scheme', 'host', 'port']],
  ['https://Example.com/twilio/deauthorize', ['spelling']],
  ['https://example.com:443/twilio/deauthorize', ['spelling']],
  ['example.com/twilio/deauthorize', ['whole address']],
])('%s', (other, parts) => {
  expect(differingParts(other, URL)).toEqual(parts);
  expect(differingParts(URL, other)).toEqual(parts);
});
