import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { EXPLANATIONS } from '../../src/what-happened/explanations.ts';
import { startApp } from '../start-app.ts';

const ROOT = path.join(import.meta.dirname, '..', '..');

/** Routes that answer no browser, so that no panel ever speaks of them. */
const WITHOUT_A_PAGE = [
  'GET /healthz',
  'GET /calls.csv',
  'GET /analytics/events',
  'GET /twilio/deauthorize',
  'POST /twilio/deauthorize',
];

test('every route that a browser meets is explained, and no other', async () => {
  const { routes } = await startApp();
  const explained = Object.keys(EXPLANATIONS);
  expect([...explained, ...WITHOUT_A_PAGE].sort()).toEqual([...routes].sort());
});

test.each(Object.entries(EXPLANATIONS))(
  '%s stands in the file that is named',
  (route, { file }) => {
    const [method = '', address] = route.split(' ');
    const source = readFileSync(path.join(ROOT, file), 'utf8').replace(/\s+/g, '');
    expect(source).toContain(`router.${method.toLowerCase()}('${address}',`);
  },
);
