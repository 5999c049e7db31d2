import { createHash } from 'node:crypto';

/** A SID that is always the same for the same text: two letters and 32 hexadecimal digits. */
export function sidFor(prefix: string, text: string): string {
  return prefix + digest(text).toString('hex').slice(0, 32);
}

/** Numbers that look random and are always the same for the same text. */
export interface Draw {
  /** A whole number from 0 up to, but not including, `below`. */
  below(below: number): number;
  oneOf<T>(choices: readonly [T, ...T[]]): T;
}

export function drawFor(text: string): Draw {
  let bytes = digest(text);
  let position = 0;
  const below = (limit: number) => {
    if (position === bytes.length) {
      bytes = createHash('sha256').update(bytes).digest();
      position = 0;
    }
    const value = bytes.readUInt32BE(position);
    position += 4;
    return Math.floor((value / 2 ** 32) * limit);
  };
  return {
    below,
    oneOf: (choices) => choices[below(choices.length)] ?? choices[0],
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(`twilio-connect-quickstart sandbox: ${text}`).digest();
}
