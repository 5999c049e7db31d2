import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { findPublicAddresses } from '../../src/doctor/public-addresses.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** Stands where a tunnel's own API would, and answers with `body`. */
async function tunnelApi(body: string | RequestListener): Promise<string> {
  const listener: RequestListener =
    typeof body === 'string'
      ? (_req, res) => res.writeHead(200, { 'Content-Type': 'application/json' }).end(body)
      : body;
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`;
}

const NOBODY = 'http://127.0.0.1:9/';

test('a running ngrok names its https address and the port behind it', async () => {
  const ngrok = await tunnelApi(
    JSON.stringify({
      tunnels: [
        {
          public_url: 'https://a.example',
          proto: 'https',
          config: { addr: 'http://localhost:3000' },
        },
        {
          public_url: 'http://a.example',
          proto: 'http',
          config: { addr: 'http://localhost:3000' },
        },
        { public_url: 'tcp://b.example:1234', proto: 'tcp', config: { addr: 'localhost:22' } },
        { public_url: 'https://c.example', proto: 'https' },
      ],
      uri: '/api/tunnels',
    }),
  );
  expect(await findPublicAddresses({}, 3000, { ngrok, cloudflared: [NOBODY] })).toEqual([
    { url: 'https://a.example', source: 'ngrok', port: 3000 },
    { url: 'https://c.example', source: 'ngrok', port: undefined },
  ]);
});

test('a running cloudflared names its quick tunnel; a named tunnel has none to name', async () => {
  const quick = await tunnelApi('{"hostname":"quick-words.trycloudflare.com"}');
  const named = await tunnelApi('{"hostname":""}');
  const apis = { ngrok: NOBODY, cloudflared: [NOBODY, named, quick] };
  expect(await findPublicAddresses({}, 3000, apis)).toEqual([
    { url: 'https://quick-words.trycloudflare.com', source: 'cloudflared' },
  ]);
});

test('a Codespace has a name for every port', async () => {
  const environment = {
    CODESPACE_NAME: 'fluffy-space',
    GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN: 'app.github.dev',
  };
  const apis = { ngrok: NOBODY, cloudflared: [] };
  expect(await findPublicAddresses(environment, 4000, apis)).toEqual([
    { url: 'https://fluffy-space-4000.app.github.dev', source: 'Codespaces', port: 4000 },
  ]);
  expect(await findPublicAddresses({ CODESPACE_NAME: 'x' }, 4000, apis)).toEqual([]);
});

test('whatever else stands on those ports is no tunnel, and a silent one is not waited for', async () => {
  const silent = await tunnelApi(() => {});
  const html = await tunnelApi('<html>');
  const other = await tunnelApi('{"tunnels":"none"}');
  const quick = await tunnelApi('{"hostname":"quick-words.trycloudflare.com"}');
  const elsewhere = await tunnelApi((_req, res) => res.writeHead(302, { Location: quick }).end());
  const apis = { ngrok: other, cloudflared: [silent, html, elsewhere] };
  expect(await findPublicAddresses({}, 3000, apis)).toEqual([]);
});
