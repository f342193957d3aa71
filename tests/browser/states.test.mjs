// Every page state of the demo: axe finds nothing and nothing scrolls sideways, at four widths, light and dark, in both languages.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { axe, demo, enter, launch, picture, tooWide } from './lib.mjs';
import { come, doors, pages } from './pages.mjs';

const widths = [320, 360, 820, 1280];
// Between them nothing may scroll sideways either.
const between = [480, 640, 700, 768, 800, 1024];
const schemes = ['light', 'dark'];
// TRESEN_TEST_STATE=desk looks at those alone whose names hold it.
const only = process.env.TRESEN_TEST_STATE ?? '';

describe('page states of the demo', () => {
  let house, browser;
  before(async () => {
    house = await demo();
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await house?.stop();
  });

  for (const [who, states] of Object.entries(pages)) {
    describe(who, () => {
      let page, status;
      before(async () => {
        const context = await browser.newContext({ baseURL: house.url, locale: 'de-DE', timezoneId: 'Europe/Berlin', reducedMotion: 'reduce', viewport: { width: 1280, height: 900 } });
        context.setDefaultTimeout(10_000);
        page = await context.newPage();
        page.on('response', (answer) => { if (answer.request().isNavigationRequest()) status = answer.status(); });
        if (doors[who]) await enter(page, ...doors[who](house));
      });
      after(() => page.context().close());

      for (const language of ['de', 'en']) {
        for (const state of states.filter(({ name }) => name.includes(only))) {
          test(`${state.name}, ${language}`, { timeout: 60_000 }, async (t) => {
            const faults = [];
            const watch = (error) => faults.push(`script: ${error.message}`);
            page.on('pageerror', watch);
            try {
              await page.emulateMedia({ colorScheme: 'light' });
              await page.setViewportSize({ width: 1280, height: 900 });
              await page.goto(`/sprache?auf=${language}&zu=%2Fimpressum`);
              await come(page, state);
              assert.equal(status, state.status ?? 200, `the answer of ${page.url()}`);
              assert.equal(await page.locator('html').getAttribute('lang'), language);
              for (const width of between) {
                await page.setViewportSize({ width, height: 900 });
                faults.push(...(await tooWide(page)).map((fault) => `${width} px: ${fault}`));
              }
              for (const width of widths) {
                await page.setViewportSize({ width, height: 900 });
                faults.push(...(await tooWide(page)).map((fault) => `${width} px: ${fault}`));
                for (const [at, scheme] of schemes.entries()) {
                  // Each pair of width and colours once: what one language leaves out, the other looks at.
                  if ((widths.indexOf(width) + at) % 2 !== (language === 'en' ? 0 : 1)) continue;
                  await page.emulateMedia({ colorScheme: scheme });
                  faults.push(...(await axe(page)).map((fault) => `${width} px, ${scheme}: ${fault}`));
                }
              }
              assert.deepEqual(faults, [], `${page.url()}\n${faults.join('\n')}`);
            } catch (error) {
              t.diagnostic(`seen last: ${await picture(page, `${state.name}-${language}`)}`);
              throw error;
            } finally {
              page.off('pageerror', watch);
            }
          });
        }
      }

      if (!only) test('menus unfold', async () => {
        await page.emulateMedia({ colorScheme: 'light' });
        const faults = [];
        for (const width of widths) {
          await page.setViewportSize({ width, height: 900 });
          await page.goto(who === 'staff' ? '/desk' : '/');
          for (const menu of await page.locator('header details.menu > summary').filter({ visible: true }).all()) {
            await menu.click();
            // What lies under an open menu is not within reach, and need not be.
            faults.push(...await tooWide(page), ...await axe(page, 'header'));
            await menu.click();
          }
        }
        assert.deepEqual(faults, []);
      });
    });
  }
});
