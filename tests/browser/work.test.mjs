// DESK-7 on the demo's dead jobs: one is started again, one is discarded; with and without JavaScript.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { axe, demo, enter, launch } from './lib.mjs';
import { doors } from './pages.mjs';

for (const javaScriptEnabled of [true, false]) {
  describe(`DESK-7: dead jobs, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, () => {
    let house, browser, page;
    before(async () => {
      house = await demo();
      browser = await launch();
      const context = await browser.newContext({ baseURL: house.url, locale: 'de-DE', javaScriptEnabled, viewport: { width: 360, height: 800 } });
      context.setDefaultTimeout(10_000);
      page = await context.newPage();
      await enter(page, ...doors.staff(house));
    });
    after(async () => {
      await browser?.close();
      await house?.stop();
    });

    const dead = '/desk/vorgaenge/jobs';
    const form = (end) => page.locator(`main form[action^="/desk/vorgaenge/jobs/"][action$="/${end}"]`).first();

    test('one is started again', { timeout: 60_000 }, async () => {
      await page.goto(dead);
      await Promise.all([page.waitForNavigation(), form('neustart').locator('button').click()]);
      await page.getByText('Die Aufgabe ist neu gestartet.').waitFor();
    });

    test('one is discarded, after a question', { timeout: 60_000 }, async () => {
      await page.goto(dead);
      const action = await form('verwerfen').getAttribute('action');
      await page.locator('main details summary').first().click();
      // axe is a script of the page's own, and waits for ever where none may run
      if (javaScriptEnabled) assert.deepEqual(await axe(page), []);
      await Promise.all([page.waitForNavigation(), form('verwerfen').locator('button').click()]);
      await page.getByText('Die Aufgabe ist verworfen.').waitFor();
      await page.goto(dead);
      assert.equal(await page.locator(`form[action="${action}"]`).count(), 0, 'it is gone');
    });
  });
}
