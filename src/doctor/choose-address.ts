import type { ConnectApp } from '../twilio/connect-apps.ts';
import { wrongAs } from './choose-account.ts';
import { known, type Sources } from './known.ts';
import { findPublicAddresses, type PublicAddress, type TunnelApis } from './public-addresses.ts';
import { readVariable } from './setup-flags.ts';
import type { Ui } from './ui.ts';

const TYPE_IT = 'type it';

/** Where browsers and Twilio will reach this app. Tunnels that run, and what is set already, are offered. */
export async function chooseAddress(
  ui: Ui,
  sources: Sources,
  {
    port,
    connectApp,
    tunnels,
  }: { port: number; connectApp?: ConnectApp; tunnels: TunnelApis | undefined },
): Promise<string> {
  const set = known('BASE_URL', sources);
  if (set?.source === 'flag' || (set && ui.isScript)) return set.value;

  const found = await findPublicAddresses(sources.shell, port, tunnels);
  const leadsHere = (tunnel: PublicAddress) => [undefined, port].includes(tunnel.port);
  const registered = publicOrigin(connectApp?.authorizeUrl);
  const options = [
    ...found.filter(leadsHere).map(({ url, source }) => ({
      value: url,
      hint: `${source}, running now`,
    })),
    ...(set ? [{ value: set.value, hint: 'BASE_URL as it is set' }] : []),
    ...(registered ? [{ value: registered, hint: 'as the Connect App has it' }] : []),
    ...found
      .filter((tunnel) => !leadsHere(tunnel))
      .map(({ url, source, port: target }) => ({
        value: url,
        hint: `${source}: leads to port ${target}, this app listens on ${port}`,
      })),
    {
      value: `http://localhost:${port}`,
      hint: 'this machine only: Twilio cannot tell when a customer leaves',
    },
  ];
  const unique = options.filter(
    (option, index) => options.findIndex(({ value }) => value === option.value) === index,
  );
  const choice = await ui.choose('Public address of this app', [
    ...unique.map(({ value, hint }) => ({ value, label: `${value} (${hint})` })),
    { value: TYPE_IT, label: 'Another one, which you type' },
  ]);
  if (choice !== TYPE_IT) return choice;
  const typed = await ui.text('https:// and the name', 'https://', wrongAs('BASE_URL'));
  return readVariable('BASE_URL', typed).value ?? typed;
}

/** An address of this machine that the Connect App has would be one of another port, or the last choice anyway. */
function publicOrigin(url = ''): string | undefined {
  return URL.canParse(url) && url.startsWith('https:') ? new URL(url).origin : undefined;
}
