export interface Explanation {
  cause: string;
  cure: string;
}

/** What to do where nobody answers at all. */
export const START_IT =
  'Start it: npm start. If it runs, BASE_URL leads elsewhere: see its port, and the tunnel or proxy.';

/** Why nothing came back from an address: `error` is what fetch has thrown. */
export function explainFailure(url: string, error: unknown): Explanation {
  const { name, cause } = error as Error & { cause?: { code?: string; message?: string } };
  const code = cause?.code ?? cause?.message ?? name;
  const { host, hostname } = new URL(url);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return {
      cause: `The name ${hostname} is not known (${code}).`,
      cure: 'A tunnel’s address ends with the tunnel: start it again, then run npm run setup. For a name of your own, see its DNS entry.',
    };
  }
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH/.test(code)) {
    return {
      cause: `What answers at ${host} does not speak https (${code}).`,
      cure: 'Put a proxy with a certificate in front (docs/deploy.md) or use a tunnel; on this machine alone write http:// in BASE_URL.',
    };
  }
  if (/CERT|SELF_SIGNED|TLS|SSL/.test(code)) {
    return {
      cause: `The certificate of ${hostname} is not accepted (${code}), so Twilio will not call it either.`,
      cure: 'Let the proxy in front have a valid one; Caddy does that by itself.',
    };
  }
  return {
    cause: `Nobody answers at ${host} (${code}).`,
    cure: START_IT,
  };
}

/** What an answer means that is not our app's. */
export function explainAnswer(url: string, answer: Response): Explanation {
  const { host } = new URL(url);
  const { status, headers } = answer;
  const ngrok = /^ERR_NGROK_\d+$/.exec(headers.get('ngrok-error-code') ?? '')?.[0];
  if (ngrok) {
    return {
      cause: `ngrok answers in the app’s place (${status}, ${ngrok}).`,
      cure: `Start the tunnel to the app’s port; https://ngrok.com/docs/errors/${ngrok.toLowerCase()} says more.`,
    };
  }
  const location = headers.get('location');
  if (status >= 300 && status < 400 && location) {
    const target = URL.canParse(location, url) ? new URL(location, url) : undefined;
    return {
      cause: `${host} redirects to ${target ? target.origin + target.pathname : 'no address'} (${status}). Twilio signs the address that it calls, so it must not be redirected.`,
      cure: 'If that is the app’s right address, write it in BASE_URL and run npm run setup. If it is a sign-in page, make the port or the site public (Codespaces: the Ports tab).',
    };
  }
  if ([502, 503, 504].includes(status) || (status >= 520 && status <= 530)) {
    return {
      cause: `A proxy or tunnel answers at ${host}, but finds no app behind it (${status}).`,
      cure: 'Start the app (npm start), and see that the proxy leads to its PORT.',
    };
  }
  const type = headers.get('content-type')?.split(';')[0] ?? 'no content type';
  return {
    cause: `Something else answers at ${host} (${status}, ${type}): another app, a warning page, or an older version of this one.`,
    cure: 'See that BASE_URL is this app’s address, that no other program has its PORT, and that the proxy or tunnel leads there; then start the app again.',
  };
}
