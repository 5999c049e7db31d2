import type { Readable, Writable } from 'node:stream';
import * as clack from '@clack/prompts';
import { fold } from './fold.ts';

/** The person stopped with Ctrl-C. */
export class Stopped extends Error {
  override name = 'Stopped';
}

interface Option<T extends string> {
  value: T;
  label: string;
  hint?: string | undefined;
}

/** How setup speaks to the person who runs it. In a script nobody is there to be asked. */
export interface Ui {
  isScript: boolean;
  /** `wrong` says what is wrong with an answer; it is then asked again. */
  text(
    message: string,
    start: string,
    wrong: (answer: string) => string | undefined,
  ): Promise<string>;
  secret(message: string, wrong: (answer: string) => string | undefined): Promise<string>;
  choose<T extends string>(message: string, options: Option<T>[], start?: T): Promise<T>;
  confirm(message: string): Promise<boolean>;
  /** Something is as it should be. */
  good(message: string): void;
  say(message: string): void;
  warn(message: string): void;
  end(message: string): void;
}

// The bar on the left and a space at the end.
const MARGIN = 4;

/** In a terminal. Every question throws Stopped on Ctrl-C. */
export function terminalUi(
  streams: { input?: Readable; output?: Writable & { columns?: number } } = {},
): Ui {
  const { output } = streams;
  const log = output ? { output } : {};
  const { columns = 80 } = output ?? process.stdout;
  const folded = (message: string) => fold(message, columns - MARGIN);
  const validate = (wrong: (answer: string) => string | undefined) => (answer?: string) =>
    wrong((answer ?? '').trim());
  clack.intro('Twilio Connect quickstart: going live', log);
  return {
    isScript: false,
    text: async (message, start, wrong) => {
      const options = { ...streams, message, initialValue: start, validate: validate(wrong) };
      return answered(await clack.text(options)).trim();
    },
    secret: async (message, wrong) => {
      const options = { ...streams, message, validate: validate(wrong), clearOnError: true };
      return answered(await clack.password(options)).trim();
    },
    choose: async (message, options, start) => {
      const choice = clack.select<string>({
        ...streams,
        message,
        options: options.map(({ hint, ...option }) => ({ ...option, ...(hint && { hint }) })),
        ...(start && { initialValue: start }),
      });
      return answered(await choice) as never;
    },
    confirm: async (message) => answered(await clack.confirm({ ...streams, message })),
    good: (message) => clack.log.success(folded(message), log),
    say: (message) => clack.log.message(folded(message), log),
    warn: (message) => clack.log.warn(folded(message), log),
    end: (message) => clack.outro(folded(message), log),
  };
}

/** Without a terminal: plain lines, and no question may come. */
export function scriptUi(print: (line: string) => void): Ui {
  const nobody = () => Promise.reject(new Error('A script cannot be asked'));
  return {
    isScript: true,
    text: nobody,
    secret: nobody,
    choose: nobody,
    confirm: nobody,
    good: print,
    say: print,
    warn: print,
    end: print,
  };
}

function answered<T>(answer: T | typeof clack.CANCEL_SYMBOL): T {
  if (clack.isCancel(answer)) throw new Stopped();
  return answer as T;
}
