// A ticket that lives on mail: a guest submits it on the page and answers by mail program, staff answers at the desk. What comes
// in comes by LMTP, as the operator's mail server hands it over; what goes out stands in the sink.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { demo, enter, freePort, launch, person, send, server, stretches } from './lib.mjs';
import { hire, until } from './people.mjs';
import { addressIn, handOver, header, idsIn, letter, postSettings, replyAddress } from './post.mjs';
import { linksIn, startSink } from './sink.mjs';

const walks = [
  { name: 'SQLite, 360 px wide', engine: 'sqlite', width: 360 },
  { name: 'SQLite, without JavaScript, in English', engine: 'sqlite', javaScript: false, language: 'en' },
  { name: 'PostgreSQL, in English, 360 px wide, dark', engine: 'postgresql', language: 'en', width: 360, scheme: 'dark' },
  { name: 'PostgreSQL, without JavaScript, 360 px wide', engine: 'postgresql', javaScript: false, width: 360 },
];

const words = {
  de: {
    submit: 'Ein Ticket einreichen',
    send: 'Absenden',
    notice: 'Ihr Ticket ist angekommen. Eine E-Mail bestätigt Ihnen den Eingang.',
    confirmed: /^\[#\d+\] Ihre Anfrage ist angekommen$/,
    byMail: 'per E-Mail',
    answer: 'Antworten',
    from: 'Malte Brodersen von Nordlicht Hosting schreibt:',
    waiting: 'Wartet auf Kunden',
    open: 'Offen',
    close: 'Schließen',
    closed: 'Geschlossen',
    why: 'Wie die E-Mails hierher kamen',
    demoReply: 'Antwort mailen',
    demoSent: /Die Antwort ist unterwegs/,
  },
  en: {
    submit: 'Submit a ticket',
    send: 'Submit',
    notice: 'Your ticket has arrived. An email confirms that.',
    confirmed: /^\[#\d+\] Your request has arrived$/,
    byMail: 'by email',
    answer: 'Reply',
    from: 'Malte Brodersen of Nordlicht Hosting writes:',
    waiting: 'Waiting for customer',
    open: 'Open',
    close: 'Close',
    closed: 'Closed',
    why: 'How the emails got here',
    demoReply: 'Send the reply',
    demoSent: /on its way/,
  },
};

const gesa = { email: 'gesa@hof-lorenzen.example', name: 'Gesa Lorenzen', company: 'Hof Lorenzen' };
const malte = { email: 'malte@nordlicht.example', name: 'Malte Brodersen', password: 'Seehund-auf-der-Sandbank-53', role: 'support' };
const subject = 'Umzug des Hofladens zu Ihnen';
const question = 'Unser Hofladen läuft noch bei einem anderen Anbieter. Wie lange wäre er beim Umzug nicht erreichbar?';
const list = { name: 'Bestellungen.csv', mimeType: 'text/csv', buffer: Buffer.from('Monat;Bestellungen\nOktober;418\n') };
const plan = { name: 'Ablauf.txt', mimeType: 'text/plain', buffer: Buffer.from('22 Uhr: Kopie\n2 Uhr: Umschalten\n') };
const log = { name: 'umzug.log', mimeType: 'text/plain', buffer: Buffer.from('2026-11-02 zone ok\n') };

// TRESEN_TEST_WALK=SQLite walks those alone whose names begin so.
const only = process.env.TRESEN_TEST_WALK ?? '';
// Two walks beside each other, each of them one step after the other.
describe('a ticket by mail', { concurrency: 2 }, () => {
  let browser;
  before(async () => { browser = await launch(); });
  after(() => browser?.close());

  for (const walk of walks.filter(({ name }) => name.startsWith(only))) {
    const say = words[walk.language ?? 'de'];
    describe(walk.name, { concurrency: false }, () => {
      let sink, portal, guest, desk, lmtp, thread, confirmation, reply;

      before(async () => {
        lmtp = await freePort();
        sink = await startSink();
        portal = await server({ engine: walk.engine, smtp: sink.url, env: postSettings(lmtp) });
        guest = await person(browser, { ...walk, url: portal.url, name: `${walk.name} Gast` });
        desk = await person(browser, { ...walk, url: portal.url, name: `${walk.name} Personal` });
      });
      after(async () => {
        for (const who of [guest, desk]) await who?.close();
        try {
          await portal?.stop();
        } finally {
          await sink?.stop();
        }
      });

      const stretch = stretches(60_000, { people: () => [guest, desk], portal: () => portal });

      // Gesa's mail program sends an answer to `mail`; Tresen has stored it when this returns.
      const answers = async (mail, rest) => {
        const sent = letter({ from: gesa.email, name: gesa.name, answers: mail, ...rest });
        await handOver(lmtp, sent, addressIn(mail, 'Reply-To'));
        return sent;
      };
      const entry = (text) => desk.page.locator('.conversation article', { hasText: text });
      const onDesk = (text) => until(desk.page, async () => await entry(text).count() > 0, `"${text}"`);
      const state = (word) => desk.page.locator('dl.props .state', { hasText: word });
      const tickets = () => portal.ask('SELECT count(*) FROM tickets');
      // Nothing is on its way any more, in or out.
      const quiet = async () => {
        for (const late = Date.now() + 20_000; ;) {
          const due = await portal.ask(`SELECT (SELECT count(*) FROM jobs WHERE run_at <= ${Date.now() * 1000}) + (SELECT count(*) FROM inbound_mails WHERE done_at IS NULL)`);
          if (due === '0') return;
          assert.ok(Date.now() < late, `${due} jobs and mails still wait`);
          await new Promise((next) => setTimeout(next, 100));
        }
      };

      stretch('SUP-1: a guest submits a ticket with a file', async () => {
        const { page, look, follow } = guest;
        await page.goto('/');
        await follow(say.submit);
        await page.waitForURL('**/ticket-einreichen');
        await look('form');
        const main = page.locator('main');
        const fields = { email: gesa.email, name: gesa.name, company: gesa.company, subject, text: question };
        for (const [name, value] of Object.entries(fields)) await main.locator(`[name=${name}]`).fill(value);
        await main.locator('[name=files]').setInputFiles(list);
        await main.locator('[name=consent]').check();
        await Promise.all([page.waitForNavigation(), page.getByRole('button', { name: say.send, exact: true }).click()]);
        assert.equal(new URL(page.url()).pathname, '/');
        await page.getByText(say.notice).waitFor();
        await look('start page with notice');
      });

      stretch('SUP-1: a mail confirms it, and repeats nothing of what was typed', async () => {
        confirmation = await sink.next({ to: gesa.email });
        assert.match(confirmation.subject, say.confirmed);
        for (const typed of [subject, 'Hofladen', gesa.name, gesa.company, list.name]) {
          assert.ok(!confirmation.raw.includes(typed) && !confirmation.text.includes(typed) && !confirmation.html.includes(typed), `"${typed}" in the mail`);
        }
        assert.equal(header(confirmation, 'Auto-Submitted'), 'auto-generated');
        assert.match(addressIn(confirmation, 'Reply-To'), replyAddress);
        assert.equal(confirmation.sender, addressIn(confirmation, 'Reply-To'), 'what bounces comes back to the same address');
        assert.deepEqual(linksIn(confirmation).filter((link) => link.includes('/tickets/')), [], 'a guest has no page of the ticket');
      });

      stretch('SUP-9: the answer by mail joins the ticket', async () => {
        const { page, look } = desk;
        await hire(desk, { portal }, malte);
        await answers(confirmation, { text: 'Noch dazu: Am Samstag ist Markt, da darf nichts ausfallen.', file: log });
        await quiet();
        await page.goto('/desk/tickets');
        await look('queue');
        const row = page.locator('main [data-keys] a', { hasText: subject });
        assert.equal(await row.count(), 1);
        assert.equal(await tickets(), '1');
        assert.equal(await portal.ask("SELECT proof FROM ticket_entries WHERE channel = 'mail'"), 'proven');
        await Promise.all([page.waitForNavigation(), row.click()]);
        thread = page.url();
        await entry('Am Samstag ist Markt').getByText(say.byMail).waitFor();
        await entry(question).waitFor();
        await look('thread on the desk');
        for (const [text, file] of [[question, list], ['Am Samstag ist Markt', log]]) {
          const link = entry(text).locator('a.file', { hasText: file.name });
          const answer = await page.request.get(await link.getAttribute('href'));
          assert.deepEqual(await answer.body(), file.buffer, `${file.name} as it was sent`);
        }
        await Promise.all([page.waitForNavigation(), page.getByRole('link', { name: say.why }).click()]);
        await look('how the mails came');
      });

      stretch('SUP-2: staff answers; the guest gets it in full, in the same thread of mails', async () => {
        const { page, look } = desk;
        await page.goto(thread);
        const { number } = (await sink.mails()).at(-1);
        const text = 'Guten Tag Frau Lorenzen,\n\nder Umzug dauert eine Nacht; Ihr Hofladen bleibt dabei erreichbar.\nAm Samstag fassen wir nichts an.';
        await page.locator('#antworten textarea[name=text]').fill(text);
        await page.locator('#antworten [name=files]').setInputFiles(plan);
        await Promise.all([page.waitForNavigation(), page.locator('#antworten').getByRole('button', { name: say.answer, exact: true }).click()]);
        await entry('Am Samstag fassen wir nichts an.').waitFor();
        assert.equal(await state(say.waiting).count(), 1);
        await look('answered');
        reply = await sink.next({ to: gesa.email, after: number });
        for (const line of [say.from, ...text.split('\n').filter(Boolean)]) {
          assert.ok(reply.text.includes(line) && reply.html.includes(line), `"${line}" in both forms of the mail`);
        }
        assert.match(reply.subject, /^\[#\d+\] Umzug des Hofladens zu Ihnen$/);
        assert.deepEqual(reply.recipients, [gesa.email]);
        assert.ok(reply.text.includes(plan.name));
        const link = linksIn(reply).find((found) => found.startsWith(`${portal.url}/ticket-datei/`));
        assert.deepEqual(await (await guest.page.request.get(link)).body(), plan.buffer, 'the file, without an account');
        assert.match(addressIn(reply, 'Reply-To'), replyAddress);
        assert.equal(idsIn(reply, 'References').at(0), confirmation.messageId);
        assert.equal(idsIn(reply, 'References').length, 2, header(reply, 'References'));
        assert.deepEqual(idsIn(reply, 'In-Reply-To'), idsIn(reply, 'References').slice(-1), 'it answers the newest');
        assert.match(idsIn(reply, 'In-Reply-To')[0], /@hof-lorenzen\.example>$/, 'which is her own');
        assert.equal(header(reply, 'Auto-Submitted'), undefined, 'a person wrote it');
      });

      stretch('SUP-9: an automatic answer joins, moves nothing, and no mail answers it', async () => {
        await quiet();
        const before = (await sink.mails()).length;
        await answers(reply, {
          text: 'Ich bin bis Montag auf dem Markt und lese keine Mails.',
          headers: ['Auto-Submitted: auto-replied', 'X-Auto-Response-Suppress: All'],
        });
        await quiet();
        await desk.page.goto(thread);
        await onDesk('Ich bin bis Montag auf dem Markt');
        assert.equal(await state(say.waiting).count(), 1, 'still hers to answer');
        assert.equal((await sink.mails()).length, before, 'no mail more');
      });

      stretch('SUP-9: her second answer joins, too', async () => {
        await answers(reply, { text: 'Das passt gut. Bitte in der Nacht auf Mittwoch.' });
        await quiet();
        await desk.page.goto(thread);
        await onDesk('Bitte in der Nacht auf Mittwoch.');
        assert.equal(await state(say.open).count(), 1, 'ours to answer');
        assert.equal(await entry('Das passt gut.').getByText('der Umzug dauert eine Nacht').filter({ visible: true }).count(), 0, 'what she quoted is folded');
        await desk.look('second answer');
        assert.equal(await tickets(), '1');
      });

      stretch('SUP-9: staff closes; her next mail opens it again', async () => {
        const { page, look } = desk;
        await Promise.all([page.waitForNavigation(), page.locator('.open-ticket').getByRole('button', { name: say.close, exact: true }).click()]);
        assert.equal(await state(say.closed).count(), 1);
        await look('closed');
        await answers(reply, { text: 'Eine Frage ist noch offen: Was wird aus den alten Postfächern?' });
        await quiet();
        await page.goto(thread);
        await onDesk('Was wird aus den alten Postfächern?');
        assert.equal(await state(say.open).count(), 1);
        await look('open again');
        assert.equal(await tickets(), '1');
        assert.equal((await sink.mails()).filter((mail) => mail.recipients.includes(gesa.email)).length, 2, 'one confirmation and one answer in all');
      });
    });
  }
});

// The same without any mail server: in the demo one takes the guest's place at the page that shows the caught mails.
describe('a ticket by mail, in the demo', { concurrency: 2 }, () => {
  let browser, house;
  before(async () => { [browser, house] = await Promise.all([launch(), demo()]); });
  after(async () => {
    await browser?.close();
    await house?.stop();
  });

  const visitors = [
    { name: 'wide', email: 'wiebke@reetdach.example', staff: 0 },
    { name: 'without JavaScript, in English, 360 px wide', javaScript: false, language: 'en', width: 360, email: 'onno@deichbau.example', staff: 1 },
  ];
  for (const visitor of visitors) {
    const say = words[visitor.language ?? 'de'];
    test(`SUP-9: answered as the guest from the mail catcher, ${visitor.name}`, { timeout: 90_000 }, async () => {
      const { page, look } = await person(browser, { ...visitor, url: house.url });
      const desk = await person(browser, { ...visitor, url: house.url });
      const main = page.locator('main');
      const about = `Frage von ${visitor.email}`;
      await page.goto('/ticket-einreichen');
      const fields = { email: visitor.email, name: 'Am Telefon', company: 'Am Deich', subject: about, text: 'Wie ziehe ich um?' };
      for (const [name, value] of Object.entries(fields)) await main.locator(`[name=${name}]`).fill(value);
      await main.locator('[name=consent]').check();
      await send(page);

      // Opens the newest mail to the guest with that in its subject, and answers it.
      const answer = async (part, text) => {
        const mail = main.getByRole('row', { name: visitor.email }).getByRole('link', { name: part });
        await page.goto('/demo');
        await until(page, async () => await mail.count() > 0, 'the mail');
        await Promise.all([page.waitForNavigation(), mail.first().click()]);
        await look('caught mail');
        await main.locator('[name=text]').fill(text);
        await Promise.all([page.waitForNavigation(), main.getByRole('button', { name: say.demoReply }).click()]);
        await page.getByText(say.demoSent).waitFor();
        await look('caught mail, answered');
      };
      const entry = (text) => desk.page.locator('.conversation article', { hasText: text });
      await answer(say.confirmed, 'Und was kostet es?');

      await enter(desk.page, house.staff[visitor.staff], '/desk/anmelden');
      await desk.page.goto(`/desk/tickets?${new URLSearchParams({ zustand: 'alle', suche: about })}`);
      const rows = desk.page.locator('main [data-keys] a', { hasText: about });
      await until(desk.page, async () => await rows.count() > 0, 'the ticket');
      assert.equal(await rows.count(), 1);
      await Promise.all([desk.page.waitForNavigation(), rows.click()]);
      await until(desk.page, async () => await entry('Und was kostet es?').count() > 0, 'the answer');
      await desk.page.locator('#antworten textarea[name=text]').fill('Der Umzug kostet nichts.');
      await Promise.all([desk.page.waitForNavigation(), desk.page.locator('#antworten').getByRole('button', { name: say.answer, exact: true }).click()]);

      await answer(about, 'Dann bitte morgen.');
      await until(desk.page, async () => await entry('Dann bitte morgen.').count() > 0, 'the second answer');
      assert.equal(await entry('Dann bitte morgen.').getByText('Der Umzug kostet nichts.').filter({ visible: true }).count(), 0, 'what is quoted is folded');
      await desk.look('thread of the demo');
    });
  }
});
