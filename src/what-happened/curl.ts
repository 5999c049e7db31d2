import type { SentRequest } from '../twilio/request-watch.ts';

/**
 * The same request as a command for a POSIX shell. AccountSids and the token stand there as shell variables, since
 * neither belongs on a page. Undefined for anything but a GET: its form was not kept.
 */
export function curlCommand({ method, url, accountSid }: SentRequest): string | undefined {
  if (method !== 'GET') return undefined;
  const { origin, pathname, search } = new URL(url);
  const address = percentEncode(pathname + search).replace(PAGE_TOKEN_OR_ACCOUNT_SID, (found) => {
    if (found.startsWith('P')) return found;
    return `\${${found === accountSid ? 'ACCOUNT_SID' : 'OTHER_ACCOUNT_SID'}}`;
  });
  return `curl -u "$ACCOUNT_SID:$TWILIO_AUTH_TOKEN" \\\n"${origin}${address}"`;
}

// A page token is PA or PB and the SID of a call, CA…: so it holds what looks like an AccountSid.
const PAGE_TOKEN_OR_ACCOUNT_SID = /P[AB]CA[0-9a-f]{32}|AC[0-9a-f]{32}/gi;

// Of what a URL may hold, only these mean nothing to a shell inside double quotes.
function percentEncode(address: string): string {
  const encode = (char: string) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`;
  return address.replace(/[^\w.~:/?&=%+-]/g, encode);
}
