// Every page in every state that its samples know (/demo/muster): axe finds nothing and nothing scrolls sideways.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { axe, demo, launch, tooWide } from './lib.mjs';

const looks = [
  { width: 320, colorScheme: 'dark', language: 'de' },
  { width: 1280, colorScheme: 'light', language: 'en' },
];

describe('samples of all pages', () => {
  let house, browser;
  before(async () => {
    house = await demo();
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await house?.stop();
  });

  for (const { width, colorScheme, language } of looks) {
    test(`${width} px, ${colorScheme}, ${language}`, { timeout: 600_000 }, async () => {
      const context = await browser.newContext({ baseURL: house.url, colorScheme, reducedMotion: 'reduce', viewport: { width, height: 900 } });
      const page = await context.newPage();
      await page.goto(`/sprache?auf=${language}&zu=%2Fdemo%2Fmuster`);
      const links = await page.locator('main a[href^="/demo/muster/"]').evaluateAll((all) => all.map((a) => [a.getAttribute('href'), a.textContent]));
      assert.ok(links.length > 40, `only ${links.length} samples`);
      const faults = [];
      for (const [href, name] of links) {
        const answer = await page.goto(href);
        const seen = answer.status() === 200 ? [...(await tooWide(page)), ...(await axe(page))] : [`answer ${answer.status()}`];
        faults.push(...seen.map((fault) => `${name}: ${fault}`));
      }
      await context.close();
      assert.deepEqual(faults, [], faults.join('\n'));
    });
  }
});
