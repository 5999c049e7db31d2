import { createHash } from 'node:crypto';

// Taken out once: for each of a million calls they are wanted many times, and in a test a global is slow to find.
const { floor, imul } = Math;

/** Text and numbers that look random and are always the same: all that the sandbox invents comes from here. */
const SEED = 'twilio-connect-quickstart sandbox';

/** A SID for a text: two letters and 32 hexadecimal digits. */
export function sidFor(prefix: string, text: string): string {
  return prefix + createHash('sha256').update(`${SEED}: ${text}`).digest('hex').slice(0, 32);
}

/** The secret that SIDs are encrypted with: 16 bytes. */
export const sidKey = createHash('sha256').update(`${SEED}: SIDs`).digest().subarray(0, 16);

/** 32 bits for two whole numbers. No hash that keeps secrets, but a million of them take milliseconds. */
export function scramble(one: number, other: number): number {
  return mix(mix(one) ^ other);
}

export interface Draw {
  /** A whole number from 0 up to, but not including, `below`. */
  below(below: number): number;
  oneOf<T>(choices: readonly T[]): T;
}

/** Numbers one after another, the same ones for the same 32 bits. */
export function drawFor(seed: number): Draw {
  let state = seed;
  return {
    below(limit) {
      state = (state + 0x9e3779b9) | 0;
      return floor((mix(state) / 2 ** 32) * limit);
    },
    oneOf(choices) {
      return choices[this.below(choices.length)] as (typeof choices)[number];
    },
  };
}

/** Spreads a change of any bit over all 32: the last step of MurmurHash3. */
function mix(bits: number): number {
  let mixed = imul(bits ^ (bits >>> 16), 0x85ebca6b);
  mixed = imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
