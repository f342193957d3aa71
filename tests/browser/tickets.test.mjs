// Tickets as guests and customers use them: submitted without an account, opened signed in, answered, closed, opened again.
import assert from 'node:assert/strict';
import fs from 'node:fs';
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
    email: 'Email address',
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
    add: 'Add email address',
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

    test('SUP-3, SUP-10: the desk answers with a file; a secret file is opened with a reason', { timeout: 120_000 }, async () => {
      const key = Buffer.from([0xff, 0, 0xc3, 0x28, ...Buffer.from('Seeadler-7')]);
      const secret = { name: 'id_seeadler', mimeType: 'application/octet-stream', buffer: key };
      const file = (name) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(`Inhalt von ${name}`) });
      const jana = await person(browser, { ...walk, url: house.url, name: `${walk.name} Jana with files` });
      await enter(jana.page, ...doors.customer(house));
      await jana.page.goto('/tickets/neu');
      const main = jana.page.locator('main');
      await main.locator('[name=subject]').fill('Zertifikat erneuern');
      await main.locator('[name=text]').fill('Bitte mit unserem Schlüssel.');
      await main.locator('details:has([name=secret_label]) > summary').click();
      await main.locator('[name=secret_file]').setInputFiles(secret);
      await jana.look('new, with sensitive data');
      const form = 'main form:has([name=secret_label])';
      await send(jana.page, form);
      await jana.look('sensitive data without a label');
      // the fold is open, and both what is missing and what is asked for again stand at their fields
      await main.locator('#f-secret-label-error').waitFor();
      await main.locator('#f-secret-file-error').waitFor();
      await main.locator('[name=secret_label]').fill('Privater Schlüssel');
      await main.locator('[name=secret_file]').setInputFiles(secret);
      await send(jana.page, form);
      const ticket = new URL(jana.page.url()).pathname;
      await main.getByText('Privater Schlüssel').first().waitFor();

      const staff = await person(browser, { ...walk, language: 'de', url: house.url, name: `${walk.name} staff with files` });
      await enter(staff.page, ...doors.staff(house));
      await staff.page.goto(`/desk${ticket}`);
      const desk = staff.page.locator('main');
      await desk.locator('#antworten [name=text]').fill('');
      await desk.locator('#antworten [name=files]').setInputFiles(file('anleitung.txt'));
      await send(staff.page, '#antworten form');
      await desk.locator('#antworten [name=kept]').waitFor();
      await staff.look('desk, an answer without a text keeps its file');
      await desk.locator('#antworten [name=text]').fill('Anbei die Anleitung.');
      await send(staff.page, '#antworten form');
      // it can be taken back for some seconds
      const sent = desk.getByRole('link', { name: 'anleitung.txt' });
      for (const late = Date.now() + 30_000; Date.now() < late && await sent.count() === 0;) {
        await new Promise((next) => setTimeout(next, 1000));
        await staff.page.goto(`/desk${ticket}`);
      }
      await sent.waitFor();
      await desk.locator('details:has([name=note]) > summary').click();
      await desk.locator('[name=note]').fill('Siehe Datei.');
      await desk.locator('[name=note_files]').setInputFiles(file('nur-intern.txt'));
      await staff.look('desk, a note with a file');
      await send(staff.page, 'main form:has([name=note])');
      await desk.getByRole('link', { name: 'nur-intern.txt' }).waitFor();
      await staff.page.goto(`/desk${ticket}/sensible-daten`);
      await Promise.all([staff.page.waitForNavigation(), desk.locator('a[href*="zeigen="]').first().click()]);
      await desk.locator('[name=reason]').fill('Zertifikat erneuern');
      await send(staff.page, 'main form:has([name=reason])');
      await staff.look('desk, sensitive data opened');
      const fetched = staff.page.waitForEvent('download');
      await desk.locator('form:has([name=mark]) button').click();
      const download = await fetched;
      assert.equal(download.suggestedFilename(), secret.name);
      assert.deepEqual(fs.readFileSync(await download.path()), key);
      await staff.close();

      await jana.page.goto(ticket);
      await main.getByRole('link', { name: 'anleitung.txt' }).waitFor();
      assert.equal(await main.getByText('nur-intern.txt').count(), 0, 'a note stays with staff');
      await jana.look('ticket with a file of the desk');
      await jana.page.goto(`${ticket}/sensible-daten`);
      await main.getByText('Zertifikat erneuern').first().waitFor();
      await jana.look('who has looked');
      await jana.close();
    });
  });
}
