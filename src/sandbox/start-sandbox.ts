import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSandbox, type SandboxOptions } from './sandbox.ts';

const HOST = '127.0.0.1';

export interface StartOptions extends Omit<SandboxOptions, 'host' | 'port' | 'alone'> {
  /** 0, or left out: any that is free. */
  port?: number;
}

export interface RunningSandbox {
  /** Its own page; its API and the rest stand beneath. */
  url: string;
  /** What an app needs to take it for Twilio. */
  settings: ReturnType<typeof createSandbox>['settings'];
  /** Ends it at once, whatever is under way. */
  close(): Promise<void>;
}

/**
 * The sandbox by itself, on a port of this machine: for other apps, and where it has to have another origin than the
 * app. Rejects with the error of `listen` where it cannot have the port.
 */
export async function startSandbox({
  port = 0,
  ...options
}: StartOptions): Promise<RunningSandbox> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, HOST, resolve);
  });
  const address = server.address() as AddressInfo;
  const sandbox = createSandbox({ ...options, host: HOST, port: address.port, alone: true });
  server.on('request', sandbox.app);
  return {
    url: sandbox.url,
    settings: sandbox.settings,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
