import { randomBytes } from 'node:crypto';
import { maskAccountSids } from '../connect/account-sid.ts';
import { schema } from '../environment.ts';
import { readVariable, type Variable } from './setup-flags.ts';

export interface EnvChange {
  name: string;
  value: string;
  /** The value in the file that it replaces, if there is another. */
  replaces?: string;
}

/**
 * What .env has to say for these settings, as far as it does not say so yet. `file` and `shell` are the variables of
 * the file and of the process.
 */
export function envChanges(
  settings: Partial<Record<Variable, string>>,
  file: Readonly<Record<string, string>>,
  shell: NodeJS.ProcessEnv,
): EnvChange[] {
  const has = (name: string) => Boolean(file[name]?.trim() || shell[name]?.trim());
  const changes: EnvChange[] = [];
  for (const [name, value] of Object.entries(settings) as [Variable, string][]) {
    const written = file[name]?.trim();
    if (written && readVariable(name, written).value === value) continue;
    changes.push({ name, value, ...(written && { replaces: written }) });
  }
  const secret = shell.SESSION_SECRET?.trim() || file.SESSION_SECRET?.trim();
  // One that is too short would keep the app from starting.
  if (!schema.shape.SESSION_SECRET.safeParse(secret).data) {
    const value = randomBytes(32).toString('hex');
    changes.push({ name: 'SESSION_SECRET', value, ...(secret && { replaces: secret }) });
  }
  // Going live: the database so far has the sandbox's users and accounts. One that is named, or live already, stays.
  if (!has('DATABASE_URL') && !has('TWILIO_ACCOUNT_SID')) {
    changes.push({ name: 'DATABASE_URL', value: 'file:data/live.db' });
  }
  return changes;
}

const SECRETS = ['TWILIO_AUTH_TOKEN', 'SESSION_SECRET'];

/** A change for the eyes of whoever agrees to it: without secrets. */
export function showChange({ name, value, replaces }: EnvChange): string {
  const isSecret = SECRETS.includes(name);
  const show = (text: string) => (isSecret ? '(secret)' : maskAccountSids(text));
  return replaces === undefined
    ? `${name}=${show(value)}`
    : `${name}=${show(value)}, which replaces ${isSecret ? 'another one' : show(replaces)}`;
}
