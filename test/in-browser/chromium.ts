import { existsSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, jest } from '@jest/globals';
import axe from 'axe-core';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
} from 'playwright-core';

const EXECUTABLE = process.env.CHROMIUM ?? '/usr/bin/chromium';
// Without these Chromium looks up hosts of its own; as root it wants no sandbox.
const FLAGS =
  '--no-sandbox --disable-gpu --disable-lcd-text --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'.split(
    ' ',
  );

/** Tests in a real browser; left out, with a line that says so, where there is none. */
export function describeInBrowser(name: string, tests: () => void): void {
  const found = existsSync(EXECUTABLE);
  if (!found) console.log(`No browser at ${EXECUTABLE}; CHROMIUM names another. Left out: ${name}`);
  (found ? describe : describe.skip)(name, tests);
}

let browser: Browser;
const contexts: { context: BrowserContext; troubles: string[] }[] = [];

/** To be called once inside each describeInBrowser. */
export function useBrowser(): void {
  // A test here is a long walk, and a browser is slow on a busy machine.
  jest.setTimeout(600_000);
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: EXECUTABLE, args: FLAGS });
  });
  afterEach(async () => {
    const all = contexts.splice(0);
    for (const { context } of all) await context.close();
    expect(all.flatMap(({ troubles }) => troubles)).toEqual([]);
  });
  afterAll(() => browser.close());
}

/**
 * A visitor with a browser of their own. Whatever their pages print to the console as an error, break of the Content
 * Security Policy, or ask of a host that is not in `origins`, fails the test.
 */
export async function visit(origins: string[], options: BrowserContextOptions = {}) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    timezoneId: 'Europe/Berlin',
    ...options,
  });
  const troubles: string[] = [];
  contexts.push({ context, troubles });
  context.on('console', (message) => {
    // Pages that answer 403 or 503, and a download that breaks off, are there to be seen: Chromium writes an error for each.
    const isAnswer =
      /^Failed to load resource: (the server responded with a status of|net::ERR_(INCOMPLETE_CHUNKED_ENCODING|CONNECTION_RESET))/.test(
        message.text(),
      );
    if (message.type() === 'error' && !isAnswer) troubles.push(message.text());
  });
  context.on('weberror', (error) => troubles.push(String(error.error())));
  context.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (/^https?:$/.test(protocol) && !origins.includes(origin)) troubles.push(`asked ${origin}`);
  });
  context.setDefaultTimeout(60_000);
  return context.newPage();
}

export type Page = Awaited<ReturnType<typeof visit>>;

/** What axe finds wrong with the page as it stands, a line each. */
export async function axeViolations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  // Of what passes, one node a rule will do: a page of a thousand rows has a great many.
  const { violations } = (await page.evaluate(
    'axe.run({ resultTypes: ["violations"] })',
  )) as axe.AxeResults;
  return violations.map(
    ({ id, help, nodes }) =>
      `${id}: ${help} at ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
  );
}

/** How many pixels the page is wider than its window. */
export async function overflow(page: Page): Promise<number> {
  return page.evaluate(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
}
