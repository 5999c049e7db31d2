import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { axeViolations, describeInBrowser, overflow, useBrowser, visit } from './chromium.ts';
import { startSites } from './sites.ts';
import { STATES } from './states.ts';

/** Where a picture of each is left, for people to look at. */
const PICTURES = path.join(import.meta.dirname, '..', '..', 'coverage', 'pages');

const LOOKS = [360, 1280].flatMap((width) =>
  (['light', 'dark'] as const).map((colorScheme) => ({ width, colorScheme })),
);

describeInBrowser('pages', () => {
  useBrowser();

  // One visitor comes through all of them, so that it is one test; it goes on after what is wrong, and lists it all.
  test('each page in each state, narrow and wide, light and dark', async () => {
    mkdirSync(PICTURES, { recursive: true });
    const sites = await startSites();
    const page = await visit(sites.origins);
    const wrong: string[] = [];
    for (const { name, go } of STATES) {
      await page.setViewportSize({ width: 1280, height: 800 });
      await go(page, sites).catch((error) => {
        throw new Error(`On the way to "${name}", at ${page.url()}: ${error.message}`);
      });
      if ((await page.locator('html').getAttribute('lang')) !== 'en')
        wrong.push(`${name}: no language`);
      if (!(await page.title()).trim()) wrong.push(`${name}: no title`);
      for (const { width, colorScheme } of LOOKS) {
        const look = `${name}, ${width} px, ${colorScheme}`;
        await page.setViewportSize({ width, height: 800 });
        await page.emulateMedia({ colorScheme });
        for (const violation of await axeViolations(page)) wrong.push(`${look}: ${violation}`);
        const excess = await overflow(page);
        if (excess > 0) wrong.push(`${look}: ${excess} px wider than the window`);
        const file = `${look.replace(/\W+/g, '-')}.png`;
        await page.screenshot({ path: path.join(PICTURES, file), fullPage: true });
      }
    }
    expect(wrong).toEqual([]);
  });
});
