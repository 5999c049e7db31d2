import { timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import { ApiError, unauthenticated } from './api-error.ts';
import { type Customer, connectApp, ownerAccount, type SandboxAccount } from './customers.ts';
import type { Records } from './records.ts';

/** Who sends a request: the accounts that it may read, and those beside them that stay closed to it. */
export interface Caller {
  open: readonly SandboxAccount[];
  closed: readonly SandboxAccount[];
}

/**
 * Whose credentials a request carries. Three pairs open something: an AccountSid that allowed our app in with the Auth
 * Token of the app's owner, which is Connect; the owner's own two; and those of a customer's account.
 * https://www.twilio.com/docs/iam/connect, https://www.twilio.com/docs/api/errors/20003
 */
export function callerOf(req: Request, customers: readonly Customer[], records: Records): Caller {
  const [, encoded] = /^Basic ([\w+/=-]+)$/i.exec(req.get('Authorization') ?? '') ?? [];
  if (!encoded) {
    throw new ApiError(
      401,
      20003,
      'Authentication Error - No credentials provided',
      'Your AccountSid or AuthToken was incorrect.',
    );
  }
  const text = Buffer.from(encoded, 'base64').toString();
  const username = text.slice(0, text.indexOf(':'));
  if (!/^AC[0-9a-f]{32}$/.test(username)) {
    throw new ApiError(401, 20003, 'Authentication Error - invalid username');
  }
  const password = text.slice(username.length + 1);
  const ownersToken = isSame(password, connectApp.authToken);
  if (username === ownerAccount.sid && ownersToken) return { open: [ownerAccount], closed: [] };

  for (const { connectSid, accounts } of customers) {
    const existing = accounts.filter(({ sid }) => sid !== connectSid || records.hasAccount(sid));
    const own = existing.find(({ sid }) => sid === username);
    if (!own) continue;
    const grant = own.sid === connectSid ? records.grantOf(connectSid) : undefined;
    if (grant && ownersToken) {
      // A choice: what may not be read is refused like a subaccount that asks for its parent.
      return grant.permissions.includes('get-all') ? all(existing) : only(own, existing);
    }
    // A choice: an account that is suspended cannot authenticate, as Twilio's page on 20003 has it.
    if (own.status !== 'active' || !isSame(password, own.authToken)) break;
    return own.sid === own.ownerSid ? all(existing) : only(own, existing);
  }
  throw unauthenticated();
}

function all(accounts: SandboxAccount[]): Caller {
  return { open: accounts, closed: [] };
}

function only(own: SandboxAccount, accounts: SandboxAccount[]): Caller {
  return { open: [own], closed: accounts.filter((account) => account !== own) };
}

function isSame(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}
