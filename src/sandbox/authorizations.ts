import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Which customers have allowed our app in, by the AccountSid that they gave it. */
export interface Authorizations {
  has(connectSid: string): boolean;
  add(connectSid: string): void;
}

/**
 * Kept in `file`, so that a restart does not cut off the accounts that the app has stored; without one, in memory.
 */
export function keepAuthorizations(file?: string): Authorizations {
  const allowed = new Set(file ? read(file) : []);
  return {
    has: (connectSid) => allowed.has(connectSid),
    add(connectSid) {
      allowed.add(connectSid);
      if (!file) return;
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      writeFileSync(file, `${JSON.stringify([...allowed], null, 2)}\n`);
    },
  };
}

function read(file: string): string[] {
  try {
    const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return Array.isArray(content) ? content.map(String) : [];
  } catch {
    // None yet, or a file that somebody has spoilt: nobody has allowed anything, and pressing Connect mends it.
    return [];
  }
}
