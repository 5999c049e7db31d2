import { expect, test } from '@jest/globals';
import { known } from '../../src/doctor/known.ts';

test('a flag counts more than the environment, and that more than .env', () => {
  const file = { BASE_URL: 'https://file.example' };
  const shell = { BASE_URL: 'https://shell.example' };
  const flags = { BASE_URL: 'https://flag.example' };
  expect(known('BASE_URL', { flags, shell, file })?.value).toBe('https://flag.example');
  expect(known('BASE_URL', { flags: {}, shell, file })?.value).toBe('https://shell.example');
  expect(known('BASE_URL', { flags: {}, shell: {}, file })?.value).toBe('https://file.example');
  expect(known('BASE_URL', { flags: {}, shell: { BASE_URL: ' ' }, file })?.source).toBe('file');
});

test('a value of the wrong form counts for nothing, in a flag it is an error', () => {
  const shell = { BASE_URL: 'example.com' };
  expect(known('BASE_URL', { flags: {}, shell, file: {} })).toBeUndefined();
  const flags = { BASE_URL: 'https://example.com/page' };
  expect(() => known('BASE_URL', { flags, shell, file: {} })).toThrow(/^--url: write the address/);
});
