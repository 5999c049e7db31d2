import { expect, test } from '@jest/globals';
import { describeInBrowser, useBrowser, visit } from './chromium.ts';
import { startSites } from './sites.ts';
import { connect, signUp } from './visitor.ts';

// A4 in portrait, less half an inch on either side, in CSS pixels.
const PAPER = { width: 698, height: 1027 };

describeInBrowser('on paper', () => {
  useBrowser();

  test.each(['/calls', '/analytics?days=7'])(
    '%s loses no column, and shows no buttons',
    async (path) => {
      const sites = await startSites();
      const page = await visit(sites.origins);
      await page.goto(`${sites.appUrl}/sign-up`);
      await signUp(page);
      await connect(page, sites, 'Rossum Industries');
      await page.goto(sites.appUrl + path);
      await page.locator('#progress-button').waitFor({ state: 'detached' });
      await page.setViewportSize(PAPER);
      await page.emulateMedia({ media: 'print' });
      // What the browser tells pages before it prints.
      await page.evaluate("dispatchEvent(new Event('beforeprint'))");
      const tables = page.locator('table');
      expect(await tables.count()).toBeGreaterThan(0);
      for (const table of await tables.all()) {
        const box = await table.boundingBox();
        expect(box?.height).toBeGreaterThan(50);
        expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(PAPER.width);
        // Nothing of it lies in a box that would have to be scrolled.
        const hidden = await table.evaluate(
          ({
            parentElement: box,
          }: {
            parentElement: { scrollHeight: number; clientHeight: number };
          }) => box.scrollHeight - box.clientHeight,
        );
        expect(hidden).toBeLessThanOrEqual(1);
      }
      expect(await page.locator('button:visible, nav:visible').count()).toBe(0);
    },
  );
});
