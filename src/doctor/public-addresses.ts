import { z } from 'zod';

/** An address by which the world may reach this machine, and who says so. */
export interface PublicAddress {
  url: string;
  source: 'ngrok' | 'cloudflared' | 'Codespaces';
  /** The port of this machine that it leads to, if that is known. */
  port?: number | undefined;
}

/** Where the tunnels of this machine tell about themselves. */
export interface TunnelApis {
  ngrok: string;
  cloudflared: readonly string[];
}

/**
 * Their usual places: https://ngrok.com/docs/agent/api and
 * https://developers.cloudflare.com/cloudflare-one/networks/connectors/cloudflare-tunnel/monitor-tunnels/metrics
 */
export const TUNNEL_APIS: TunnelApis = {
  ngrok: 'http://127.0.0.1:4040/api/tunnels',
  cloudflared: [20241, 20242, 20243, 20244, 20245].map(
    (port) => `http://127.0.0.1:${port}/quicktunnel`,
  ),
};

const ngrokAnswer = z.object({
  tunnels: z.array(
    z.object({ public_url: z.string(), config: z.object({ addr: z.string() }).optional() }),
  ),
});
const cloudflaredAnswer = z.object({ hostname: z.string().min(1) });

/** The https addresses of running tunnels, and that of a Codespace for `port`. Never rejects. */
export async function findPublicAddresses(
  environment: NodeJS.ProcessEnv,
  port: number,
  apis: TunnelApis = TUNNEL_APIS,
): Promise<PublicAddress[]> {
  const [ngrok, ...cloudflared] = await Promise.all([
    ask(apis.ngrok, ngrokAnswer),
    ...apis.cloudflared.map((url) => ask(url, cloudflaredAnswer)),
  ]);
  const { CODESPACE_NAME: name, GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN: domain } = environment;
  const found: PublicAddress[] = [
    ...(ngrok?.tunnels ?? []).map(({ public_url: url, config }) => ({
      url,
      source: 'ngrok' as const,
      port: portOf(config?.addr),
    })),
    ...cloudflared.flatMap((answer) =>
      answer ? [{ url: `https://${answer.hostname}`, source: 'cloudflared' as const }] : [],
    ),
    ...(name && domain
      ? [{ url: `https://${name}-${port}.${domain}`, source: 'Codespaces' as const, port }]
      : []),
  ];
  return found.filter(({ url }) => URL.canParse(url) && url.startsWith('https://'));
}

/** Undefined for whatever else may listen there, or nothing. */
async function ask<T>(url: string, shape: z.ZodType<T>): Promise<T | undefined> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(1_000), redirect: 'error' });
    return shape.safeParse(await answer.json()).data;
  } catch {
    return undefined;
  }
}

// 'http://localhost:3000', 'localhost:3000' or '3000'.
function portOf(address: string | undefined): number | undefined {
  const [, port] = /(?:^|:)(\d{1,5})\/?$/.exec(address ?? '') ?? [];
  return port ? Number(port) : undefined;
}
