// The first walk: a person registers, activates by mail, keeps an address and writes; staff answers at the
// desk; a mail says that an answer waits; the person reads it, closes, and comes back.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch, oneTimeCode, person, server, stretches } from './lib.mjs';
import { linksIn, startSink } from './sink.mjs';
import { words } from './words.mjs';

const walks = [
  { name: 'SQLite', engine: 'sqlite' },
  { name: 'SQLite, without JavaScript', engine: 'sqlite', javaScript: false },
  { name: 'PostgreSQL', engine: 'postgresql', scheme: 'dark' },
  { name: 'PostgreSQL, without JavaScript', engine: 'postgresql', javaScript: false },
  { name: 'SQLite, 320 px wide', engine: 'sqlite', width: 320 },
  { name: 'PostgreSQL, in English', engine: 'postgresql', language: 'en' },
];

const anna = { first: 'Anna-Lena', last: 'Thießen-Öztürk', email: 'Anna.Thiessen@moebel.example', password: 'Wattwurm-und-Strandhafer-26' };
const staff = { name: 'Sina Krüger', email: 'sina@nordlicht.example', password: 'Leuchtturm-am-Deich-1887' };
const firstLine = 'Unser Online-Shop zeigt seit heute früh nur noch „502“ – auch auf dem Telefon 📱';
const message = `\n  ${firstLine}\nKönnen Sie bitte nachsehen? <b>Danke</b> & viele Grüße`;
const answer = 'Wir haben die Grenze für gleichzeitige Anfragen angehoben. Bitte prüfen Sie die Kasse noch einmal.';
const thanks = 'Vielen Dank, die Kasse läuft wieder.';
const again = 'Leider ist der Fehler eben zurückgekommen.';

// TRESEN_TEST_WALK=SQLite walks that one alone, for work on the walk itself.
const only = process.env.TRESEN_TEST_WALK;
for (const walk of walks.filter(({ name }) => !only || name === only)) {
  describe(walk.name, () => {
    const say = words[walk.language ?? 'de'];
    let sink, portal, browser, customer, desk, link;

    before(async () => {
      sink = await startSink();
      portal = await server({ engine: walk.engine, smtp: sink.url });
      browser = await launch();
      customer = await person(browser, { ...walk, url: portal.url, name: `${walk.name} Kundin` });
    });
    after(async () => {
      await browser?.close();
      try {
        await portal?.stop();
      } finally {
        await sink?.stop();
      }
    });

    const stretch = stretches(90_000, { people: () => [customer, desk], portal: () => portal });

    stretch('AUTH-1: wrong entries come back with words beside them', async () => {
      const { page, look } = customer;
      await page.goto('/registrieren');
      await page.getByRole('heading', { level: 1, name: say.register }).waitFor();
      await look('registration');
      await lenient(page);
      await page.getByLabel(say.firstName, { exact: true }).fill(anna.first);
      await page.getByLabel(say.email, { exact: true }).fill('anna@');
      await page.getByRole('main').getByRole('button', { name: say.register }).click();
      await page.getByText(say.pleaseCheck).first().waitFor();
      await page.getByText(say.badEmail).first().waitFor();
      assert.equal(await page.getByLabel(say.firstName, { exact: true }).inputValue(), anna.first);
      assert.equal(await page.getByLabel(say.email, { exact: true }).inputValue(), 'anna@');
      await look('registration with faults');
    });

    stretch('AUTH-1: registers, and a mail brings the link', async () => {
      const { page, look } = customer;
      await page.getByLabel(say.lastName, { exact: true }).fill(anna.last);
      await page.getByLabel(say.email, { exact: true }).fill(anna.email);
      await page.getByRole('checkbox', { name: say.privacy }).check();
      await page.getByRole('main').getByRole('button', { name: say.register }).click();
      await page.waitForURL((url) => url.pathname !== '/registrieren' || url.search !== '');
      await look('registration sent');
      const mail = await sink.next({ to: anna.email });
      link = linksIn(mail).find((found) => found.startsWith(`${portal.url}/aktivieren/`));
      assert.ok(link, `a link in:\n${mail.text}`);
      assert.ok(mail.html.includes(link.replaceAll('&', '&amp;')), 'the same link in the formatted text');
    });

    stretch('AUTH-1: opening the link changes nothing, its button activates and signs in', async () => {
      const { page, look } = customer;
      await page.goto(link);
      await page.goto(link);
      await page.getByRole('button', { name: say.activate }).waitFor();
      await look('activation');
      await page.getByLabel(say.password, { exact: true }).fill(anna.password);
      await page.getByLabel(say.passwordAgain, { exact: true }).fill(`${anna.password}x`);
      await page.getByRole('button', { name: say.activate }).click();
      await page.getByText(say.pleaseCheck).first().waitFor();
      await look('activation with faults');
      await page.getByLabel(say.password, { exact: true }).fill(anna.password);
      await page.getByLabel(say.passwordAgain, { exact: true }).fill(anna.password);
      await page.getByRole('button', { name: say.activate }).click();
      await page.waitForURL((url) => url.pathname === '/');
      await look('start page, signed in');
    });

    stretch('ACC-1, ACC-2: the overview knows her name and customer number', async () => {
      const { page, look, follow } = customer;
      await follow(say.overview);
      await page.getByRole('heading', { level: 1, name: say.overview }).waitFor();
      const all = await page.locator('body').textContent();
      assert.ok(all.includes(say.hello(`${anna.first} ${anna.last}`)), 'greets by name');
      assert.match(all, /K-10001/);
      assert.match(all, /Nordlicht Hosting/);
      assert.match(all, /040 66969-310/);
      await look('account overview');
    });

    stretch('AUTH-1: a used link says so and offers a new one', async () => {
      const { page, look } = await person(browser, { ...walk, url: portal.url, name: `${walk.name} alter Link` });
      await page.goto(link);
      await page.getByText(say.newLink).first().waitFor();
      await look('used link');
      await page.context().close();
    });

    stretch('AUTH-3: signs out, and in again by customer number typed carelessly', async () => {
      const { page, look } = customer;
      await press(customer, say.signOut);
      await page.goto('/konto/adressen');
      await page.waitForURL('**/anmelden*');
      await look('sign-in');
      await page.getByLabel(say.who).fill(anna.email.toUpperCase());
      await page.getByLabel(say.password, { exact: true }).fill('falsch');
      await page.getByRole('main').getByRole('button', { name: say.signIn, exact: true }).click();
      await page.getByRole('alert').or(page.locator('[aria-invalid=true], .notice')).first().waitFor();
      await look('sign-in refused');
      await page.getByLabel(say.who).fill(' k 10001 ');
      await page.getByLabel(say.password, { exact: true }).fill(anna.password);
      await page.getByRole('main').getByRole('button', { name: say.signIn, exact: true }).click();
      await page.waitForURL('**/konto/adressen');
    });

    stretch('ACC-4: keeps an address, after a postcode of the wrong country', async () => {
      const { page, look, follow } = customer;
      await page.goto('/konto');
      await follow(say.addressBook);
      await page.getByRole('heading', { level: 1, name: say.addressBook }).waitFor();
      await look('address book, empty');
      await page.getByRole('main').getByRole('link', { name: say.newAddress }).first().click();
      await lenient(page);
      await page.getByLabel(say.firstName, { exact: true }).fill(anna.first);
      await page.getByLabel(say.lastName, { exact: true }).fill(anna.last);
      await page.getByLabel(say.street, { exact: true }).fill('Große Straße 7a');
      await page.getByLabel(say.postcode, { exact: true }).fill('24103');
      await page.getByLabel(say.town, { exact: true }).fill('Gänserndorf');
      await page.getByLabel(say.country, { exact: true }).selectOption({ label: say.austria });
      await page.getByLabel(say.asBilling).check();
      await look('new address');
      await page.getByRole('button', { name: say.save }).click();
      await page.getByText(say.pleaseCheck).first().waitFor();
      assert.equal(await page.getByLabel(say.street, { exact: true }).inputValue(), 'Große Straße 7a');
      await look('new address with faults');
      await page.getByLabel(say.postcode, { exact: true }).fill('2230');
      await page.getByRole('button', { name: say.save }).click();
      await page.getByText('Große Straße 7a').first().waitFor();
      await page.getByText(/2230 Gänserndorf/).first().waitFor();
      await look('address book');
    });

    stretch('DESK-1: staff sets password and second factor by a one-time link', async () => {
      desk = await person(browser, { ...walk, url: portal.url, name: `${walk.name} Personal` });
      const { page, look } = desk;
      const said = await portal.cli('staff', 'add', '--email', staff.email, '--name', staff.name, '--role', 'support');
      const invitation = said.match(/https?:\/\/\S+/)?.[0];
      assert.ok(invitation?.startsWith(`${portal.url}/desk/`), `a link in:\n${said}`);
      await page.goto(invitation);
      await look('staff invitation');
      await page.getByLabel(say.password, { exact: true }).fill(staff.password);
      await page.getByLabel(say.passwordAgain, { exact: true }).fill(staff.password);
      await secondFactor(page, look, say);
      await page.waitForURL((url) => url.pathname === '/desk' || /^\/desk\/(?!.*einrichten)/.test(url.pathname));
      await look('desk, empty');
    });

    stretch('SUP-8: writes a message; its first line is the subject', async () => {
      const { page, look, follow } = customer;
      await page.goto('/konto');
      await follow(say.messages);
      await page.getByRole('heading', { level: 1, name: say.messages }).waitFor();
      await look('messages, empty');
      await page.getByRole('main').getByRole('link', { name: say.newMessage }).first().click();
      await lenient(page);
      await page.getByLabel(say.yourMessage).fill(' \n ');
      await look('new message');
      await page.getByRole('button', { name: say.sendMessage }).click();
      await page.getByText(say.pleaseCheck).first().waitFor();
      await look('empty message refused');
      await page.getByLabel(say.yourMessage).fill(message);
      await page.getByRole('button', { name: say.sendMessage }).click();
      await page.getByText('<b>Danke</b> & viele Grüße').first().waitFor();
      await look('thread');
      await page.goto('/nachrichten');
      await page.getByRole('link', { name: firstLine }).first().waitFor();
      await look('messages');
    });

    stretch('SUP-8: it stands on the desk at once', async () => {
      const { page, look } = desk;
      const subject = page.getByRole('link', { name: firstLine }).first();
      await page.goto('/desk/tickets');
      await subject.waitFor();
      await look('desk queue');
      await subject.click();
      await page.getByText('<b>Danke</b> & viele Grüße').first().waitFor();
      await look('desk thread');
    });

    stretch('SUP-8: the answer goes out; the mail tells of it and keeps it to itself', async () => {
      const { page, look } = desk;
      const { number: before } = (await sink.mails()).at(-1);
      await page.getByLabel(say.yourAnswer).fill(answer);
      await page.getByRole('button', { name: say.answer, exact: true }).click();
      await page.getByText(answer).first().waitFor();
      await look('desk, answered');
      const mail = await sink.next({ to: anna.email, after: before });
      for (const part of [mail.text, mail.html, mail.subject]) assert.ok(!part.includes('Grenze für gleichzeitige'), 'no word of the answer in the mail');
      link = linksIn(mail).find((found) => found.startsWith(`${portal.url}/nachrichten/`));
      assert.ok(link, `where to answer, in:\n${mail.text}`);
    });

    stretch('SUP-8: she reads the answer and thanks', async () => {
      const { page, look } = customer;
      await page.goto(link);
      await page.getByText(answer).first().waitFor();
      await look('answered thread');
      await page.getByLabel(say.yourAnswer).fill(thanks);
      await page.getByRole('button', { name: say.answer, exact: true }).click();
      await page.locator('article', { hasText: thanks }).first().waitFor();
    });

    stretch('SUP-8: staff closes; her next answer opens it again', async () => {
      await desk.page.reload();
      await desk.page.getByText(thanks).first().waitFor();
      await press(desk, say.close);
      await desk.page.getByText(say.closed).filter({ visible: true }).first().waitFor();
      await desk.look('desk, closed');
      await customer.page.goto(link);
      await customer.page.getByText(say.closed).filter({ visible: true }).first().waitFor();
      await customer.look('closed thread');
      await customer.page.getByLabel(say.yourAnswer).fill(again);
      await customer.page.getByRole('button', { name: say.answer, exact: true }).click();
      await customer.page.locator('article', { hasText: again }).first().waitFor();
      assert.equal(await customer.page.getByText(say.closed).filter({ visible: true }).count(), 0);
      await desk.page.goto('/desk/tickets');
      await desk.page.getByRole('link', { name: firstLine }).first().waitFor();
    });

    if (walk.javaScript !== false && walk.name === 'SQLite') {
      stretch('SUP-8: the open queue shows a new message by itself', async () => {
        await customer.page.goto('/nachrichten/neu');
        await customer.page.getByLabel(say.yourMessage).fill('Zweite Frage: Wann läuft mein Vertrag aus?');
        await customer.page.getByRole('button', { name: say.sendMessage }).click();
        await desk.page.getByRole('link', { name: 'Zweite Frage: Wann läuft mein Vertrag aus?' }).first().waitFor({ timeout: 20_000 });
        await desk.look('queue, refreshed');
      });
    }

    stretch('ACC-1: everything can be reached by keyboard from the top of the page', async () => {
      const { page } = customer;
      await page.goto('/konto');
      await page.keyboard.press('Tab');
      const skip = page.locator(':focus');
      assert.equal(await skip.getAttribute('href'), '#inhalt');
      await page.keyboard.press('Enter');
      await page.keyboard.press('Tab');
      assert.ok(await page.getByRole('main').locator(':focus').count(), 'the skip link leads into the page');
    });
  });
}

// The browser's own checks would keep faulty entries from the server, whose answer is what counts.
async function lenient(page) {
  await page.locator('form').evaluateAll((forms) => { for (const form of forms) form.noValidate = true; });
}

// A button that may be folded away in a menu, or ask once more on a page of its own.
async function press({ page }, word) {
  const button = page.getByRole('button', { name: word }).filter({ visible: true }).first();
  if (await button.count() === 0) {
    for (const fold of await page.locator('details:not([open]) > summary').filter({ visible: true }).all()) {
      await fold.click();
      if (await button.count() > 0) break;
      await fold.click();
    }
  }
  await button.click();
}

// Password and second factor may stand on one page or on two.
async function secondFactor(page, look, say) {
  const code = page.getByLabel(say.code).first();
  if (await code.count() === 0) {
    await page.getByRole('main').getByRole('button').last().click();
    await code.waitFor();
    await look('second factor');
  }
  const text = await page.getByRole('main').textContent();
  const secret = text.match(/\b(?:[A-Z2-7]{4}[ -]?){4,}(?:[A-Z2-7]{1,4})?\b/)?.[0];
  assert.ok(secret, 'the secret stands on the page in letters');
  await code.fill(oneTimeCode(secret));
  await page.getByRole('main').getByRole('button').last().click();
}
