import { maskAccountSids } from '../connect/account-sid.ts';
import { type Connection, listActiveConnections } from '../database/connections.ts';
import { listAccounts, probeAccount } from '../twilio/accounts.ts';
import { createCustomerClient } from '../twilio/customer-client.ts';
import { check } from './check.ts';

const MOST_ASKED = 200;
const AT_ONCE = 4;
const LIMIT_MS = 60_000;

export const connections = check({
  id: 'connections',
  title: 'Connected accounts',
  needs: ['db', 'owner', 'settings'],
  gives: 'authorized',
  async run({ db, settings }) {
    const stored = await listActiveConnections(db, MOST_ASKED + 1);
    const asked = stored.slice(0, MOST_ASKED);
    const customerClient = createCustomerClient(settings);
    const until = Date.now() + LIMIT_MS;
    const answers = await each(asked, async (connection) => {
      const { accountSid } = connection;
      if (Date.now() > until) return { connection, verdict: 'unknown' };
      const { problem } = await probeAccount(customerClient(accountSid), accountSid);
      return { connection, verdict: !problem ? 'open' : problem.mayPass ? 'unknown' : 'refused' };
    });
    const having = (verdict: string) =>
      answers.filter((answer) => answer.verdict === verdict).map(({ connection }) => connection);

    const found = having('open');
    const refused = having('refused');
    if (refused.length > 0) {
      return {
        status: 'problem',
        cause: `Twilio does not let us into ${refused.length} of ${asked.length} connected accounts any more: ${names(refused)}.`,
        cure: 'Their customers have revoked access, or the accounts are suspended. The app marks such an account when its user opens its calls, and Connect brings it back. If it is all of them, see whether TWILIO_CONNECT_APP_SID and TWILIO_AUTH_TOKEN are still those they connected with.',
        found,
      };
    }
    const unknown = having('unknown').length + (stored.length - asked.length);
    if (unknown === 0) return { status: 'ok', found };
    return {
      status: 'remark',
      cause: `Some connected accounts were not asked, or gave no answer: ${found.length} of them are well.`,
      cure: `Run the doctor again in a moment. It asks the ${MOST_ASKED} newest, for a minute at most.`,
      found,
    };
  },
});

export const permissions = check({
  id: 'permissions',
  title: 'Permissions of the connected accounts',
  needs: ['authorized', 'connectApp', 'settings'],
  // Without "Read all account data" an account shows itself only. Whether "Charge account for usage" was granted
  // cannot be known without charging somebody.
  async run({ authorized, connectApp, settings }) {
    if (!connectApp.permissions.includes('get-all')) return { status: 'ok' };
    const customerClient = createCustomerClient(settings);
    const alone = await each(authorized, async (connection) => {
      try {
        const accounts = await listAccounts(customerClient(connection.accountSid));
        return accounts.every(({ sid }) => sid === connection.accountSid) ? [connection] : [];
      } catch {
        return [];
      }
    });
    const lacking = alone.flat();
    if (lacking.length === 0) return { status: 'ok' };
    return {
      status: 'problem',
      cause: `${lacking.length} of ${authorized.length} connected accounts have not granted “Read all account data” (get-all), which the Connect App asks for today: ${names(lacking)}.`,
      cure: 'A changed permission counts once the customer authorizes again: let them press Connect.',
    };
  },
});

function names(all: readonly Connection[]): string {
  const shown = all.slice(0, 5).map(({ accountSid, id }) => {
    return `${maskAccountSids(accountSid)} (connection ${id})`;
  });
  return [...shown, ...(all.length > 5 ? [`and ${all.length - 5} more`] : [])].join(', ');
}

/** `work` for every item, a few at a time, the answers in the items' order. */
async function each<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const answers: R[] = [];
  const queue = [...items.entries()];
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      answers[next[0]] = await work(next[1]);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return answers;
}
