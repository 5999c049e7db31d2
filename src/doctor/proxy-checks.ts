import { check } from './check.ts';
import { explainAnswer, explainFailure } from './explain-answer.ts';
import { ask } from './running-app.ts';

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
