// "Als Kunde ansehen": staff looks with a customer's eyes, for a reason; nothing can be sent; the customer reads of it.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch, oneTimeCode, person, send, server } from './lib.mjs';
import { linksIn, startSink } from './sink.mjs';

const walks = [
  { name: 'SQLite', engine: 'sqlite' },
  { name: 'PostgreSQL, in English, 320 px wide, without JavaScript', engine: 'postgresql', language: 'en', width: 320, javaScript: false },
  { name: 'PostgreSQL, in English, dark', engine: 'postgresql', language: 'en', scheme: 'dark' },
];
const say = {
  de: { as: /Sie sehen das Portal wie Anna Thießen \(K-\d+\): nur zum Ansehen/, refused: 'Beim Ansehen als Kunde ist das nicht möglich', views: 'Einblicke unseres Teams', over: 'Sie sehen das Portal nicht mehr als Kunde.' },
  en: { as: /you see the portal as Anna Thießen \(K-\d+\) does: to look at only/, refused: 'This is not possible while viewing as a customer', views: 'Views by our team', over: 'You no longer see the portal as a customer.' },
};

const anna = { email: 'anna@moebel.example', password: 'Wattwurm-und-Strandhafer-26' };
const ada = { email: 'ada@nordlicht.example', name: 'Ada Petersen', password: 'Leuchtturm-am-Deich-1887' };
const reason = 'Frage zur <Rechnungsadresse>';
// Pages with a form, and what is filled in: were it sent, it would be taken.
const forms = [
  ['/konto/adressen/neu', { first_name: 'Eva', last_name: 'Fremd', street: 'Gasse 1', postcode: '24105', town: 'Kiel' }],
  ['/konto/kontakte/neu', { name: 'Eva', email: 'eva@boese.example' }],
  ['/nachrichten/neu', { text: 'Das habe ich nie geschrieben.' }],
  ['/tickets/neu', { subject: 'Nie gefragt', text: 'Das habe ich nie geschrieben.' }],
  ['/konto/daten', {}],
];

const only = process.env.TRESEN_TEST_WALK;
for (const walk of walks.filter(({ name }) => !only || name === only)) {
  const words = say[walk.language ?? 'de'];
  describe(`view as a customer: ${walk.name}`, () => {
    let sink, portal, browser;
    const somebody = (name) => person(browser, { ...walk, url: portal.url, name: `${walk.name} ${name}` });

    before(async () => {
      sink = await startSink();
      portal = await server({ engine: walk.engine, smtp: sink.url });
      browser = await launch();
    });
    after(async () => {
      await browser?.close();
      try {
        await portal?.stop();
      } finally {
        await sink?.stop();
      }
    });

    test('DESK-4: with a reason, under a banner, nothing sent, and the customer is told', { timeout: 60_000 }, async (t) => {
      const customer = await somebody('Anna');
      const desk = await somebody('Ada');
      try {
        await registered(customer.page);
        await signedIn(desk.page);
        const { page, look } = desk;

        // only with a reason that says something
        await page.goto('/desk/kunden?suche=Thie');
        await page.locator('main tbody a[href^="/desk/kunden/"]').first().click();
        const file = new URL(page.url()).pathname;
        await Promise.all([page.waitForURL(/\/ansicht$/), page.locator(`a[href="${file}/ansicht"]`).first().click()]);
        await look('asks for a reason');
        await page.locator('main [name=reason]').fill('x');
        await send(page, `main form[action="${file}/ansicht"]`);
        await look('no reason');
        assert.equal(new URL(page.url()).pathname, `${file}/ansicht`);
        await page.locator('main [name=reason]').fill(reason);
        await send(page, `main form[action="${file}/ansicht"]`);
        assert.equal(new URL(page.url()).pathname, '/konto');

        // the banner stands over every page; what is the user's own is not there
        for (const place of ['/konto', '/konto/adressen', '/konto/mails', '/tickets', '/nachrichten', '/wissen']) {
          assert.equal((await page.goto(place)).status(), 200, place);
          await page.getByText(words.as).first().waitFor();
          await look(`looking at ${place}`);
        }
        for (const place of ['/profil/zwei-faktor', '/konto/bearbeiten']) assert.equal((await page.goto(place)).status(), 403, place);
        await look("the user's own");

        // every form is refused
        for (const [place, entries] of forms) {
          assert.equal((await page.goto(place)).status(), 200, place);
          const form = page.locator('main form[method=post]').last();
          for (const [name, value] of Object.entries(entries)) await form.locator(`[name="${name}"]`).last().fill(value);
          const answer = page.waitForResponse((found) => found.request().method() === 'POST');
          await send(page);
          assert.equal((await answer).status(), 403, place);
          await page.getByText(words.refused).first().waitFor();
          await look(`refused: ${place}`);
        }

        // the end, by the banner's own button
        await page.goto('/konto');
        await send(page, 'form[action="/konto/ansicht/beenden"]');
        assert.equal(new URL(page.url()).pathname, file);
        await page.getByText(words.over).first().waitFor();
        await look('ended');
        await page.goto('/konto');
        assert.equal(new URL(page.url()).pathname, '/anmelden');

        // the customer reads who, when and why, and nothing has changed
        await customer.page.goto('/konto');
        await customer.follow(words.views);
        assert.equal(new URL(customer.page.url()).pathname, '/konto/einblicke');
        const row = await customer.page.locator('main tbody tr').first().textContent();
        assert.ok(row.includes(ada.name) && row.includes(reason), row);
        await customer.look('who looked');
        const left = await portal.ask("SELECT (SELECT count(*) FROM addresses), (SELECT count(*) FROM contacts), (SELECT count(*) FROM tickets), (SELECT count(*) FROM users WHERE first_name = 'Eva')");
        assert.equal(left, '0|0|0|0');
        const log = await portal.ask("SELECT act FROM audit WHERE act LIKE 'customer.view%' ORDER BY id");
        assert.equal(log, 'customer.viewed\ncustomer.view_ended');
      } catch (error) {
        for (const who of [desk, customer]) t.diagnostic(`seen last: ${await who.picture('view')}`);
        t.diagnostic(portal.logs().split('\n').slice(-25).join('\n'));
        throw error;
      }
    });

    async function registered(page) {
      await page.goto('/registrieren');
      for (const [name, value] of Object.entries({ first_name: 'Anna', last_name: 'Thießen', email: anna.email })) await page.locator(`main [name=${name}]`).fill(value);
      await page.locator('main [name=consent]').check();
      await send(page);
      const mail = await sink.next({ to: anna.email, after: 0 });
      await page.goto(linksIn(mail).find((link) => link.includes('/aktivieren/')));
      await page.locator('main [name=password]').fill(anna.password);
      await page.locator('main [name=password_repeat]').fill(anna.password);
      await send(page);
      await page.goto('/konto');
      assert.equal(new URL(page.url()).pathname, '/konto');
    }

    async function signedIn(page) {
      const said = await portal.cli('staff', 'add', '--email', ada.email, '--name', ada.name, '--role', 'admin');
      await page.goto(said.match(/https?:\/\/\S+/)[0]);
      await page.locator('main [name=password]').fill(ada.password);
      await page.locator('main [name=password_repeat]').fill(ada.password);
      await send(page);
      const secret = (await page.locator('main .code').first().textContent()).trim();
      await page.locator('main [name=code]').fill(oneTimeCode(secret));
      await send(page);
      await page.goto('/desk');
      assert.equal(new URL(page.url()).pathname, '/desk');
    }
  });
}
