// Tickets as guests and customers use them: submitted without an account, opened signed in, answered, closed, opened again.
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
    submit: 'Ein Ticket einreichen',
    email: 'E-Mail-Adresse',
    name: 'Vollständiger Name',
    company: 'Name des Unternehmens',
    subject: 'Betreff',
    text: 'Beschreibung',
    consent: /Datenschutz/,
    send: 'Absenden',
    arrived: /Ihr Ticket ist angekommen/,
    wrong: /Vollständiger Name: /,
    menu: 'Tickets',
    fresh: 'Neues Ticket',
    department: 'Abteilung',
    priority: 'Priorität',
    high: 'Hoch',
    answer: 'Ihre Antwort',
    close: 'Ticket schließen',
    closed: /Das Ticket ist geschlossen/,
    details: 'Ticket-Details bearbeiten',
    low: 'Niedrig',
    lowered: /auf „Niedrig“ gestellt/,
    add: 'E-Mail-Adresse hinzufügen',
    added: /hat agentur@post\.example hinzugefügt/,
    again: /wieder geöffnet/,
    find: 'Betreff oder Nummer',
    filter: 'Filtern',
  },
  en: {
    submit: 'Submit a ticket',
    email: 'E-mail address',
    name: 'Full name',
    company: 'Company name',
    subject: 'Subject',
    text: 'Description',
    consent: /Data protection/,
    send: 'Submit',
    arrived: /Your ticket has arrived/,
    wrong: /Full name: /,
    menu: 'Tickets',
    fresh: 'New ticket',
    department: 'Department',
    priority: 'Priority',
    high: 'High',
    answer: 'Your reply',
    close: 'Close ticket',
    closed: /The ticket is closed/,
    details: 'Edit ticket details',
    low: 'Low',
    lowered: /to “Low”/,
    add: 'Add e-mail address',
    added: /added agentur@post\.example/,
    again: /opened the ticket again/,
    find: 'Subject or number',
    filter: 'Filter',
  },
};

for (const walk of walks) {
  const javaScript = walk.javaScript ?? true;
  const say = words[walk.language ?? 'de'];
  describe(`tickets: ${walk.name}`, () => {
    let house, browser;
    before(async () => {
      house = await demo();
      browser = await launch();
    });
    after(async () => {
      await browser?.close();
      await house?.stop();
    });

    test('SUP-1: a guest submits a ticket, and is told what is missing', { timeout: 90_000 }, async () => {
      const { page, look, follow, close } = await person(browser, { ...walk, url: house.url, name: `${walk.name} guest` });
      await page.goto('/');
      await follow(say.submit);
      await page.waitForURL('**/ticket-einreichen');
      await look('form');
      const main = page.locator('main');
      await main.getByLabel(say.email).fill('gesa@hof-gesa.example');
      await main.getByLabel(say.text, { exact: true }).fill('Wie lange dauert ein Umzug?');
      await send(page);
      await look('form with faults');
      await page.getByText(say.wrong).first().waitFor();
      assert.equal(await main.getByLabel(say.text, { exact: true }).inputValue(), 'Wie lange dauert ein Umzug?');
      await main.getByLabel(say.name).fill('Gesa Lorenzen');
      await main.getByLabel(say.company).fill('Hof Gesa');
      await main.getByLabel(say.subject).fill('Umzug zu Ihnen');
      await main.getByLabel(say.consent).check();
      await Promise.all([page.waitForNavigation(), page.getByRole('button', { name: say.send, exact: true }).click()]);
      assert.equal(new URL(page.url()).pathname, '/');
      await page.getByText(say.arrived).waitFor();
      await look('start with notice');
      await close();
    });

    test('SUP-2, SUP-6, SUP-7: opened, answered, changed, closed and opened again', { timeout: 120_000 }, async () => {
      const { page, look, follow, close } = await person(browser, { ...walk, url: house.url, name: `${walk.name} Jana` });
      await enter(page, ...doors.customer(house));
      await follow(say.menu);
      await page.waitForURL('**/tickets');
      await look('list');
      await Promise.all([page.waitForNavigation(), page.locator('main').getByRole('link', { name: say.fresh }).first().click()]);
      await look('new');
      const main = page.locator('main');
      await main.getByLabel(say.department).selectOption('buchhaltung');
      await main.getByLabel(say.priority).selectOption({ label: say.high });
      await main.getByLabel(say.subject).fill('Rechnung fehlt');
      await main.getByLabel(say.text, { exact: true }).fill('Für Oktober kam keine Rechnung.');
      await send(page);
      const ticket = new URL(page.url()).pathname;
      assert.match(ticket, /^\/tickets\/[0-9a-f-]+$/);
      await look('ticket');
      const reply = async (text) => {
        await main.getByLabel(say.answer).fill(text);
        await send(page, '#antwort-senden');
        await page.getByText(text).first().waitFor();
      };
      await reply('Auch für September nicht.');
      await Promise.all([page.waitForNavigation(), main.getByRole('link', { name: say.details }).click()]);
      await look('details');
      await main.getByLabel(say.priority).selectOption({ label: say.low });
      await send(page);
      await page.getByText(say.lowered).waitFor();
      await Promise.all([page.waitForNavigation(), main.getByRole('link', { name: say.add }).click()]);
      await look('people');
      await main.locator('[name=emails]').fill('agentur@post.example');
      await send(page, 'main form:has([name=emails])');
      await page.getByText(say.added).waitFor();
      await Promise.all([page.waitForNavigation(), page.getByRole('button', { name: say.close }).click()]);
      await page.getByText(say.closed).first().waitFor();
      await look('closed');
      await reply('Doch noch eine Frage.');
      await page.getByText(say.again).first().waitFor();
      await page.goto('/tickets');
      await main.getByRole('searchbox', { name: say.find }).fill('rechnung f');
      await Promise.all([page.waitForNavigation(), main.getByRole('button', { name: say.filter }).click()]);
      await look('found');
      assert.equal(await main.locator(`a[href="${ticket}"]`).count(), 1);
      if (javaScript) {
        // what is written in another tab comes by itself, and the reply begun here stays
        await page.goto(ticket);
        await main.getByLabel(say.answer).fill('Angefangen');
        const other = await page.context().newPage();
        await other.goto(ticket);
        await other.locator('main').getByLabel(say.answer).fill('Aus dem anderen Fenster');
        await send(other, '#antwort-senden');
        await other.close();
        await page.getByText('Aus dem anderen Fenster').waitFor({ timeout: 20_000 });
        assert.equal(await main.getByLabel(say.answer).inputValue(), 'Angefangen');
        await send(page, '#antwort-senden');
        await page.getByText('Angefangen').first().waitFor();
      }
      await close();
    });
  });
}
