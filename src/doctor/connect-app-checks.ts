import { fetchConnectApp } from '../twilio/connect-apps.ts';
import { explainTwilioError } from '../twilio/explain-error.ts';
import { check } from './check.ts';
import { differences } from './connect-app-settings.ts';

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
      return `${name}: ${is}, this app needs ${needed}${which}`;
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
