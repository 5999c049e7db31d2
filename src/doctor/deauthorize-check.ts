import { signRequest } from '../twilio/sign-request.ts';
import { check } from './check.ts';
import { type Explanation, explainAnswer, explainFailure } from './explain-answer.ts';
import { ask } from './running-app.ts';
import { differingParts } from './url-parts.ts';

// Nobody has this account, so nothing changes when it is said to have left.
const UNKNOWN_ACCOUNT = `AC${'0'.repeat(32)}`;

type Verdict = 'accepted' | 'signature refused' | 'other Connect App' | Explanation;

/**
 * Does what Twilio does when a customer revokes access: calls the Connect App's Deauthorize URL, signed. If the app
 * refuses the signature, it is tried for the other addresses that the app may have put together, and the one that is
 * accepted shows where the two differ. The app itself tells nobody: only who has the Auth Token can ask like this.
 */
export const deauthorize = check({
  id: 'deauthorize',
  title: 'Signed Deauthorize request',
  needs: ['connectApp', 'settings', 'config', 'running'],
  async run({ connectApp, settings: { authToken, connectAppSid }, config: { baseUrl } }) {
    const { deauthorizeUrl: url, deauthorizeMethod: method } = connectApp;
    if (!URL.canParse(url)) {
      return {
        status: 'problem',
        cause:
          'The Connect App has no Deauthorize URL, so Twilio tells nobody when a customer leaves.',
        cure: 'npm run setup sets it.',
      };
    }
    const params = { AccountSid: UNKNOWN_ACCOUNT, ConnectAppSid: connectAppSid };
    const send = (signedUrl: string) => sendDeauthorize(url, method, params, authToken, signedUrl);

    const verdict = await send(url);
    if (verdict === 'accepted') return { status: 'ok' };
    if (verdict === 'other Connect App') {
      return {
        status: 'problem',
        cause: `The app at ${url} belongs to another Connect App.`,
        cure: 'npm run setup makes the Connect App and this app fit.',
      };
    }
    if (verdict !== 'signature refused') {
      const { cause } = verdict;
      const isOurs = url.startsWith(`${baseUrl}/`);
      const cure = isOurs
        ? verdict.cure
        : 'npm run setup lets the Deauthorize URL lead to this app.';
      return { status: 'problem', cause, cure };
    }
    for (const other of otherAddresses(url, baseUrl)) {
      if ((await send(other)) !== 'accepted') continue;
      const parts = differingParts(other, url);
      const onTheWay = parts.every((part) => ['path', 'slash at the end', 'query'].includes(part));
      return {
        status: 'problem',
        cause: `Twilio signs ${url}, but the app checks the signature for ${other}: other ${parts.join(', ')}.`,
        cure: onTheWay
          ? 'Let the proxy pass the path and the query on as they come, or let the Deauthorize URL be what the app sees.'
          : 'Make the Connect App and BASE_URL agree: npm run setup, then start the app again.',
      };
    }
    return {
      status: 'problem',
      cause: `The app at ${url} refuses our signature, however the address is written: it has another Auth Token, or it is another app.`,
      cure: 'See that this address leads to this app, then start it again.',
    };
  },
});

/** What the app may take for the address, when it is not what Twilio has called. */
function otherAddresses(url: string, baseUrl: string): string[] {
  const { origin, pathname, search } = new URL(url);
  const segments = pathname.split('/').filter(Boolean);
  // A proxy may have taken folders off the front, a slash off the end or added one.
  const paths = segments.map((_, index) => `/${segments.slice(index).join('/')}`);
  const addresses = [baseUrl, origin].flatMap((base) =>
    paths.flatMap((path) =>
      [path, `${path}/`].flatMap((end) => [`${base}${end}${search}`, `${base}${end}`]),
    ),
  );
  return [...new Set(addresses)].filter((address) => address !== url);
}

async function sendDeauthorize(
  url: string,
  method: string,
  params: Record<string, string>,
  authToken: string,
  signedUrl: string,
): Promise<Verdict> {
  const isGet = method === 'GET';
  const withParams = (address: string) =>
    `${address}${address.includes('?') ? '&' : '?'}${new URLSearchParams(params)}`;
  const signature = isGet
    ? signRequest(authToken, withParams(signedUrl))
    : signRequest(authToken, signedUrl, params);
  try {
    const answer = await ask(isGet ? withParams(url) : url, {
      method: isGet ? 'GET' : 'POST',
      headers: { 'X-Twilio-Signature': signature },
      ...(!isGet && { body: new URLSearchParams(params) }),
    });
    if (answer.status === 204) return 'accepted';
    const text = await answer.text();
    if (answer.status === 403 && text.startsWith('The signature')) return 'signature refused';
    if (answer.status === 403 && text.includes('another Connect App')) return 'other Connect App';
    return explainAnswer(url, answer);
  } catch (error) {
    return explainFailure(url, error);
  }
}
