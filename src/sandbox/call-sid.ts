import { createCipheriv, createDecipheriv } from 'node:crypto';
import { sidKey } from './seed.ts';

// One block of AES and nothing more: no padding, and each block by itself.
const cipher = createCipheriv('aes-128-ecb', sidKey, null).setAutoPadding(false);
const decipher = createDecipheriv('aes-128-ecb', sidKey, null).setAutoPadding(false);

/**
 * The SID of an account's call: its place, encrypted. So it looks like any other SID, and leads back to the call
 * without a search. In a block stand 10 bytes of the account, by which a foreign SID is known, and the call's number.
 */
export function callSid(accountSid: string, number: number): string {
  const block = Buffer.allocUnsafe(16);
  block.write(accountSid.slice(2, 22), 'hex');
  block.writeUIntBE(number, 10, 6);
  return `CA${cipher.update(block, undefined, 'hex')}`;
}

/** The number of an account's call, or undefined for what is no SID of this account's calls. */
export function callNumber(accountSid: string, sid: string): number | undefined {
  if (!/^CA[0-9a-f]{32}$/.test(sid)) return undefined;
  const block = decipher.update(Buffer.from(sid.slice(2), 'hex'));
  const isOurs = block.toString('hex', 0, 10) === accountSid.slice(2, 22);
  return isOurs ? block.readUIntBE(10, 6) : undefined;
}
