import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import {
  type Agent,
  browser,
  connect,
  connectButton,
  consent,
  disconnectForm,
  signUp,
} from '../browser.ts';
import { freePort } from '../free-port.ts';
import { folder, startProcess } from '../start-process.ts';

// What happens to the disk here needs Linux, and for one test its root.
const onLinux = process.platform === 'linux' ? test : test.skip;
const asRoot = process.platform === 'linux' && process.getuid?.() === 0 ? test : test.skip;

const DISK = 'mount -t tmpfs -o size=2m none data && exec "$@"';
/** Everything after it has a disk of two megabytes in `data`, which nobody else sees and which ends with it. */
const OWN_DISK = ['unshare', '--user', '--map-root-user', '--mount', 'sh', '-c', DISK, 'sh'];
const UNWRITABLE = 'Nothing can be stored at the moment';

type Process = Awaited<ReturnType<typeof start>>;
type Action = (
  visitor: Agent,
  name: string,
  site: Site,
) => Promise<{ status: number; text: string }>;
interface Site {
  url: string;
  /** Customers who have allowed the app in: what the sandbox keeps of them would need the disk too, and Twilio has its own. */
  rossum: string;
  bakery: string;
}

/** All that a visitor can do which is stored. Each of them answers 303 where it is. */
const ACTIONS: Record<string, Action> = {
  'sign up': (_visitor, name, { url }) => {
    const form = { email: `${name}@example.com`, password: 'correct horse battery' };
    return browser({ url }).post('/sign-up').type('form').send(form);
  },
  connect: (visitor, _name, { rossum }) => comeBack(visitor, rossum),
  disconnect: async (visitor) => {
    const { text } = await visitor.get('/myapp');
    return visitor.post(disconnectForm(text));
  },
  'connect again': (visitor, _name, { bakery }) => comeBack(visitor, bakery),
};

/** As Twilio sends a customer back who has allowed the app in. */
async function comeBack(visitor: Agent, accountSid: string) {
  const { text } = await visitor.get('/').expect(200);
  const state = connectButton(text).searchParams.get('state');
  return visitor.get(`/twilio/authorize?AccountSid=${accountSid}&state=${state}`);
}

/** Somebody who has connected an account, on a site where two customers have allowed the app in. */
async function visit(app: Process): Promise<{ visitor: Agent; site: Site }> {
  const visitor = await signUp(app, 'first@example.com');
  const rossum = String((await consent(visitor, 'rossum')).searchParams.get('AccountSid'));
  const bakery = await connect(visitor, 'bakery');
  return { visitor, site: { url: app.url, rossum, bakery } };
}

async function start(under: readonly string[] = []) {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const app = startProcess(['src/server.ts'], { PORT: String(port) }, under);
  await app.says('sandbox');
  return { ...app, url };
}

/** Fills what is left of the disk, to the last byte. */
function fill(file: string): void {
  for (const size of [100_000, 1_000, 1]) {
    for (let isFull = false; !isFull; ) {
      try {
        appendFileSync(file, Buffer.alloc(size));
      } catch (error) {
        expect(error).toMatchObject({ code: 'ENOSPC' });
        isFull = true;
      }
    }
  }
}

/** Does everything until nothing is stored any more. Gives the names of those who could still sign up. */
async function actUntilRefused(visitor: Agent, site: Site, app: Process): Promise<string[]> {
  const names: string[] = [];
  for (let turn = 0; ; turn++) {
    const refused: string[] = [];
    for (const [action, act] of Object.entries(ACTIONS)) {
      const name = `${action.replaceAll(' ', '-')}-${turn}`;
      const { status, text } = await act(visitor, name, site);
      if (status === 303 && action === 'sign up') names.push(`sign-up-${turn}`);
      if (status === 303) continue;
      refused.push(action);
      expect({ action, status, isClear: text.includes(UNWRITABLE) }).toEqual({
        action,
        status: 503,
        isClear: true,
      });
    }
    // What only looks goes on.
    for (const page of ['/', '/myapp', '/calls', '/healthz']) await visitor.get(page).expect(200);
    if (refused.length >= 2) break;
  }
  expect(app.output()).toContain('the database cannot be written');
  expect(app.output()).not.toMatch(/AC[0-9a-f]{32}|correct horse battery/);
  return names;
}

async function expectRecovery(visitor: Agent, site: Site, names: string[]): Promise<void> {
  for (const [action, act] of Object.entries(ACTIONS)) {
    expect({ action, status: (await act(visitor, `after-${action.length}`, site)).status }).toEqual(
      {
        action,
        status: 303,
      },
    );
  }
  expect((await visitor.get('/myapp')).text).toContain('<span class="badge active">');
  for (const name of names) {
    const form = { email: `${name}@example.com`, password: 'correct horse battery' };
    await browser(site).post('/sign-in').type('form').send(form).expect(303);
  }
}

function expectIntegrity(data: string): void {
  const copy = path.join(folder(), 'copy');
  cpSync(data, copy, { recursive: true });
  const db = new Database(path.join(copy, 'quickstart.db'));
  expect(db.pragma('integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  expect(db.pragma('foreign_key_check')).toEqual([]);
  db.close();
}

onLinux(
  'a full disk: a clear error, nothing lost, and on it goes as soon as there is room',
  async () => {
    mkdirSync(path.join(folder(), 'data'));
    const app = await start(OWN_DISK);
    const data = `/proc/${app.child.pid}/cwd/data`;
    const { visitor, site } = await visit(app);
    fill(`${data}/filler`);
    const names = await actUntilRefused(visitor, site, app);
    expect(app.output()).toContain('make room on its disk');
    expectIntegrity(data);

    rmSync(`${data}/filler`);
    await expectRecovery(visitor, site, ['first', ...names]);
    expectIntegrity(data);
    app.child.kill('SIGTERM');
    expect(await app.ended).toBe(0);
  },
  120_000,
);

asRoot(
  'files that nobody may write any more: the same',
  async () => {
    const app = await start();
    const data = path.join(folder(), 'data');
    const { visitor, site } = await visit(app);
    // Not the -shm file: memory that is mapped from it would end the process, whatever SQLite does.
    const files = ['quickstart.db', 'quickstart.db-wal'].map((name) => path.join(data, name));
    const change = (flag: string) => execFileSync('chattr', [flag, ...files]);
    change('+i');
    let names: string[];
    try {
      names = await actUntilRefused(visitor, site, app);
    } finally {
      change('-i');
    }
    expect(app.output()).toContain('make its folder and files writable');
    await expectRecovery(visitor, site, ['first', ...names]);
    app.child.kill('SIGTERM');
    expect(await app.ended).toBe(0);
    expectIntegrity(data);
  },
  120_000,
);
