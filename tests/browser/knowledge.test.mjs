// The knowledge base as readers use it: found from any page, read, printed, rated; and offered to somebody who writes to us.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { demo, enter, launch, person, send } from './lib.mjs';
import { doors } from './pages.mjs';

const walks = [
  { name: 'wide' },
  { name: 'without JavaScript, 320 px wide', javaScript: false, width: 320 },
  { name: 'in English, 320 px wide, dark', language: 'en', width: 320, scheme: 'dark' },
];

const words = {
  de: {
    menu: 'Wissensdatenbank',
    typed: 'Pasword vergesen',
    hit: /Passwort vergessen/,
    none: 'Xylophonkonzert',
    nothing: /Dazu haben wir keinen Artikel gefunden/,
    yes: 'Ja',
    no: 'Nein',
    why: 'Informationen unklar oder unvollständig',
    thanksNo: /Feedback gesendet/,
    thanksYes: /Vielen Dank für das Feedback/,
    message: 'Mein Postfach ist voll',
    fits: /Postfach ist voll/,
    offer: 'Passende Artikel suchen',
    print: 'Drucken',
  },
  en: {
    menu: 'Knowledge base',
    typed: 'two-facotr',
    hit: /two-factor/,
    none: 'zzqxyv',
    nothing: /found no article/,
    yes: 'Yes',
    no: 'No',
    why: /unclear or incomplete/,
    thanksNo: /Feedback sent/i,
    thanksYes: /Thank you/i,
    message: 'I cannot set up two-factor sign-in',
    fits: /two-factor/i,
    offer: 'Look for articles',
    print: 'Print',
  },
};

for (const walk of walks) {
  const javaScript = walk.javaScript ?? true;
  const say = words[walk.language ?? 'de'];
  describe(`knowledge base: ${walk.name}`, () => {
    let house, browser, reader, jana;
    before(async () => {
      house = await demo();
      browser = await launch();
      reader = await person(browser, { ...walk, url: house.url, name: `${walk.name} reader` });
    });
    after(async () => {
      await browser?.close();
      await house?.stop();
    });

    // From the head of any page; on a phone the box lies in the menu.
    const search = async ({ page }, what) => {
      const boxes = page.locator('.site-head input[type=search]');
      if (await boxes.filter({ visible: true }).count() === 0) await page.locator('.menu.phone > summary').click();
      await boxes.filter({ visible: true }).first().fill(what);
      await Promise.all([page.waitForNavigation(), boxes.filter({ visible: true }).first().press('Enter')]);
    };
    const rate = async ({ page }, answer, reason, comment) => {
      const form = page.locator('#feedback');
      await form.getByLabel(answer, { exact: true }).check();
      if (reason) await form.getByLabel(reason).check();
      if (comment) await form.locator('textarea').fill(comment);
      await Promise.all([page.waitForNavigation(), form.getByRole('button').click()]);
    };

    test('KB-1, KB-2: the overview, and a search with slips from the head of a page', { timeout: 90_000 }, async () => {
      const { page, look, follow } = reader;
      await page.goto('/');
      await follow(say.menu);
      assert.equal(new URL(page.url()).pathname, '/wissen');
      await look('overview');
      await page.goto('/anmelden');
      await search(reader, say.typed);
      assert.equal(new URL(page.url()).pathname, '/wissen/suche');
      await look('hits');
      assert.match(await page.locator('.hits h2').first().textContent(), say.hit);
      await search(reader, say.none);
      await page.getByText(say.nothing).waitFor();
      await look('no hits');
    });

    test('KB-4: a reader was not helped, says why, and was helped by another article', { timeout: 90_000 }, async () => {
      const { page, look } = reader;
      await page.goto('/wissen');
      await search(reader, say.typed);
      await Promise.all([page.waitForNavigation(), page.locator('.hits h2 a').first().click()]);
      await look('article');
      const reason = page.locator('#feedback').getByLabel(say.why);
      assert.equal(await reason.isVisible(), false, 'reasons wait for a «no»');
      await page.locator('#feedback').getByLabel(say.no, { exact: true }).check();
      assert.equal(await reason.isVisible(), true);
      await look('article, why');
      await rate(reader, say.no, say.why, 'Schritt drei <b>fehlt</b>');
      await page.getByText(say.thanksNo).first().waitFor();
      await look('article, thanks');
      await page.goto('/wissen');
      await Promise.all([page.waitForNavigation(), page.locator('.folder li a').last().click()]);
      await rate(reader, say.yes);
      await page.getByText(say.thanksYes).first().waitFor();
    });

    test('KB-3: an article on paper', { timeout: 60_000 }, async () => {
      const { page, look } = reader;
      await page.goto('/wissen/artikel/postfach-voll');
      await Promise.all([page.waitForNavigation(), page.getByRole('link', { name: say.print, exact: true }).click()]);
      if (!walk.language) await look('paper');
      await page.emulateMedia({ media: 'print' });
      assert.equal(await page.locator('.screen-only').first().isVisible(), false);
      await page.emulateMedia({ media: 'screen' });
    });

    test('SUP-8: while a message is written, fitting articles are offered', { timeout: 90_000 }, async () => {
      jana = await person(browser, { ...walk, url: house.url, name: `${walk.name} Jana` });
      const { page, look } = jana;
      await enter(page, ...doors.customer(house));
      const addresses = [];
      page.on('request', (request) => addresses.push(request.url()));
      await page.goto('/nachrichten/neu');
      const text = page.locator('main textarea[name=text]');
      const button = page.getByRole('button', { name: say.offer });
      const offered = page.locator('[data-offer] li a');
      assert.equal(await button.isVisible(), !javaScript, 'a button only where no script asks');
      await text.fill(say.message);
      if (!javaScript) await Promise.all([page.waitForNavigation(), button.click()]);
      await offered.first().waitFor();
      assert.match(await offered.first().textContent(), say.fits);
      await look('message with articles');
      const [beside] = await Promise.all([page.context().waitForEvent('page'), offered.first().click()]);
      await beside.waitForLoadState();
      assert.match(new URL(beside.url()).pathname, /^\/wissen\/artikel\//);
      await beside.close();
      assert.equal(await text.inputValue(), say.message, 'what was typed stands as it was');
      if (javaScript) {
        await text.fill('qqqqqqq');
        await offered.first().waitFor({ state: 'detached' });
        await look('message without articles');
        await text.fill(say.message);
        await offered.first().waitFor();
      }
      const typed = say.message.split(' ').at(-1);
      assert.deepEqual(addresses.filter((url) => url.includes(typed)), [], 'no address holds what was typed');
      await send(page);
      assert.match(new URL(page.url()).pathname, /^\/nachrichten\/[0-9a-f-]+$/);
      await page.close();
    });

    test('KB-4: the desk reads what was said', { timeout: 90_000 }, async () => {
      const desk = await person(browser, { ...walk, url: house.url, name: `${walk.name} desk` });
      const { page, look } = desk;
      await enter(page, ...doors.staff(house));
      await page.goto(`/desk/wissen?suche=${encodeURIComponent(walk.language ? 'Set up two-factor' : 'Passwort vergessen')}`);
      await Promise.all([page.waitForNavigation(), page.locator('main tbody th a').first().click()]);
      await look('desk article');
      await Promise.all([page.waitForNavigation(), page.locator('main .tabs a[href$="/feedback"]').click()]);
      await page.getByText('Schritt drei <b>fehlt</b>').waitFor();
      await look('desk feedback');
      await page.goto('/desk/wissen/suchanfragen');
      await page.getByText(say.none).waitFor();
      await look('desk misses');
    });
  });
}
