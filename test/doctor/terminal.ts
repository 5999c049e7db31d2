import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';

/** A terminal with somebody at its keyboard. */
export interface Terminal {
  input: PassThrough;
  output: PassThrough;
  /** Waits until this is on the screen, below what was seen and answered before. */
  sees(text: string): Promise<void>;
  /** Waits for the question in the same way, then presses the keys. */
  answer(question: string, keys: string): Promise<void>;
  /** Everything that was on the screen, without colours. */
  shown(): string;
}

export const KEYS = {
  enter: '\r',
  up: '\u001b[A',
  down: '\u001b[B',
  ctrlC: '\u0003',
  clearLine: '\u0015',
};

export function openTerminal(): Terminal {
  const input = new PassThrough();
  const output = new PassThrough();
  let shown = '';
  let read = 0;
  output.on('data', (chunk) => {
    shown += stripVTControlCharacters(String(chunk));
  });
  async function find(text: string): Promise<number> {
    const until = Date.now() + 10_000;
    while (!shown.slice(read).includes(text)) {
      if (Date.now() > until) throw new Error(`Not on the screen: ${text}\n${shown}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return shown.indexOf(text, read) + text.length;
  }
  return {
    input,
    output,
    async sees(text) {
      read = await find(text);
    },
    async answer(question, keys) {
      await find(question);
      read = shown.length;
      input.write(keys);
    },
    shown: () => shown,
  };
}
