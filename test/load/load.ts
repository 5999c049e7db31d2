import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { median } from '../bench/alternate.ts';
import { productionEnv, SERVER } from '../bench/app.ts';
import { accountSidOf } from '../bench/call-log.ts';
import { startFront } from '../bench/front.ts';
import { type Lab, withLab } from '../bench/lab.ts';
import { residentMb } from '../bench/memory.ts';
import { freePort } from '../free-port.ts';
import { type Answer, createUser, type User } from './user.ts';

const USERS = Number(process.env.LOAD_USERS ?? 200);
const SECONDS = Number(process.env.LOAD_SECONDS ?? 30);
const UPSTREAM_MS = 300;
const SAMPLE_MS = 250;
/** Connections to Twilio that nobody uses are kept for a minute, by its side. */
const CLOSING_MS = 75_000;
const LEAVING_MS = 2_000;

/** Pages that ask Twilio nothing and hash no password. */
const OWN_PAGES = ['GET /', 'GET /myapp', 'POST /connections/:id/disconnect'];

interface Check {
  what: string;
  figure: string;
  holds: boolean;
}

/** Many users at once over the whole way, against a Twilio that takes its time. */
async function load(lab: Lab): Promise<Check[]> {
  const logs = Array.from({ length: USERS + 1 }, () => ({ calls: 150, days: 30 }));
  const upstream = await lab.start('upstream.ts', { logs, latency: UPSTREAM_MS });
  const front = await startFront(lab, upstream.url);
  const port = await freePort();
  const { pid = 0 } = await lab.spawn([SERVER], 'Open', {
    cwd: lab.folder(),
    env: { ...productionEnv(port, front), TRUST_PROXY: '1', LOG_LEVEL: 'warn' },
  });
  const url = `http://127.0.0.1:${port}`;
  const answers: Answer[] = [];
  const errors: string[] = [];
  const create = (n: number) => createUser(url, n, accountSidOf(n), (one) => answers.push(one));

  const users = Array.from({ length: USERS }, (_, n) => create(n));
  await twoByTwo(users, (user) => user.signUp());
  const visitor = create(USERS);
  await visitor.signUp();
  const everybody = [...users, visitor];
  for (const user of everybody) user.leave();
  await sleep(LEAVING_MS);
  const filesBefore = openFiles(pid);
  // Node takes one new connection in a turn of its loop: two hundred that came to a busy process at once would wait for
  // each other. Behind a proxy that keeps its connections, as in docs/deploy.md, they are there already.
  await twoByTwo(everybody, (user) => user.arrive());
  // What is loaded, compiled and kept once has its place then.
  await Promise.all(users.map((user) => user.goRound().then(() => user.goRound())));
  answers.length = 0;

  const memory: number[] = [];
  const timer = setInterval(() => memory.push(residentMb(pid)), SAMPLE_MS);
  const until = performance.now() + SECONDS * 1000;
  const goRound = async (user: User) => {
    while (performance.now() < until) await user.goRound();
  };
  // Beside them somebody comes and goes all the time: passwords are part of the way, but hashing many at once is not.
  const signInAndOut = async () => {
    while (performance.now() < until) {
      await visitor.signIn();
      await visitor.signOut();
    }
  };
  const going = [...users.map(goRound), signInAndOut()];
  await Promise.all(going.map((one) => one.catch((error: Error) => errors.push(error.message))));
  clearInterval(timer);

  await twoByTwo(users, (user) => user.signOut());
  for (const user of everybody) user.leave();
  const filesAfter = await settled(() => openFiles(pid), filesBefore);
  return checks(answers, errors, memory, filesBefore, filesAfter);
}

function checks(
  answers: readonly Answer[],
  errors: readonly string[],
  memory: readonly number[],
  filesBefore: number,
  filesAfter: number,
): Check[] {
  const failed = answers.filter(({ status }) => status >= 400).length + errors.length;
  const own = answers.filter(({ page }) => OWN_PAGES.includes(page)).map(({ ms }) => ms);
  const [half, p99] = [median(own), percentile(own, 0.99)];
  const third = Math.ceil(memory.length / 3);
  const [middle, last] = [memory.slice(third, 2 * third), memory.slice(2 * third)].map(median);
  const growth = Number(last) / Number(middle);
  for (const error of new Set(errors)) console.error(error);
  for (const page of new Set(answers.map((one) => one.page))) {
    const times = answers.filter((one) => one.page === page).map(({ ms }) => Math.round(ms));
    console.log(
      `${page}: ${times.length}, median ${median(times)} ms, p99 ${percentile(times, 0.99)} ms`,
    );
  }
  return [
    {
      what: `${USERS} users for ${SECONDS} s, Twilio taking ${UPSTREAM_MS} ms: errors`,
      figure: `${failed} of ${answers.length} answers`,
      holds: failed === 0 && answers.length > USERS,
    },
    {
      what: 'pages that do not wait for Twilio: p99 < 10x their median',
      figure: `${(p99 / half).toFixed(1)}x (${Math.round(p99)} ms, ${Math.round(half)} ms)`,
      holds: p99 < 10 * half,
    },
    {
      what: 'memory, last third against the one before: < 1.1x',
      figure: `${growth.toFixed(2)}x (${last} MB, ${middle} MB)`,
      holds: growth < 1.1,
    },
    {
      what: 'open files and sockets when all have left: as before',
      figure: `${filesAfter}, ${filesBefore} before`,
      holds: filesAfter <= filesBefore,
    },
  ];
}

/** Has everybody do something, not more than two at a time. */
async function twoByTwo(users: readonly User[], act: (user: User) => Promise<void>): Promise<void> {
  const left = [...users];
  const line = async () => {
    for (let user = left.pop(); user; user = left.pop()) await act(user);
  };
  await Promise.all([line(), line()]);
}

function openFiles(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

async function settled(look: () => number, wanted: number): Promise<number> {
  const until = performance.now() + CLOSING_MS;
  while (look() > wanted && performance.now() < until) await sleep(100);
  return look();
}

function percentile(values: readonly number[], part: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * part)] ?? Number.NaN;
}

const all = await withLab(false, load);
for (const { what, figure, holds } of all)
  console.log(`${holds ? 'ok    ' : 'MISSED'} ${what}: ${figure}`);
if (!all.every(({ holds }) => holds)) process.exitCode = 1;
