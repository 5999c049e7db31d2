import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { type ConnectApp, connectAppFields, type Permission, permissions } from './connect-app.ts';

/** What a customer allowed our app, by the AccountSid that they gave it. A new one takes the place of the last. */
const grant = z.object({
  permissions,
  /** Milliseconds since 1970. */
  since: z.number(),
  revoked: z.boolean(),
});
export type Grant = z.infer<typeof grant>;

const content = z.object({
  connectApp: connectAppFields.partial(),
  grants: z.record(z.string(), grant),
});
type Content = z.infer<typeof content>;

/** What the sandbox remembers: who has allowed our app in, and what its owner has changed about it. */
export interface Records {
  connectApp(): ConnectApp;
  changeConnectApp(changes: Partial<ConnectApp>): void;
  /** What the customer allows the app now: undefined before the first time, and after it was revoked. */
  grantOf(connectSid: string): Grant | undefined;
  allow(connectSid: string, permissions: Permission[], since: number): void;
  revoke(connectSid: string): void;
  /** Whether Connect has made this account yet: it does when a customer allows the app in, and revoking keeps it. */
  hasAccount(connectSid: string): boolean;
}

/**
 * Kept in `file`, so that a restart does not cut off the accounts that the app has stored; without one, in memory.
 * Of the Connect App only what differs from `original` is kept: the rest follows the address of the app.
 */
export function keepRecords(original: ConnectApp, file?: string): Records {
  const { grants, ...kept } = (file && read(file)) || { connectApp: {}, grants: {} };
  let changed = kept.connectApp;

  function save(): void {
    if (!file) return;
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    // The old one stays until the new one is whole, whenever the process may be killed.
    const draft = `${file}.new`;
    writeFileSync(draft, `${JSON.stringify({ connectApp: changed, grants }, null, 2)}\n`);
    renameSync(draft, file);
  }

  return {
    connectApp: () => ({ ...original, ...changed }),
    changeConnectApp(changes) {
      const all = Object.entries({ ...changed, ...changes });
      changed = Object.fromEntries(
        all.filter(
          ([field, value]) => !isDeepStrictEqual(value, original[field as keyof ConnectApp]),
        ),
      );
      save();
    },
    grantOf: (connectSid) => (grants[connectSid]?.revoked ? undefined : grants[connectSid]),
    allow(connectSid, permissions, since) {
      grants[connectSid] = { permissions, since, revoked: false };
      save();
    },
    revoke(connectSid) {
      if (grants[connectSid]) grants[connectSid].revoked = true;
      save();
    },
    hasAccount: (connectSid) => grants[connectSid] !== undefined,
  };
}

function read(file: string): Content | undefined {
  try {
    return content.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // None yet, or a file that somebody has spoilt: nobody has allowed anything, and pressing Connect mends it.
    return undefined;
  }
}
