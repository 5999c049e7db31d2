import crypto, { scryptSync } from 'node:crypto';
import { afterEach, describe, expect, jest, test } from '@jest/globals';

const scrypt = jest.fn(crypto.scrypt);
afterEach(() => void scrypt.mockImplementation(crypto.scrypt));
jest.unstable_mockModule('node:crypto', () => ({ ...crypto, default: crypto, scrypt }));
const { hashPassword, verifyPassword } = await import('../src/password.ts');
const { startApp } = await import('./start-app.ts');
const { browser, signInAsDemo, signUp } = await import('./browser.ts');

test('a hash is scrypt with N=2^17, r=8, p=1 and a salt of its own', async () => {
  const [one, two] = [await hashPassword('correct horse'), await hashPassword('correct horse')];
  expect(one).not.toBe(two);
  const [salt = '', hash] = one.split('.');
  const cost = { N: 131_072, r: 8, p: 1, maxmem: 2 ** 28 };
  const expected = scryptSync('correct horse', Buffer.from(salt, 'base64url'), 32, cost);
  expect(hash).toBe(expected.toString('base64url'));
  expect(await verifyPassword('correct horse', one)).toBe(true);
  expect(await verifyPassword('correct horsf', one)).toBe(false);
}, 30_000);

test('whoever the e-mail belongs to, one sign-in is one hash of the same cost', async () => {
  cheapenScrypt();
  const app = await startApp();
  await signUp(app, 'ada@example.com');
  await signInAsDemo(app);
  const password = 'wrong password';
  const costs = [];
  for (const email of ['ada@example.com', 'demo@example.com', 'nobody@example.com', '']) {
    scrypt.mockClear();
    await browser(app).post('/sign-in').type('form').send({ email, password }).expect(401);
    expect(scrypt).toHaveBeenCalledTimes(1);
    costs.push(scrypt.mock.calls.map(([, , length, cost]) => ({ length, cost })));
  }
  expect(new Set(costs.map((cost) => JSON.stringify(cost))).size).toBe(1);
});

type Scrypt = (
  password: string,
  salt: Buffer,
  length: number,
  cost: crypto.ScryptOptions,
  done: (error: Error | null, key: Buffer) => void,
) => void;

function replaceScrypt(by: Scrypt): void {
  scrypt.mockImplementation(by as typeof crypto.scrypt);
}

/** As often called and with the same cost asked for, but not paid. */
function cheapenScrypt(): void {
  replaceScrypt((password, salt, length, _cost, done) =>
    crypto.scrypt(password, salt, length, { N: 2 }, done),
  );
}

/** Nothing is computed until it is let go, so that the order of things does not hang on a clock. */
function holdScrypt() {
  const held: (() => void)[] = [];
  replaceScrypt((_password, _salt, length, _cost, done) => {
    held.push(() => done(null, Buffer.alloc(length)));
  });
  return held;
}

const aMoment = () => new Promise((resolve) => setTimeout(resolve, 20));

describe('many passwords at once', () => {
  test('are hashed two at a time, eight wait, and the rest are refused with the cure', async () => {
    const held = holdScrypt();
    const hashes = Array.from({ length: 12 }, () => hashPassword('correct horse'));
    const settled = Promise.allSettled(hashes);
    const refused = (await Promise.allSettled(hashes.slice(10))).map((one) => one.status);
    expect(refused).toEqual(['rejected', 'rejected']);
    for (let done = 0; done < 10; done++) {
      expect(held).toHaveLength(Math.min(done + 2, 10));
      held[done]?.();
      await aMoment();
    }
    const statuses = (await settled).map(({ status }) => status);
    expect(statuses).toEqual([...Array(10).fill('fulfilled'), 'rejected', 'rejected']);
    const again = hashPassword('correct horse');
    held[10]?.();
    expect(await again).toContain('.');
  });

  test('leave room for others after one that fails', async () => {
    replaceScrypt((_password, _salt, length, _cost, done) => {
      done(new Error('out of memory'), Buffer.alloc(length));
    });
    for (let n = 0; n < 12; n++) await expect(hashPassword('x')).rejects.toThrow('out of memory');
    cheapenScrypt();
    expect(await hashPassword('x')).toContain('.');
  });

  test('hold up nobody else, and a refusal is a page that no limit counts', async () => {
    const app = await startApp();
    const held = holdScrypt();
    const signInAs = (email: string) =>
      browser(app)
        .post('/sign-in')
        .type('form')
        .send({ email, password: 'p'.repeat(10_000) });
    const refused: Awaited<ReturnType<typeof signInAs>>[] = [];
    const attempts = Array.from({ length: 35 }, async (_, n) => {
      const page = await signInAs(`u${n}@example.com`);
      if (page.status === 429) refused.push(page);
      return page.status;
    });
    while (refused.length < 25) await aMoment();
    await browser(app).get('/faq').expect(200);
    await browser(app).post('/sign-in/demo').expect(303);
    expect(refused[0]?.text).toContain('Wait a few seconds, then send the form again');
    expect(refused[0]?.headers['retry-after']).toBe('2');

    const letGo = setInterval(() => held.shift()?.(), 1);
    const statuses = (await Promise.all(attempts)).sort();
    expect(statuses).toEqual([...Array(10).fill(401), ...Array(25).fill(429)]);
    // Of 30 failures that an address has, 10 are used up: the refusals were none.
    for (let n = 0; n < 20; n++) await signInAs(`v${n}@example.com`).expect(401);
    await signInAs('w@example.com').expect(429);
    clearInterval(letGo);
  });
});
