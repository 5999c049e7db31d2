import { expect, jest, test } from '@jest/globals';
import { formPost, open } from './raw-request.ts';

const hashing: (() => void)[] = [];
jest.unstable_mockModule('../../src/password.ts', () => ({
  hashPassword: () => new Promise((done) => hashing.push(() => done('no hash'))),
  verifyPassword: async () => false,
}));
const { startApp } = await import('../start-app.ts');
const { browser } = await import('../browser.ts');

const aMoment = () => new Promise((resolve) => setTimeout(resolve, 5));

test('a sign-up counts although its sender hangs up before the answer', async () => {
  const app = await startApp();
  const formOf = (n: number) => `email=u${n}@example.com&password=correct+horse`;
  for (let n = 0; n < 20; n++) {
    const socket = open(app);
    socket.write(formPost('/sign-up', formOf(n)));
    while (hashing.length === 0) await aMoment();
    socket.destroy();
    // The log says when the app has noticed.
    while (app.logs.length <= n) await aMoment();
    hashing.shift()?.();
  }
  await browser(app).post('/sign-up').type('form').send(formOf(20)).expect(429);
  while ((await app.db.query('select id from users')).length < 20) await aMoment();
  expect(await app.db.query('select id from users')).toHaveLength(20);
});
