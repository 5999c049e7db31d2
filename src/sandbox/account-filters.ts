import { invalidParameter } from './api-error.ts';
import type { SandboxAccount } from './customers.ts';

/** The query parameters of the list of accounts: a name exactly as it is, and a status. */
export function readAccountFilters({ FriendlyName, Status }: Record<string, unknown>) {
  const repeated: [string, string][] = [];
  for (const [name, value] of Object.entries({ FriendlyName, Status })) {
    if (value === undefined || value === '') continue;
    // A choice, as for the status of calls.
    const isStatus = ['active', 'suspended', 'closed'].includes(String(value));
    if (typeof value !== 'string' || (name === 'Status' && !isStatus)) throw invalidParameter(name);
    repeated.push([name, value]);
  }
  const test = ({ friendlyName, status }: SandboxAccount) =>
    (!FriendlyName || friendlyName === FriendlyName) && (!Status || status === Status);
  return { test, repeated };
}
