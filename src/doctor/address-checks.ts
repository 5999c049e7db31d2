import type { Config } from '../config.ts';
import { check } from './check.ts';
import { explainAnswer, explainFailure } from './explain-answer.ts';
import { ask, askRunningApp } from './running-app.ts';

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
    const cause = local.problem
      ? `${problem.cause} On this machine: ${local.problem.cause}`
      : `${problem.cause} The app does run on this machine, on port ${config.port}.`;
    return { status: 'problem', cause, cure: (local.problem ?? problem).cure };
  },
});

function localAddress({ host, port }: Config): string {
  if (host === '0.0.0.0' || host === '::' || host === 'localhost')
    return `http://127.0.0.1:${port}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

export const cookies = check({
  id: 'cookies',
  title: 'Cookies',
  needs: ['running', 'config'],
  // What a customer who declines sends: it changes nothing, and the answer has a cookie.
  async run({ config: { baseUrl } }) {
    const url = `${baseUrl}/twilio/authorize?error=unauthorized_client`;
    let answer: Response;
    try {
      answer = await ask(url);
    } catch (error) {
      return { status: 'problem', ...explainFailure(url, error) };
    }
    if (answer.status !== 303) return { status: 'problem', ...explainAnswer(url, answer) };
    const [cookie = ''] = answer.headers.getSetCookie();
    const flags = ['HttpOnly', 'SameSite=Lax', ...(baseUrl.startsWith('https:') ? ['Secure'] : [])];
    const lost = cookie ? flags.filter((flag) => !cookie.includes(`; ${flag}`)) : ['whole'];
    if (lost.length === 0) return { status: 'ok' };
    return {
      status: 'problem',
      cause: cookie
        ? `A cookie of the app comes back without ${lost.join(', ')}.`
        : 'A cookie of the app does not come back, so nobody can stay signed in.',
      cure: 'See what the proxy, cache or tunnel in front does with Set-Cookie: let it pass.',
    };
  },
});

export const trustProxy = check({
  id: 'trust-proxy',
  title: 'TRUST_PROXY',
  needs: ['running', 'config'],
  run({ running: { proxies }, config: { trustProxy, production } }) {
    if (proxies === trustProxy) return { status: 'ok' };
    const effect =
      trustProxy < proxies
        ? 'the limits on sign-ins count a proxy instead of the visitors'
        : 'visitors can invent addresses and pass the limits on sign-ins';
    return {
      status: production ? 'problem' : 'remark',
      cause: `Requests come through ${proxies} ${proxies === 1 ? 'proxy' : 'proxies'}, TRUST_PROXY is ${trustProxy}: ${effect}.`,
      cure: `Set TRUST_PROXY=${proxies}`,
    };
  },
});

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
