// The desk by keyboard, and an answer that is taken back before it goes out.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { demo, enter, launch, person } from './lib.mjs';

for (const walk of [{ name: 'with JavaScript' }, { name: 'without JavaScript, 320 px wide', javaScript: false, width: 320 }]) {
  describe(`the desk's keys and second thoughts: ${walk.name}`, () => {
    const scripted = walk.javaScript ?? true;
    let house, browser, staff, page, thread;
    before(async () => {
      house = await demo();
      browser = await launch();
      staff = await person(browser, { ...walk, url: house.url, name: `${walk.name} staff` });
      ({ page } = staff);
      await enter(page, house.staff[0], '/desk/anmelden');
      await page.goto('/desk/tickets');
      thread = await page.locator('ul[data-keys] a').nth(2).getAttribute('href');
    });
    after(async () => {
      await browser?.close();
      await house?.stop();
    });
    const answer = async (text) => {
      await page.goto(thread);
      await page.locator('#antworten textarea').fill(text);
      await Promise.all([page.waitForNavigation(), page.locator('#antworten button.primary').click()]);
    };
    const inThread = (text) => page.locator('.conversation').getByText(text).count();

    test('SUP-10: an answer that is taken back comes back into the box', async () => {
      await answer('Das war der falsche Text.');
      assert.equal(await inThread('Das war der falsche Text.'), 0);
      await Promise.all([page.waitForNavigation(), page.getByRole('button', { name: 'Rückgängig' }).click()]);
      assert.equal(await page.locator('#antworten textarea').inputValue(), 'Das war der falsche Text.');
      await Promise.all([page.waitForNavigation(), page.getByRole('button', { name: 'Entwurf verwerfen' }).click()]);
      assert.equal(await page.locator('#antworten textarea').inputValue(), '');
    });

    test('SUP-10: after ten seconds it stands in the thread', async () => {
      await answer('Das ist der richtige Text.');
      if (scripted) {
        // the page counts, and shows it by itself
        await page.locator('.conversation').getByText('Das ist der richtige Text.').waitFor({ timeout: 30_000 });
      } else {
        await page.waitForTimeout(12_000);
        await page.reload();
      }
      assert.equal(await inThread('Das ist der richtige Text.'), 1);
      assert.equal(await page.getByRole('button', { name: 'Rückgängig' }).count(), 0);
    });

    // the keys are the script's
    if (scripted) test('WCAG 2.1.4: single keys do what the list says, are letters in a field, and can be switched off', async () => {
      const focused = () => page.evaluate(() => document.activeElement.name ?? '');
      await page.goto(thread);
      await page.keyboard.press('n');
      assert.equal(await focused(), 'note');
      await page.keyboard.type('rne/?');
      assert.equal(await page.locator('[name=note]').inputValue(), 'rne/?');
      await page.goto(thread);
      await page.keyboard.press('r');
      assert.equal(await focused(), 'text');
      await page.goto(thread);
      await page.keyboard.press('?');
      const list = page.locator('dialog#keys');
      assert.ok(await list.isVisible());
      const listed = await list.locator('kbd').allTextContents();
      const used = await page.locator('[data-key]').evaluateAll((all) => all.map((one) => one.dataset.key));
      for (const key of [...used, '/', '?', 'j', 'k']) assert.ok(listed.includes(key), `${key} is listed`);
      await list.locator('[data-keys-on]').uncheck();
      await page.reload();
      await page.keyboard.press('n');
      await page.keyboard.press('?');
      assert.equal(await focused(), '');
      assert.ok(!await list.isVisible());
      // the menu opens the list all the same
      await page.locator('.menu.account > summary').click();
      await page.locator('.menu.account [data-opens=keys]').click();
      await list.locator('[data-keys-on]').check();
    });
  });
}
