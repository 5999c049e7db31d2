import { fetchConnectApp } from '../twilio/connect-apps.ts';
import { createCustomerClient } from '../twilio/customer-client.ts';
import { explainTwilioError } from '../twilio/explain-error.ts';
import { probeOwner, readTwilioClock } from '../twilio/owner.ts';
import { check } from './check.ts';
import { differences } from './connect-app-settings.ts';
import { explainOwnerProblem } from './explain-owner.ts';

export const account = check({
  id: 'account',
  title: 'Twilio account',
  needs: ['config'],
  gives: 'settings',
  run({ config }) {
    if (config.twilio) return { status: 'ok', found: config.twilio };
    return {
      status: 'remark',
      cause: 'None is set: the sandbox stands in for Twilio, with invented customers.',
      cure: 'To go live, run npm run setup.',
    };
  },
});

export const twilioApi = check({
  id: 'twilio-api',
  title: 'Twilio’s API',
  needs: ['settings'],
  gives: 'twilio',
  async run({ settings, now }) {
    const client = createCustomerClient(settings)(settings.accountSid);
    try {
      const clock = await readTwilioClock(client);
      return { status: 'ok', found: { client, clock, askedAt: now() } };
    } catch (error) {
      const { code } = explainTwilioError(error);
      return {
        status: 'problem',
        cause: `${settings.apiUrl} does not answer (${code}).`,
        cure: 'See whether this machine may go there: firewall, HTTP_PROXY, TWILIO_API_URL; and status.twilio.com.',
      };
    }
  },
});

const MOST_SECONDS_OFF = 60;

export const clock = check({
  id: 'clock',
  title: 'Clock',
  needs: ['twilio'],
  run({ twilio: { clock, askedAt } }) {
    if (clock === undefined) {
      return {
        status: 'remark',
        cause: 'Twilio’s answer has no Date to compare this machine’s clock with.',
        cure: 'Compare it yourself: date -u',
      };
    }
    const secondsOff = Math.round((askedAt - clock) / 1000);
    if (Math.abs(secondsOff) <= MOST_SECONDS_OFF) return { status: 'ok' };
    return {
      status: 'problem',
      cause: `This machine’s clock is ${Math.abs(secondsOff)} seconds ${secondsOff > 0 ? 'ahead of' : 'behind'} Twilio’s: sessions end at the wrong time, "today" is another day around midnight, certificates may count as expired.`,
      cure: 'Set the clock by the network: timedatectl set-ntp true',
    };
  },
});

export const credentials = check({
  id: 'credentials',
  title: 'Credentials',
  needs: ['twilio'],
  gives: 'owner',
  async run({ twilio: { client } }) {
    const { owner, problem } = await probeOwner(client);
    if (problem) return { status: 'problem', ...explainOwnerProblem(problem) };
    if (owner.status !== 'active') {
      return {
        status: 'problem',
        cause: `The account is ${owner.status}.`,
        cure: 'The Twilio Console says why.',
      };
    }
    if (!owner.isTrial) return { status: 'ok', found: client };
    return {
      status: 'remark',
      cause: 'This is a trial account: Twilio lets only upgraded accounts have a Connect App.',
      cure: 'Upgrade it in the Twilio Console.',
      found: client,
    };
  },
});

export const connectApp = check({
  id: 'connect-app',
  title: 'Connect App',
  needs: ['owner', 'settings'],
  gives: 'connectApp',
  async run({ owner, settings }) {
    try {
      return { status: 'ok', found: await fetchConnectApp(owner, settings.connectAppSid) };
    } catch (error) {
      const { kind, status, code } = explainTwilioError(error);
      const cause =
        kind === 'not-found'
          ? `The account has no Connect App ${settings.connectAppSid}.`
          : `Twilio does not show the Connect App (${[status, code].filter(Boolean).join(', ')}).`;
      const cure = 'npm run setup lists the account’s Connect Apps, or says how to make one.';
      return { status: 'problem', cause, cure };
    }
  },
});

export const connectAppSettings = check({
  id: 'connect-app-settings',
  title: 'Connect App’s settings',
  needs: ['connectApp', 'config'],
  run({ connectApp, config }) {
    const found = differences(connectApp, config.baseUrl);
    if (found.length === 0) return { status: 'ok' };
    const told = found.map(({ name, is, needed, parts }) => {
      const which = parts.length > 0 ? ` (other ${parts.join(', ')})` : '';
      return `${name} is ${is}, this app needs ${needed}${which}`;
    });
    const status = found.every(({ setting }) => setting === 'deauthorizeMethod')
      ? 'remark'
      : 'problem';
    const again = found.some(({ setting }) => setting === 'permissions')
      ? ' Customers who are connected already press Connect again, so that the permission counts.'
      : '';
    return {
      status,
      cause: `${told.join('; ')}.`,
      cure: `npm run setup changes it; if the Connect App is right, change BASE_URL.${again}`,
    };
  },
});
