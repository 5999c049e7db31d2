import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { parse } from 'dotenv';
import { parseConfig } from '../../src/config.ts';
import { readFlags } from '../../src/doctor/setup-flags.ts';
import { Stopped, scriptUi, terminalUi } from '../../src/doctor/ui.ts';
import { setUp } from '../../src/doctor/wizard.ts';
import { fetchConnectApp, updateConnectApp } from '../../src/twilio/connect-apps.ts';
import { createCustomerClient } from '../../src/twilio/customer-client.ts';
import { startApp, type TestApp, twilioError } from '../start-app.ts';
import { folder, startProcess } from '../start-process.ts';
import { KEYS, openTerminal } from './terminal.ts';
import { serve, type Variables } from './world.ts';

const OLD = {
  authorizeUrl: 'https://old.example/twilio/authorize',
  deauthorizeUrl: 'https://old.example/gone',
  deauthorizeMethod: 'GET',
  permissions: ['post-all'] as const,
};
const NEEDED = {
  authorizeUrl: 'https://app.example/twilio/authorize',
  deauthorizeUrl: 'https://app.example/twilio/deauthorize',
  deauthorizeMethod: 'POST',
  permissions: ['get-all', 'post-all'],
};

let twilio: TestApp;
let flags: string[];
beforeAll(async () => {
  twilio = await startApp();
  const { accountSid, authToken, connectAppSid, apiUrl, authorizeUrl } = twilio.settings;
  flags = [
    ...['--account-sid', accountSid, '--auth-token', authToken],
    ...['--connect-app-sid', connectAppSid, '--url', 'https://app.example/'],
    ...['--api-url', apiUrl, '--authorize-url', authorizeUrl],
  ];
});
beforeEach(async () => {
  twilio.upstream.answer = undefined;
  await updateConnectApp(owner(), twilio.settings.connectAppSid, OLD);
  twilio.upstream.requests.length = 0;
});

const owner = () => createCustomerClient(twilio.settings)(twilio.settings.accountSid);
const connectApp = () => fetchConnectApp(owner(), twilio.settings.connectAppSid);
const changesAtTwilio = () => twilio.upstream.requests.filter((line) => !line.startsWith('GET'));
const envFile = () => path.join(folder(), '.env');
const without = (flag: string) =>
  flags.filter((_, index) => ![flags[index], flags[index - 1]].includes(flag));

/** Setup as a script runs it. */
async function script(args: string[], shell: Variables = {}) {
  const lines: string[] = [];
  const ui = scriptUi((line) => void lines.push(line));
  const outcome = await setUp(ui, readFlags([...args, '--dotenv', envFile()]), shell).then(
    (fits) => ({ fits, error: '' }),
    (error: Error) => ({ fits: false, error: error.message }),
  );
  return { ...outcome, output: lines.join('\n') };
}

describe('without a terminal', () => {
  test('everything that is missing is listed, and the exit code is 1', async () => {
    const setup = startProcess(['src/doctor/setup.ts', '--url', 'https://app.example'], {});
    expect(await setup.ended).toBe(1);
    expect(setup.output()).toMatch(
      /no terminal .* missing:\n {2}--account-sid .*\n {2}--auth-token .*\n {2}--connect-app-sid .*\nSee npm run setup -- --help\n$/,
    );
    expect(existsSync(envFile())).toBe(false);
  });

  test('a flag of the wrong form, or one that there is not, is told', async () => {
    const setup = startProcess(['src/doctor/setup.ts', '--account-sid', 'SK123'], {});
    expect(await setup.ended).toBe(1);
    expect(setup.output()).toMatch(/^--account-sid: copy the Account SID/);
    const other = startProcess(['src/doctor/setup.ts', '--token', 'x'], {});
    expect(await other.ended).toBe(2);
    expect(other.output()).toMatch(/--token.*\nSee npm run setup -- --help\n$/);
  });

  test('the help names every flag and the environment variable for the token', async () => {
    const setup = startProcess(['src/doctor/setup.ts', '--help'], {});
    expect(await setup.ended).toBe(0);
    for (const flag of flags.filter((text) => text.startsWith('--'))) {
      expect(setup.output()).toContain(flag);
    }
    expect(setup.output()).toMatch(/TWILIO_AUTH_TOKEN, .* shell's history/);
  });

  test('without --yes nothing that exists is changed, and it says what would be', async () => {
    writeFileSync(envFile(), 'BASE_URL=https://old.example\n');
    const { error } = await script(flags);
    expect(error).toBe(
      `Nothing was written. With --yes this would change the Connect App’s Authorize URL, the Connect App’s Deauthorize URL, the Connect App’s Deauthorize method, the Connect App’s Permissions, BASE_URL in ${envFile()}.`,
    );
    expect(changesAtTwilio()).toEqual([]);
    expect(readFileSync(envFile(), 'utf8')).toBe('BASE_URL=https://old.example\n');
  });

  test('with --yes the Connect App fits, and .env is one with which the app starts', async () => {
    const { fits, output } = await script([...flags, '--yes']);
    expect(fits).toBe(true);
    const { sid: _sid, friendlyName: _name, permissions, ...urls } = await connectApp();
    expect({ ...urls, permissions: [...permissions].sort() }).toEqual(NEEDED);

    expect(statSync(envFile()).mode & 0o777).toBe(0o600);
    const config = parseConfig(parse(readFileSync(envFile())), () => 'none');
    expect(config).toMatchObject({
      baseUrl: 'https://app.example',
      databaseUrl: 'file:data/live.db',
      twilio: twilio.settings,
    });
    expect(config.sessionSecrets[0]).toMatch(/^[0-9a-f]{64}$/);
    for (const secret of [
      twilio.settings.authToken,
      twilio.settings.accountSid,
      String(config.sessionSecrets[0]),
    ]) {
      expect(output).not.toContain(secret);
    }
    expect(output).toContain('npm start');
    expect(output).toContain('Open https://app.example and sign up');
  });

  test('as a command it writes the file that is named, and ends with 0', async () => {
    const args = [...without('--auth-token'), '--yes', '--dotenv', 'new.env'];
    const { authToken } = twilio.settings;
    const setup = startProcess(['src/doctor/setup.ts', ...args], { TWILIO_AUTH_TOKEN: authToken });
    expect(await setup.ended).toBe(0);
    expect(setup.output()).not.toContain(authToken);
    const file = path.join(folder(), 'new.env');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(parse(readFileSync(file))).toMatchObject({
      TWILIO_AUTH_TOKEN: authToken,
      BASE_URL: 'https://app.example',
    });
  });

  test('what is there already stays, and running it again changes nothing', async () => {
    const mine =
      "# mine\r\nPORT='4000' # the usual\r\nBASE_URL=https://old.example\r\nSESSION_SECRET=";
    const secret = 'my own secret that is long enough';
    writeFileSync(envFile(), `${mine}"${secret}"\r\nDATABASE_URL=file:mine.db\r\n`);
    await script([...flags, '--yes']);
    const text = readFileSync(envFile(), 'utf8');
    expect(text.startsWith(mine.replace('old', 'app'))).toBe(true);
    expect(text.replaceAll('\r\n', '')).not.toContain('\n');
    expect(parse(text)).toMatchObject({
      PORT: '4000',
      SESSION_SECRET: secret,
      DATABASE_URL: 'file:mine.db',
    });

    twilio.upstream.requests.length = 0;
    const again = await script([]);
    expect(again).toMatchObject({ fits: true, error: '' });
    expect(again.output).toContain('The Connect App has all that this app needs.');
    expect(again.output).toContain('.env has all that this app needs.');
    expect(changesAtTwilio()).toEqual([]);
    expect(readFileSync(envFile(), 'utf8')).toBe(text);
  });

  test('a session secret with which the app cannot start is replaced, by consent and unseen', async () => {
    writeFileSync(envFile(), 'SESSION_SECRET=canary-too-short\n');
    expect((await script(flags)).error).toContain('SESSION_SECRET in ');
    const { output } = await script([...flags, '--yes']);
    expect(output).toContain('SESSION_SECRET=(secret), which replaces another one');
    expect(output).not.toContain('canary');
    expect(parse(readFileSync(envFile())).SESSION_SECRET).toMatch(/^[0-9a-f]{64}$/);
  });

  test('an app that is live already keeps its database', async () => {
    const { accountSid, authToken } = twilio.settings;
    writeFileSync(envFile(), `TWILIO_ACCOUNT_SID=${accountSid}\nTWILIO_AUTH_TOKEN=${authToken}\n`);
    await script([...flags, '--yes']);
    expect(parse(readFileSync(envFile())).DATABASE_URL).toBeUndefined();
  });

  test('a wrong pair is told with its cause, and nothing is written', async () => {
    const { error } = await script([
      ...without('--auth-token'),
      '--auth-token',
      'canary-token',
      '--yes',
    ]);
    expect(error).toMatch(
      /^Twilio refuses the Account SID with this Auth Token \(401, 20003\)\. Copy both/,
    );
    expect(error).not.toContain('canary');
    expect(existsSync(envFile())).toBe(false);
  });

  test('the token may come from the environment', async () => {
    const shell = { TWILIO_AUTH_TOKEN: twilio.settings.authToken };
    expect((await script([...without('--auth-token'), '--yes'], shell)).fits).toBe(true);
    expect(parse(readFileSync(envFile())).TWILIO_AUTH_TOKEN).toBe(twilio.settings.authToken);
  });

  test('a variable of the shell that counts more than what was written is told', async () => {
    const { output } = await script([...flags, '--yes'], { BASE_URL: 'https://shell.example' });
    expect(output).toMatch(/Your shell sets BASE_URL to something else.*unset BASE_URL/);
  });

  test('the Connect Apps are listed for whoever has to choose one', async () => {
    const { connectAppSid } = twilio.settings;
    const none = await script(without('--connect-app-sid'));
    expect(none.error).toBe(
      `Missing: --connect-app-sid, one of\n  “Connect Quickstart” (${connectAppSid})`,
    );
    const other = `CN${'9'.repeat(32)}`;
    const wrong = await script([...without('--connect-app-sid'), '--connect-app-sid', other]);
    expect(wrong.error).toMatch(
      new RegExp(`^This account has no Connect App ${other}\\. --connect-app-sid, one of`),
    );
  });

  test('an account without a Connect App is told how to make one, with the values to paste', async () => {
    twilio.upstream.answer = (req, res) => {
      if (req.path.endsWith('/ConnectApps.json'))
        res.json({ connect_apps: [], next_page_uri: null });
    };
    const { error } = await script(flags);
    expect(error).toContain('Settings > Connect applications > Create a new connect app');
    expect(error).toMatch(/Authorize URL +https:\/\/app\.example\/twilio\/authorize\n/);
    expect(error).toMatch(/Deauthorize URL +https:\/\/app\.example\/twilio\/deauthorize\n/);
    expect(error).toMatch(/Access required +Read all account data/);
  });

  test('a change that Twilio refuses leaves .env as it was', async () => {
    twilio.upstream.answer = (req, res) => {
      if (req.method === 'POST')
        twilioError(res, 400, 21_000, `Bad URL of ${twilio.settings.accountSid}`);
    };
    const { error } = await script([...flags, '--yes']);
    expect(error).toMatch(
      /^Twilio has not changed the Connect App \(400, 21000\): Bad URL of AC..…....\. /,
    );
    expect(existsSync(envFile())).toBe(false);
  });

  test('a list that Twilio refuses is told', async () => {
    twilio.upstream.answer = (req, res) => {
      if (req.path.endsWith('/ConnectApps.json')) twilioError(res, 403, 20_403);
    };
    expect((await script(flags)).error).toMatch(/^Twilio does not list .* \(403, 20403\)/);
  });

  test('a suspended account is no use, and a trial one is told', async () => {
    const sid = twilio.settings.accountSid;
    let account = { sid, status: 'suspended', type: 'Full', friendly_name: 'Mine' };
    twilio.upstream.answer = (req, res) => {
      if (req.path === `/Accounts/${sid}.json`) res.json(account);
    };
    expect((await script(flags)).error).toMatch(/^The account “Mine” \(AC..…....\) is suspended/);
    account = { ...account, status: 'active', type: 'Trial' };
    expect((await script(flags)).output).toContain('This is a trial account.');
  });
});

describe('in a terminal', () => {
  const NO_TUNNELS = { ngrok: 'http://127.0.0.1:9/', cloudflared: [] };
  /** Setup with somebody at the keyboard; its end is awaited by `ended`. */
  function open(args: string[], tunnels = NO_TUNNELS) {
    const terminal = openTerminal();
    const ui = terminalUi(terminal);
    const run = setUp(ui, readFlags([...args, '--dotenv', envFile()]), {}, tunnels);
    const ended = run.then(
      (fits) => ({ fits, error: undefined }),
      (error: Error) => ({ fits: undefined, error }),
    );
    return { ...terminal, ended };
  }
  const api = () => flags.slice(-4);

  test('it asks for everything, tries the pair at once, and writes after two yeses', async () => {
    const { accountSid, authToken } = twilio.settings;
    const ngrok = await serve((_req, res) =>
      res.end(
        JSON.stringify({
          tunnels: [
            { public_url: 'https://app.example', config: { addr: 'http://localhost:8080' } },
          ],
        }),
      ),
    );
    const terminal = open(api(), { ...NO_TUNNELS, ngrok });
    await terminal.answer('Account SID', `AC12${KEYS.enter}`);
    await terminal.answer(
      'AC and 32 hexadecimal digits',
      `${KEYS.clearLine}${accountSid}${KEYS.enter}`,
    );
    await terminal.answer('Auth Token', `canary-wrong-token${KEYS.enter}`);
    await terminal.sees('Twilio refuses');
    await terminal.answer('Account SID', KEYS.enter);
    await terminal.answer('Auth Token', `${authToken}${KEYS.enter}`);
    await terminal.answer('Which Connect App?', KEYS.enter);
    // What the Connect App has comes before a tunnel to another port.
    await terminal.answer('leads to port 8080, this app listens on 3000', KEYS.down + KEYS.enter);
    await terminal.answer('Change the Connect App?', KEYS.enter);
    expect(changesAtTwilio()).toEqual([]);
    await terminal.answer('Write ', KEYS.enter);
    expect((await terminal.ended).fits).toBe(true);

    expect((await connectApp()).authorizeUrl).toBe(NEEDED.authorizeUrl);
    expect(parse(readFileSync(envFile()))).toMatchObject({
      BASE_URL: 'https://app.example',
      TWILIO_AUTH_TOKEN: authToken,
    });
    expect(terminal.shown()).not.toContain(authToken);
    expect(terminal.shown()).not.toContain('canary');
    expect(terminal.shown()).toContain('- https://old.example/twilio/authorize');
    expect(terminal.shown()).toContain('+ https://app.example/twilio/authorize');
    expect(terminal.shown()).toContain('press Connect again');
  });

  test('a tunnel to this app is offered before all else', async () => {
    const ngrok = await serve((_req, res) =>
      res.end(
        JSON.stringify({
          tunnels: [
            { public_url: 'https://elsewhere.example', config: { addr: 'localhost:8080' } },
            { public_url: 'https://here.example', config: { addr: 'localhost:3000' } },
          ],
        }),
      ),
    );
    const terminal = open(without('--url'), { ...NO_TUNNELS, ngrok });
    await terminal.answer('https://here.example (ngrok, running now)', KEYS.enter);
    await terminal.sees('+ https://here.example/twilio/authorize');
    await terminal.answer('Change the Connect App?', KEYS.ctrlC);
    expect((await terminal.ended).error).toBeInstanceOf(Stopped);
  });

  test('Ctrl-C at the last question leaves everything as it was', async () => {
    const terminal = open(flags);
    await terminal.answer('Change the Connect App?', KEYS.enter);
    await terminal.answer('Write ', KEYS.ctrlC);
    expect((await terminal.ended).error).toBeInstanceOf(Stopped);
    expect(changesAtTwilio()).toEqual([]);
    expect(existsSync(envFile())).toBe(false);
  });

  test('no to the Connect App changes .env only, and it says what is left to do', async () => {
    const terminal = open(flags);
    await terminal.answer('Change the Connect App?', 'n');
    await terminal.answer('Write ', KEYS.enter);
    await terminal.sees('Connect will not work yet');
    expect((await terminal.ended).fits).toBe(false);
    expect(changesAtTwilio()).toEqual([]);
    expect(existsSync(envFile())).toBe(true);
  });

  test('no to .env changes the Connect App only, and it says so', async () => {
    const terminal = open(flags);
    await terminal.answer('Change the Connect App?', KEYS.enter);
    await terminal.answer('Write ', 'n');
    await terminal.sees('.env is as it was');
    expect((await terminal.ended).fits).toBe(false);
    expect(changesAtTwilio()).toHaveLength(1);
    expect(existsSync(envFile())).toBe(false);
  });

  test('an address of this machine that the Connect App has is not offered for another port', async () => {
    await updateConnectApp(owner(), twilio.settings.connectAppSid, {
      authorizeUrl: 'http://localhost:4000/twilio/authorize',
    });
    const terminal = open(without('--url'));
    await terminal.answer('http://localhost:3000 (this machine only', KEYS.ctrlC);
    expect((await terminal.ended).error).toBeInstanceOf(Stopped);
    expect(terminal.shown()).not.toContain('localhost:4000');
  });

  test('--yes asks no such question', async () => {
    expect((await open([...flags, '--yes']).ended).fits).toBe(true);
  });

  test('while a Connect App is made in the Console it waits, then looks again', async () => {
    let isMade = false;
    twilio.upstream.answer = (req, res) => {
      if (isMade || !req.path.endsWith('/ConnectApps.json')) return;
      res.json({ connect_apps: [], next_page_uri: null });
    };
    const terminal = open(without('--connect-app-sid'));
    await terminal.sees('Create a new connect app');
    await terminal.answer('look again', 'n');
    isMade = true;
    await terminal.answer('look again', KEYS.enter);
    await terminal.answer('Which Connect App?', KEYS.ctrlC);
    expect((await terminal.ended).error).toBeInstanceOf(Stopped);
  });

  test('run again it offers what is set, and what the Connect App has', async () => {
    await script([...flags, '--yes']);
    await updateConnectApp(owner(), twilio.settings.connectAppSid, OLD);
    const terminal = open([]);
    await terminal.answer('https://old.example (as the Connect App has it)', KEYS.down);
    await terminal.answer('https://old.example', KEYS.enter);
    await terminal.sees('BASE_URL=https://old.example, which replaces https://app.example');
    await terminal.answer('Change the Connect App?', KEYS.enter);
    await terminal.answer('Write ', KEYS.enter);
    expect((await terminal.ended).fits).toBe(true);
    expect(parse(readFileSync(envFile())).BASE_URL).toBe('https://old.example');
  });

  test('an address that is typed has to be one', async () => {
    const terminal = open(without('--url'));
    // The last choice is to type it.
    await terminal.answer('Public address of this app', `${KEYS.up}${KEYS.enter}`);
    await terminal.answer('https:// and the name', `app.example/page${KEYS.enter}`);
    await terminal.answer('without a path', `${KEYS.clearLine}https://app.example${KEYS.enter}`);
    await terminal.sees('+ https://app.example/twilio/authorize');
    await terminal.answer('Change the Connect App?', KEYS.ctrlC);
    expect((await terminal.ended).error).toBeInstanceOf(Stopped);
  });
});
