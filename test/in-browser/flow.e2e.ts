import { expect, test } from '@jest/globals';
import { describeInBrowser, type Page, useBrowser, visit } from './chromium.ts';
import { startSites } from './sites.ts';
import { connect, signUp } from './visitor.ts';

// The README's flow in a real browser, with the sandbox on another site than the app, so that the cookie rules are real.
describeInBrowser('the flow', () => {
  useBrowser();

  test('by mouse: sign up, connect, read calls, filter, page, disconnect, sign out', async () => {
    const sites = await startSites();
    const page = await visit(sites.origins);
    await page.goto(sites.appUrl);
    await page.getByRole('link', { name: 'Sign in to connect an account' }).click();
    await page.getByRole('link', { name: 'Sign up' }).click();
    await signUp(page);
    await connect(page, sites, 'Rossum Industries');
    await page.getByText('Connected. From now on this app may read').waitFor();
    await page.getByRole('link', { name: 'See the calls' }).click();
    await expectCalls(page, 50);

    await page.getByLabel('Status').selectOption('busy');
    await page.getByRole('button', { name: 'Show' }).click();
    await page.getByRole('link', { name: 'Clear the filters' }).waitFor();
    expect(new Set(await page.locator('tbody .badge').allInnerTexts())).toEqual(new Set(['busy']));
    await page.getByRole('link', { name: 'Clear the filters' }).click();
    await page.getByRole('link', { name: 'Older' }).click();
    await page.getByText('Page 2, 50 calls').waitFor();
    await page.getByRole('link', { name: 'Newer' }).click();
    await expectCalls(page, 50);

    await page.getByRole('link', { name: 'My app' }).first().click();
    await page.locator('summary', { hasText: 'Disconnect' }).click();
    await page.getByRole('button', { name: 'Disconnect this account' }).click();
    await page.getByText('Disconnected: this app has stopped using that account.').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('link', { name: 'Sign in to connect an account' }).waitFor();
    await page.goBack();
    // What was on the page before is not to be had by going back.
    expect(await page.content()).not.toContain('Rossum');
  });

  test('by keyboard alone', async () => {
    const sites = await startSites();
    const page = await visit(sites.origins);
    const { keyboard } = page;
    await page.goto(`${sites.appUrl}/sign-up`);
    await tabTo(page, /^E-mail/);
    await keyboard.type('ada@example.com');
    await tabTo(page, /^Password/);
    await keyboard.type('correct horse battery');
    await keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Connect a Twilio account' }).waitFor();
    await tabTo(page, /^Connect$/);
    await keyboard.press('Enter');
    await page.waitForURL(`${sites.sandbox.url}/authorize/**`);
    await tabTo(page, /^Rossum/);
    // The second customer.
    await keyboard.press('ArrowDown');
    await tabTo(page, /^Allow/);
    await keyboard.press('Enter');
    await page.waitForURL('**/myapp');
    await page.getByText('Connect Quickstart for Corner Bakery').waitFor();
    await tabTo(page, /^See the calls/);
    await keyboard.press('Enter');
    await page.getByText(/Page 1, \d+ calls/).waitFor();
    await tabTo(page, /^What just happened/);
    await keyboard.press('Enter');
    await page.getByRole('list', { name: 'Requests to Twilio' }).first().waitFor();
  });

  test('without scripts: the same, times in UTC, and nothing that does nothing', async () => {
    const sites = await startSites();
    const page = await visit(sites.origins, { javaScriptEnabled: false });
    await page.goto(`${sites.appUrl}/sign-up`);
    await signUp(page);
    await connect(page, sites, 'Rossum Industries');
    await page.getByRole('link', { name: 'See the calls' }).click();
    await expectCalls(page, 50);
    await page.getByText('Times are UTC.').waitFor();
    const time = page.locator('tbody time').first();
    const iso = String(await time.getAttribute('datetime'));
    expect(await time.innerText()).toBe(iso.slice(0, 19).replace('T', ' '));
    await page.locator('summary', { hasText: 'What just happened' }).click();
    expect(await page.getByRole('button', { name: /copy/i }).count()).toBe(0);
  });

  test('times are the visitor’s own, and UTC when pointed at', async () => {
    const sites = await startSites();
    const page = await visit(sites.origins, { timezoneId: 'Asia/Kolkata' });
    await page.goto(`${sites.appUrl}/sign-up`);
    await signUp(page);
    await connect(page, sites, 'Rossum Industries');
    await page.getByRole('link', { name: 'See the calls' }).click();
    await page.getByText('Times are in your time zone (Asia/Calcutta)').waitFor();
    const time = page.locator('tbody time').first();
    const utc = Date.parse(String(await time.getAttribute('datetime')));
    const asText = (ms: number) => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
    expect(await time.innerText()).toBe(asText(utc + 5.5 * 3_600_000));
    expect(await time.getAttribute('title')).toBe(`${asText(utc)} UTC`);
  });
});

async function expectCalls(page: Page, count: number): Promise<void> {
  await page.getByText(`Page 1, ${count} calls`).waitFor();
  expect(await page.locator('tbody tr').count()).toBe(count);
}

/** Presses Tab until the focus is on something that says so, as a person does, and sees that the focus shows. */
async function tabTo(page: Page, label: RegExp): Promise<void> {
  for (let presses = 0; presses < 120; presses++) {
    await page.keyboard.press('Tab');
    const focus = await page.evaluate(`(() => {
      const element = document.activeElement;
      const label = element.labels?.[0]?.innerText ?? element.getAttribute('aria-label') ?? element.innerText;
      return { label, outline: getComputedStyle(element).outlineStyle };
    })()`);
    const { label: found, outline } = focus as { label: string; outline: string };
    if (!label.test(found.trim())) continue;
    expect(outline).not.toBe('none');
    return;
  }
  throw new Error(`Tab never came to ${label} on ${page.url()}`);
}
