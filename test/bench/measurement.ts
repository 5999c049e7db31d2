import type { Lab } from './lab.ts';

/** One row of the table: what is measured, against what, and how good it has to be. */
export interface Measurement {
  /** For `--only`. */
  name: string;
  what: string;
  against: string;
  target: string;
  /** Why a figure misses its target, where that is known and accepted. */
  why?: string;
  /** Measures, and checks on the way that what was measured is right. Throws if it is not. */
  run(lab: Lab): Promise<Finding[]>;
}

/** A figure as it stands in the table. One that misses its target is printed in bold. */
export interface Finding {
  text: string;
  holds: boolean;
}

/** `0.53x`, `5.5x`, `110x`: as many digits as a noisy machine can vouch for. */
export function times(ratio: number): string {
  return `${ratio.toFixed(ratio < 2 ? 2 : ratio < 20 ? 1 : 0)}x`;
}

/** A time for people: `0.53 ms`, `12 ms`, `5.5 s`. */
export function duration(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
  return `${ms.toFixed(ms < 10 ? 2 : 0)} ms`;
}
