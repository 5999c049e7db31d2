import { expect, test } from '@jest/globals';
import { explainFailure } from '../../src/doctor/explain-answer.ts';
import { ask } from '../../src/doctor/running-app.ts';
import { serve } from './world.ts';

const failure = (code: string) =>
  explainFailure(
    'https://app.example/healthz',
    Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error(), { code }) }),
  );

test.each(['ENOTFOUND', 'EAI_AGAIN'])('a name that nobody knows (%s)', (code) => {
  expect(failure(code)).toEqual({
    cause: `The name app.example is not known (${code}).`,
    cure: expect.stringContaining('A tunnel’s address ends with the tunnel'),
  });
});

test.each(['CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'ERR_TLS_CERT_ALTNAME_INVALID'])(
  'a certificate that is not accepted (%s)',
  (code) => {
    expect(failure(code).cause).toContain(
      `The certificate of app.example is not accepted (${code})`,
    );
  },
);

test('https where only http is spoken', async () => {
  const http = await serve((_req, res) => res.end());
  const url = http.replace('http:', 'https:');
  const error = await ask(url).catch((reason: unknown) => reason);
  expect(explainFailure(url, error).cause).toBe(
    `What answers at ${new URL(url).host} does not speak https (ERR_SSL_WRONG_VERSION_NUMBER).`,
  );
});

test('silence', () => {
  const error = new DOMException('The operation timed out', 'TimeoutError');
  expect(explainFailure('https://app.example', error).cause).toBe(
    'Nobody answers at app.example (TimeoutError).',
  );
});
