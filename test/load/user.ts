import http from 'node:http';

/** What one request came to. */
export interface Answer {
  page: string;
  status: number;
  ms: number;
}

/** Told of each answer, as it comes. */
export type Tell = (answer: Answer) => void;

/** A visitor with a browser of their own, who goes the whole way again and again. */
export interface User {
  signUp(): Promise<void>;
  signIn(): Promise<void>;
  /** From the Connect button to the calls, their totals and their file, and back: disconnected. */
  goRound(): Promise<void>;
  signOut(): Promise<void>;
  /** Opens a connection, which stays open until `leave`. */
  arrive(): Promise<void>;
  leave(): void;
}

const PASSWORD = 'correct horse battery';

export function createUser(url: string, n: number, accountSid: string, tell: Tell): User {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 6 });
  const credentials = `email=user-${n}%40example.com&password=${encodeURIComponent(PASSWORD)}`;
  let cookie = '';

  /** Asks for a page, and throws where it is not as it has to be. Gives its text. */
  async function ask(page: string, path: string, expected: number, form?: string): Promise<string> {
    const begunAt = performance.now();
    const { status, text, cookies } = await send(agent, url + path, form, {
      cookie,
      // Each user from a network of their own: the limits on sign-in count by it.
      'x-forwarded-for': `2001:db8:${n.toString(16)}::1`,
    });
    const session = cookies.find((line) => line.startsWith('session='));
    if (session) cookie = session.split(';')[0] ?? '';
    tell({ page, status, ms: performance.now() - begunAt });
    if (status !== expected) throw new Error(`${page} answered ${status}: ${titleOf(text)}`);
    return text;
  }

  return {
    signUp: async () => void (await ask('POST /sign-up', '/sign-up', 303, credentials)),
    signIn: async () => void (await ask('POST /sign-in', '/sign-in', 303, credentials)),
    async goRound() {
      const home = await ask('GET /', '/', 200);
      const state = /[?&;]state=([\w-]+)/.exec(home)?.[1];
      const callback = `/twilio/authorize?AccountSid=${accountSid}&state=${state}`;
      await ask('GET /twilio/authorize', callback, 303);
      const mine = await ask('GET /myapp', '/myapp', 200);
      const calls = await ask('GET /calls', '/calls', 200);
      const next = /rel="next" href="([^"]+)"/.exec(calls)?.[1] ?? '';
      await ask('GET /calls, next page', next.replaceAll('&amp;', '&'), 200);
      await ask('GET /analytics', '/analytics?days=7', 200);
      const file = await ask('GET /calls.csv', '/calls.csv', 200);
      if (!file.endsWith('USD\r\n')) throw new Error('GET /calls.csv broke off');
      const disconnect = /action="(\/connections\/\d+\/disconnect)"/.exec(mine)?.[1] ?? '';
      await ask('POST /connections/:id/disconnect', disconnect, 303, '');
    },
    signOut: async () => void (await ask('POST /sign-out', '/sign-out', 303, '')),
    arrive: async () => void (await ask('GET /healthz', '/healthz', 200)),
    leave: () => agent.destroy(),
  };
}

function titleOf(html: string): string {
  return /<h1>(.*?)<\/h1>/.exec(html)?.[1] ?? html.slice(0, 80);
}

function send(
  agent: http.Agent,
  url: string,
  form: string | undefined,
  headers: http.OutgoingHttpHeaders,
): Promise<{ status: number; text: string; cookies: string[] }> {
  const type = 'application/x-www-form-urlencoded';
  return new Promise((resolve, reject) => {
    const options =
      form === undefined
        ? { agent, headers }
        : { agent, method: 'POST', headers: { ...headers, 'content-type': type } };
    const request = http.request(url, options, async (answer) => {
      const body = await answer.toArray().catch(reject);
      if (!body) return;
      const text = Buffer.concat(body).toString();
      resolve({
        status: answer.statusCode ?? 0,
        text,
        cookies: answer.headers['set-cookie'] ?? [],
      });
    });
    request.once('error', reject);
    request.end(form);
  });
}
