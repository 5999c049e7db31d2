import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import {
  axeViolations,
  describeInBrowser,
  overflow,
  type Page,
  useBrowser,
  visit,
} from './chromium.ts';
import { clearFaults, type Sites, setFault, startSites } from './sites.ts';
import { connect, signUp } from './visitor.ts';

const SOME = /^[1-9][\d,]* calls so far$/;

describeInBrowser('the export', () => {
  useBrowser();

  test('counts while it reads, saves the whole, and says so', async () => {
    const { page } = await openExport({ calls: 30_000 });
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download CSV' }).click();
    const counts = new Set<string>();
    while (await page.locator('#progress').isVisible()) {
      const text = await page.locator('#so-far').textContent();
      if (text) counts.add(text);
    }
    const file = await download;
    // A number that moves.
    expect(counts.size).toBeGreaterThan(2);
    expect([...counts].at(-1)).toMatch(/^[\d,]+ calls so far$/);
    expect(file.suggestedFilename()).toMatch(/ calls all\.csv$/);
    const lines = readFileSync(await file.path(), 'utf8')
      .trimEnd()
      .split('\r\n');
    const said = await page.getByRole('status').textContent();
    expect(said).toBe(
      `Done: ${(lines.length - 1).toLocaleString('en-US')} calls in ${file.suggestedFilename()}`,
    );
    expect(lines.length).toBeGreaterThan(29_000);
  });

  test('that Twilio ends half-way saves nothing, says so, and can be tried again', async () => {
    const { page, sites } = await openExport({ calls: 30_000 });
    await setFault(sites, 'wait', 300);
    await page.getByRole('link', { name: 'Download CSV' }).click();
    await page.getByText(SOME).waitFor();
    await setFault(sites, '403');
    await page.getByText('The download broke off. Nothing was saved.').waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await clearFaults(sites);
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Try again' }).click();
    await download;
    await page.getByText(/^Done: /).waitFor();
    expect(await page.getByRole('link', { name: 'Download CSV' }).isVisible()).toBe(true);
  });

  test('can be cancelled, also by keyboard, and looks right at 360 px in the dark', async () => {
    const { page, sites } = await openExport({ calls: 30_000 });
    await page.setViewportSize({ width: 360, height: 800 });
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await page.getByRole('button', { name: 'Cancel' }).isVisible()).toBe(false);
    await setFault(sites, 'wait', 300);
    await page.getByRole('link', { name: 'Download CSV' }).press('Enter');
    await page.getByText(SOME).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    await page.keyboard.press('Enter');
    await page.getByText('Cancelled. Nothing was saved.').waitFor();
    expect(await page.getByRole('link', { name: 'Try again' }).isVisible()).toBe(true);
  });

  test('is an ordinary download without scripts', async () => {
    const { page } = await openExport({}, { javaScriptEnabled: false });
    expect(await page.getByRole('button', { name: 'Cancel' }).isVisible()).toBe(false);
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download CSV' }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe('Rossum Industries calls all.csv');
    const lines = readFileSync(await file.path(), 'utf8')
      .trimEnd()
      .split('\r\n');
    expect(lines.length).toBeGreaterThan(3000);
  });

  test('shows the page that answers in its place without scripts, and saves no page as a file', async () => {
    const { page, sites } = await openExport({}, { javaScriptEnabled: false });
    let saved = 0;
    page.on('download', () => saved++);
    await setFault(sites, '500');
    await page.getByRole('link', { name: 'Download CSV' }).click();
    await page.getByRole('heading', { name: 'Twilio is not answering' }).waitFor();
    await clearFaults(sites);
    await page.goto(`${sites.appUrl}/calls/export`);
    await page.context().clearCookies();
    await page.getByRole('link', { name: 'Download CSV' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(saved).toBe(0);
  });
});

/** The page of a connected customer: Rossum Industries, or the one with so many calls. */
async function openExport(
  options: { calls?: number },
  context = {},
): Promise<{ page: Page; sites: Sites }> {
  const sites = await startSites(options);
  const page = await visit(sites.origins, context);
  await page.goto(`${sites.appUrl}/sign-up`);
  await signUp(page);
  await connect(page, sites, options.calls ? 'Metropolis' : 'Rossum Industries');
  await page.goto(`${sites.appUrl}/calls/export`);
  return { page, sites };
}
