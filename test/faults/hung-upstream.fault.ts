import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from '@jest/globals';
import { behindTls } from '../behind-tls.ts';
import { type Agent, connect, signInAsDemo } from '../browser.ts';
import { clearFault, setFault } from '../sandbox-faults.ts';
import { startApp } from '../start-app.ts';

const AT_ONCE = 100;
const ROUNDS = 3;

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

const sockets = () =>
  process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;

function heapMb(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

/** Many tabs at once, of which Twilio answers none. */
async function hang(visitor: Agent): Promise<void> {
  await Promise.all(Array.from({ length: AT_ONCE }, () => visitor.get('/calls').expect(503)));
}

test('a Twilio that hangs holds no sockets and no memory once the pages are answered', async () => {
  const app = await startApp({}, behindTls);
  const visitor = await signInAsDemo(app);
  await connect(visitor, 'bakery');
  await visitor.get('/calls').expect(200);
  const before = sockets();

  await setFault(app, { fault: 'wait', wait: 600_000 });
  await hang(visitor);
  const heapAfterOne = heapMb();
  for (let round = 1; round < ROUNDS; round++) await hang(visitor);
  expect(heapMb() - heapAfterOne).toBeLessThan(5);
  // A cut connection is closed on both sides, in its own time.
  while (sockets() > before) await new Promise((resolve) => setTimeout(resolve, 20));

  await clearFault(app);
  await visitor.get('/calls').expect(200);
}, 60_000);
