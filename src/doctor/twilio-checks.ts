import { createCustomerClient } from '../twilio/customer-client.ts';
import { explainTwilioError } from '../twilio/explain-error.ts';
import { probeOwner, readTwilioClock } from '../twilio/owner.ts';
import { check } from './check.ts';
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
