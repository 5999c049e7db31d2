import { FieldError } from './field-error.ts';

const FAULTS = [
  '401',
  '403',
  '404',
  '429',
  '500',
  '503',
  'reset',
  'garbage',
  'empty',
  'wait',
] as const;
export type FaultName = (typeof FAULTS)[number];

/** What goes wrong, under the names by which it is asked for. */
export interface Fault {
  fault: FaultName;
  /** For so many requests; null: for all until it is cleared. */
  times: number | null;
  /** Seconds that a 429 or 503 asks to wait; null: it does not say. */
  'retry-after': number | null;
  /** Milliseconds until a request is answered after all. */
  wait: number | null;
}

export type FaultState = (Fault | typeof NONE) & {
  /** How many requests it is still for; null: for all until it is cleared. */
  left: number | null;
  /** How many requests have met it, or the last one. */
  served: number;
};

const NONE = { fault: null, times: null, 'retry-after': null, wait: null };

export interface Faults {
  set(fault: Fault): void;
  clear(): void;
  state(): FaultState;
  /** The fault that this request meets, which counts it. */
  take(): Fault | undefined;
}

/** Failures on demand: what the next requests to the API get instead of an answer. */
export function createFaults(): Faults {
  let current: Fault | undefined;
  let served = 0;
  const left = () => (current?.times == null ? null : current.times - served);

  return {
    set(fault) {
      current = fault;
      served = 0;
    },
    clear() {
      current = undefined;
    },
    state: () => ({ ...(current ?? NONE), left: current ? left() : 0, served }),
    take() {
      if (!current || left() === 0) return undefined;
      served++;
      return current;
    },
  };
}

/** @throws FieldError that names the field */
export function readFault(form: Record<string, unknown>): Fault {
  for (const field of Object.keys(form)) {
    if (!Object.hasOwn(NONE, field)) throw new FieldError(field, 'there is no such field');
  }
  const fault = FAULTS.find((name) => name === String(form.fault));
  if (!fault) throw new FieldError('fault', `write one of ${FAULTS.join(', ')}`);

  const times = wholeNumber(form, 'times', 1, 1_000_000);
  const retryAfter = wholeNumber(form, 'retry-after', 0, 3600);
  const wait = wholeNumber(form, 'wait', 1, 600_000);
  if (retryAfter !== null && fault !== '429' && fault !== '503') {
    throw new FieldError('retry-after', 'leave it out, or take 429 or 503');
  }
  if (fault === 'wait' && wait === null) {
    throw new FieldError('wait', 'write how many milliseconds');
  }
  if (fault !== 'wait' && wait !== null) throw new FieldError('wait', 'leave it out, or take wait');
  return { fault, times, 'retry-after': retryAfter, wait };
}

function wholeNumber(
  form: Record<string, unknown>,
  field: keyof Fault,
  least: number,
  most: number,
): number | null {
  const value = form[field] ?? '';
  if (value === '') return null;
  const number = /^\d{1,7}$/.test(String(value)) ? Number(value) : -1;
  if (number >= least && number <= most) return number;
  throw new FieldError(field, `write a whole number from ${least} to ${most}, or leave it out`);
}
