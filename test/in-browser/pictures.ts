import path from 'node:path';
import { test } from '@jest/globals';
import { describeInBrowser, useBrowser, visit } from './chromium.ts';
import { startSites } from './sites.ts';
import { askConsent, signUp } from './visitor.ts';

const IMAGES = path.join(import.meta.dirname, '..', '..', 'docs', 'images');

// `npm run pictures` makes the README's pictures again.
describeInBrowser('pictures', () => {
  useBrowser();

  test('of the flow', async () => {
    const sites = await startSites();
    const viewport = { width: 1180, height: 860 };
    const page = await visit(sites.origins, {
      viewport,
      timezoneId: 'UTC',
      deviceScaleFactor: 1.5,
    });
    const take = (name: string) => page.screenshot({ path: path.join(IMAGES, `${name}.png`) });

    await page.goto(`${sites.appUrl}/sign-up`);
    await signUp(page);
    await take('connect');
    await askConsent(page, sites);
    await take('consent');
    await page.getByRole('button', { name: 'Allow' }).click();
    await page.getByText('Connected.').first().waitFor();
    await take('connected');
    await page.goto(`${sites.appUrl}/calls`);
    await take('calls');
    await page.goto(`${sites.appUrl}/analytics?days=7`);
    await page.locator('#progress-button').waitFor({ state: 'detached' });
    await take('analytics');
    await page.goto(`${sites.appUrl}/myapp`);
    await page.goto(`${sites.appUrl}/calls`);
    await page.locator('summary', { hasText: 'What just happened' }).click();
    await page
      .locator('.what-happened')
      .evaluate((panel: { scrollIntoView(): void }) => panel.scrollIntoView());
    await take('what-just-happened');
  });
});
