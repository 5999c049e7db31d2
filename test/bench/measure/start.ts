import path from 'node:path';
import { freePort } from '../../free-port.ts';
import { alternate } from '../alternate.ts';
import { productionEnv, SERVER } from '../app.ts';
import { ended, type Lab } from '../lab.ts';
import { duration, type Measurement, times } from '../measurement.ts';

const BARE_EXPRESS = path.join(import.meta.dirname, '..', 'processes', 'bare-express.js');

/** From nothing to a port that is open: what a deployment waits for, and everyone after a change. */
export const start: Measurement = {
  name: 'start',
  what: 'from dist/: start of the process to listening',
  against: 'bare Express, an ES module too',
  target: '<= 1.3x',
  why: 'Twilio’s SDK is loaded after listening; what is left is mostly modules that have to be found and compiled: zod (95 files), the app’s own 90, pino, express-rate-limit, better-sqlite3.',
  async run(lab) {
    const env = productionEnv(await freePort());
    const cwd = lab.folder();
    const { ours, theirs } = await alternate(lab.size(15, 1), {
      ours: () => timeToSay(lab, SERVER, 'Open', { cwd, env }),
      theirs: () => timeToSay(lab, BARE_EXPRESS, 'listening', { cwd, env }),
    });
    const ratio = ours / theirs;
    const text = `${times(ratio)} (${duration(ours)}, ${duration(theirs)})`;
    return [{ text, holds: ratio <= 1.3 }];
  },
};

async function timeToSay(
  lab: Lab,
  file: string,
  sign: string,
  settings: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<number> {
  const begin = performance.now();
  const child = await lab.spawn([file], sign, settings);
  const ms = performance.now() - begin;
  await ended(child);
  return ms;
}
