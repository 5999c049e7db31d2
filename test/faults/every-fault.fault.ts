import { expect, test } from '@jest/globals';
import { type Agent, connect, consent, pathOf, signInAsDemo } from '../browser.ts';
import { clearFault, type FaultForm, faultNames, setFault } from '../sandbox-faults.ts';
import { startApp, type TestApp } from '../start-app.ts';

const PAGES = ['/twilio/authorize', '/calls', '/calls/export', '/calls.csv', '/analytics'] as const;
type Page = (typeof PAGES)[number];
const WITHOUT_TWILIO = ['/', '/myapp', '/faq', '/healthz'];
// What a page may take in all, retries included.
const LIMIT_MS = 10_000;

interface Expected {
  status: number;
  title: RegExp;
  cure: RegExp;
  marked?: boolean;
}

const REFUSED: Expected = {
  status: 403,
  title: /does not let us into/,
  cure: /press Connect again/,
  marked: true,
};
// At the callback, of an account that nobody has claimed.
const NOT_LET_IN = /does not let us into that account/;
const UNKNOWN: Expected = {
  status: 404,
  title: /does not know this account/,
  cure: /press Connect again/,
};
const DOWN: Expected = {
  status: 503,
  title: /Twilio is not answering/,
  cure: /[Tt]ry again/,
};
// Where the time is over before Twilio has said its last word, that is all we know.
const BUSY: Expected = {
  status: 503,
  title: /Twilio is (busy with this account|not answering)/,
  cure: /wait a few seconds and reload|[Tt]ry again/,
};

/** What a fault comes to, by the fields that set it. */
const FAULTS: [FaultForm, Expected][] = [
  [{ fault: '401' }, REFUSED],
  [{ fault: '403' }, REFUSED],
  [{ fault: '404' }, UNKNOWN],
  [{ fault: '429' }, BUSY],
  [{ fault: '429', 'retry-after': 1 }, BUSY],
  // A reading in the background honours it, up to a minute: longer than its page would wait for it below.
  [{ fault: '429', 'retry-after': 5 }, BUSY],
  [{ fault: '500' }, DOWN],
  [{ fault: '503' }, DOWN],
  [{ fault: '503', 'retry-after': 600 }, DOWN],
  [{ fault: 'reset' }, DOWN],
  [{ fault: 'garbage' }, DOWN],
  [{ fault: 'empty' }, DOWN],
  [{ fault: 'wait', wait: 600_000 }, DOWN],
];

async function statusOf(app: TestApp): Promise<string | undefined> {
  const [row] = await app.db.query<{ status: string }>('select status from connections');
  return row?.status;
}

/** A visitor, and the address by which they come to the page. The callback is of a second account. */
async function visit(page: Page): Promise<{ app: TestApp; visitor: Agent; address: string }> {
  const app = await startApp();
  const visitor = await signInAsDemo(app);
  await connect(visitor, 'bakery');
  const isCallback = page === '/twilio/authorize';
  const address = isCallback ? pathOf(await consent(visitor, 'rossum')) : page;
  // What was known of the accounts is so no more.
  app.clock.now += 61_000;
  return { app, visitor, address };
}

async function expectFault(
  page: Page,
  form: FaultForm,
  { status, title, cure, marked = false }: Expected,
): Promise<void> {
  const { app, visitor, address } = await visit(page);
  const isCallback = page === '/twilio/authorize';
  await setFault(app, form);
  const begun = performance.now();
  const asking = visitor.get(address).then((answer) => ({
    answer,
    isInTime: performance.now() - begun < LIMIT_MS,
  }));
  // Meanwhile, since a storm of 429 makes a reading pause for longer the longer it lasts.
  for (const path of WITHOUT_TWILIO) await visitor.get(path).expect(200);
  const { answer, isInTime } = await asking;
  // At the callback an account that Twilio does not know to us is one that never let us in.
  expect({ page, status: answer.status, isInTime }).toEqual({
    page,
    status: isCallback && status === 404 ? 403 : status,
    isInTime: true,
  });
  const [said = ''] = /<h1>.*?<\/h1>\s*<p.*?<\/p>/s.exec(answer.text) ?? [];
  expect(said).toMatch(isCallback && status < 500 ? NOT_LET_IN : title);
  expect(said).toMatch(cure);
  expect(await statusOf(app)).toBe(marked && !isCallback ? 'refused' : 'active');

  await clearFault(app);
  app.clock.now += 61_000;
  const isSpent = isCallback && status < 500;
  const next = isSpent ? pathOf(await consent(visitor, 'rossum')) : address;
  let after = await visitor.get(next);
  // After a storm a reading in the background may pause for longer than its page waits.
  if (form.fault === '429' && after.status === 503) after = await visitor.get(next);
  expect({ page, after: after.status }).toEqual({ page, after: isCallback ? 303 : 200 });
  expect(await statusOf(app)).toBe('active');
}

test('each fault that the sandbox has is tried', async () => {
  const app = await startApp();
  expect(new Set(FAULTS.map(([{ fault }]) => fault))).toEqual(new Set(await faultNames(app)));
});

// One after the other would wait for the sum of all time limits.
test.each(FAULTS)(
  '%j: every page says what happened and what to do, in time, and works again afterwards',
  async (form, expected) => {
    await Promise.all(PAGES.map((page) => expectFault(page, form, expected)));
  },
  60_000,
);

test.each(['401', '403'])(
  'a %s that comes once marks nothing: it has to be confirmed',
  async (fault) => {
    for (const page of PAGES.slice(1)) {
      const { app, visitor } = await visit(page);
      await setFault(app, { fault, times: 1 });
      await visitor.get(page).expect(200);
      expect(await statusOf(app)).toBe('active');
    }
  },
);
