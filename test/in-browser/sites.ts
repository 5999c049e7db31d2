import { afterEach } from '@jest/globals';
import { type RunningSandbox, startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { freePort } from '../free-port.ts';
import { startProcess } from '../start-process.ts';

/** The app on localhost and the sandbox on 127.0.0.1: to a browser two sites, as the app and Twilio are. */
export interface Sites {
  appUrl: string;
  sandbox: RunningSandbox;
  /** The only hosts that a page of either may ask. */
  origins: string[];
}

const running: RunningSandbox[] = [];
afterEach(async () => {
  for (const sandbox of running.splice(0)) await sandbox.close();
});

/** Both end with the test. */
export async function startSites(options: { calls?: number } = {}): Promise<Sites> {
  const port = await freePort();
  const appUrl = `http://localhost:${port}`;
  const sandbox = await startSandbox({ appUrl, ...options });
  running.push(sandbox);
  const { accountSid, authToken, connectAppSid, apiUrl, authorizeUrl } = sandbox.settings;
  const app = startProcess(['src/server.ts'], {
    PORT: String(port),
    TWILIO_ACCOUNT_SID: accountSid,
    TWILIO_AUTH_TOKEN: authToken,
    TWILIO_CONNECT_APP_SID: connectAppSid,
    TWILIO_API_URL: apiUrl,
    TWILIO_AUTHORIZE_URL: authorizeUrl,
  });
  await app.says('Open');
  return { appUrl, sandbox, origins: [appUrl, new URL(sandbox.url).origin] };
}

/** What the API answers from now on; `waitMs` is for the fault that waits. */
export async function setFault({ sandbox }: Sites, fault: string, waitMs?: number): Promise<void> {
  const form = new URLSearchParams({
    fault,
    ...(waitMs && { wait: String(waitMs) }),
  });
  const answer = await fetch(`${sandbox.url}/faults`, { method: 'POST', body: form });
  if (!answer.ok) throw new Error(`No such fault: ${await answer.text()}`);
}

export async function clearFaults({ sandbox }: Sites): Promise<void> {
  await fetch(`${sandbox.url}/faults`, { method: 'DELETE' });
}
