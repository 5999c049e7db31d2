import crypto, { scryptSync } from 'node:crypto';
import { expect, jest, test } from '@jest/globals';

const scrypt = jest.fn(crypto.scrypt);
jest.unstable_mockModule('node:crypto', () => ({ ...crypto, default: crypto, scrypt }));
const { hashPassword, verifyPassword } = await import('../src/password.ts');

test('a hash is scrypt with N=2^17, r=8, p=1 and a salt of its own', async () => {
  const [one, two] = [await hashPassword('correct horse'), await hashPassword('correct horse')];
  expect(one).not.toBe(two);
  const [salt = '', hash] = one.split('.');
  const cost = { N: 131_072, r: 8, p: 1, maxmem: 2 ** 28 };
  const expected = scryptSync('correct horse', Buffer.from(salt, 'base64url'), 32, cost);
  expect(hash).toBe(expected.toString('base64url'));
  expect(await verifyPassword('correct horse', one)).toBe(true);
  expect(await verifyPassword('correct horsf', one)).toBe(false);
});

test('without a hash to compare with, the same work is done, in vain', async () => {
  const stored = await hashPassword('correct horse');
  scrypt.mockClear();
  await verifyPassword('wrong', stored);
  expect(await verifyPassword('wrong', null)).toBe(false);
  const [known, unknown] = scrypt.mock.calls.map(([, , length, cost]) => [length, cost]);
  expect(scrypt).toHaveBeenCalledTimes(2);
  expect(unknown).toEqual(known);
});
