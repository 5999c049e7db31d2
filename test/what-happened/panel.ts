import { execFileSync } from 'node:child_process';

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', '#34': '"', '#39': "'" };

/** The panel's HTML, or undefined where the page has none. */
export function panelOf(html: string): string | undefined {
  return /<aside class="what-happened".*?<\/aside>/s.exec(html)?.[0];
}

export function summary(html: string): string | undefined {
  return /<summary>What just happened: (.*?)<\/summary>/.exec(html)?.[1];
}

/** What the browser asked and what the app asked of Twilio, in order, each with its answer, but no milliseconds. */
export function lines(html: string): string[] {
  const asked = /<code class="asked">(.*?)<\/code> <span class="badge[^>]*>(.*?)<\/span>/g;
  return [...(panelOf(html) ?? '').matchAll(asked)].map(([, what, answer]) =>
    plain(`${what} -> ${answer}`),
  );
}

/** The commands that the panel offers to copy. */
export function commands(html: string): string[] {
  const command = /<pre class="command"><code>(.*?)<\/code>/gs;
  return [...html.matchAll(command)].map(([, text]) => plain(String(text)));
}

/** What `curl` would be given if somebody pasted this command into a shell. */
export function run(command: string, variables: Record<string, string>): string[] {
  const stub = `curl() { for argument; do printf '%s\\0' "$argument"; done; }`;
  const options = { env: variables, encoding: 'utf8' } as const;
  return execFileSync('/bin/sh', ['-c', `${stub}\n${command}`], options)
    .split('\0')
    .slice(0, -1);
}

function plain(html: string): string {
  return html.replace(/&(#?\w+);/g, (_all, name) => ENTITIES[name] ?? '?');
}
