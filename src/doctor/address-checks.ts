import type { Config } from '../config.ts';
import { check } from './check.ts';
import { START_IT } from './explain-answer.ts';
import { askRunningApp } from './running-app.ts';

const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/;

export const address = check({
  id: 'address',
  title: 'Public address',
  needs: ['config'],
  run({ config: { baseUrl, production } }) {
    const status = production ? 'problem' : 'remark';
    const { hostname, protocol } = new URL(baseUrl);
    if (LOOPBACK.test(hostname)) {
      return {
        status,
        cause: `BASE_URL is ${baseUrl}, which leads nowhere but to this machine: your own browser can connect an account, but Twilio cannot tell when a customer leaves.`,
        cure: 'For a public address start a tunnel, then run npm run setup.',
      };
    }
    if (protocol === 'https:') return { status: 'ok' };
    return {
      status,
      cause: `BASE_URL is ${baseUrl}: without https, cookies are not Secure and everyone on the way can read along.`,
      cure: 'Put a proxy with a certificate in front (docs/deploy.md) and write https:// in BASE_URL.',
    };
  },
});

export const runningApp = check({
  id: 'running-app',
  title: 'App at the public address',
  needs: ['config'],
  gives: 'running',
  async run({ config }) {
    const answer = await askRunningApp(config.baseUrl, config);
    if (!answer.problem) return { status: 'ok', found: { proxies: answer.proxies } };
    const { problem, isApp } = answer;
    const here = localAddress(config);
    if (isApp || here === config.baseUrl.replace('//localhost', '//127.0.0.1')) {
      return { status: 'problem', ...problem };
    }
    // Is it the app that is missing, or the way to it?
    const local = await askRunningApp(here, config);
    const way =
      problem.cure === START_IT
        ? `Let BASE_URL, or the tunnel or proxy that it names, lead to port ${config.port}.`
        : problem.cure;
    if (local.problem) {
      return {
        status: 'problem',
        cause: `${problem.cause} On this machine: ${local.problem.cause}`,
        cure: local.isApp ? `${local.problem.cure} Besides: ${way}` : local.problem.cure,
      };
    }
    return {
      status: 'problem',
      cause: `${problem.cause} The app does run on this machine, on port ${config.port}.`,
      cure: way,
    };
  },
});

function localAddress({ host, port }: Config): string {
  if (host === '0.0.0.0' || host === '::' || host === 'localhost')
    return `http://127.0.0.1:${port}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

export const production = check({
  id: 'production',
  title: 'Production',
  needs: ['config'],
  run({ config: { production, baseUrl } }) {
    const { hostname, protocol } = new URL(baseUrl);
    const isPublic = protocol === 'https:' && !LOOPBACK.test(hostname);
    if (production || !isPublic) return { status: 'ok' };
    return {
      status: 'remark',
      cause: 'The app is public, but NODE_ENV is not production.',
      cure: 'Before real users come, set NODE_ENV=production and read docs/deploy.md.',
    };
  },
});
