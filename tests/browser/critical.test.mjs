// An emergency: a customer declares it with sensible data beside it, one after the other is called until somebody takes over, staff
// opens the data with a reason that the customer reads, and some days after the closing they are gone.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { launch, person, send, server, stretches } from './lib.mjs';
import { hire, register, until } from './people.mjs';
import { linksIn, startSink } from './sink.mjs';

const walks = [
  { name: 'SQLite, 360 px wide', engine: 'sqlite', width: 360, firm: true },
  { name: 'SQLite, without JavaScript, in English', engine: 'sqlite', javaScript: false, language: 'en' },
  { name: 'PostgreSQL, in English, 360 px wide, dark', engine: 'postgresql', language: 'en', width: 360, scheme: 'dark', firm: true },
  { name: 'PostgreSQL, without JavaScript, 360 px wide', engine: 'postgresql', javaScript: false, width: 360 },
];

const words = {
  de: {
    menu: 'Tickets',
    fresh: 'Neues Ticket',
    declare: 'Notfall melden',
    emergencies: ['Serverausfall', 'Systemrelevanter Dienst funktioniert nicht', 'Website/Shop ist offline'],
    costFirm: /Für Unternehmen gilt: Liegt kein Notfall vor, berechnen wir den Einsatz nach unserer Preisliste\. Verbraucherinnen und Verbrauchern berechnen wir nichts\./,
    costPrivate: /Ihnen berechnen wir den Einsatz nicht\./,
    accept: 'Bitte bestätigen Sie, dass ein Einsatz ohne Notfall nach der Preisliste berechnet wird.',
    beside: 'Sensible Daten hinzufügen',
    sent: 'Wir rufen gerade jemanden, der sich darum kümmert.',
    priority: 'Kritisch',
    nobody: 'Noch von niemandem angesehen.',
    escalation: 'Eskalation',
    newStep: 'Neue Stufe',
    bar: 'Ein kritisches Ticket wartet darauf, dass jemand übernimmt.',
    next: 'Der nächste Ruf geht hinaus:',
    take: 'Ich übernehme',
    taken: 'Sie haben das Ticket übernommen.',
    lookedAfter: 'Sina Krüger kümmert sich jetzt um dieses Ticket',
    secrets: 'Sensible Daten',
    open: 'Öffnen',
    opened: 'Sina Krüger hat sensible Daten angesehen: Zugang zum Webserver',
    lookedAt: 'Angesehen von',
    answerClose: 'Antworten und schließen',
    closed: 'Geschlossen',
    gone: 'Gelöscht nach dem Schließen',
    alarm: 'Kritisches Ticket: bitte übernehmen',
  },
  en: {
    menu: 'Tickets',
    fresh: 'New ticket',
    declare: 'Report an emergency',
    emergencies: ['Server is down', 'Service vital to the system does not work', 'Website/shop is offline'],
    costFirm: /For companies: without an emergency we charge the call-out by our price list\. Consumers are not charged\./,
    costPrivate: /You are not charged for the call-out\./,
    accept: 'Please confirm that a call-out without an emergency is charged by the price list.',
    beside: 'Add sensitive data',
    sent: 'We are calling somebody who looks after it.',
    priority: 'Critical',
    nobody: 'Nobody has looked at it yet.',
    escalation: 'Escalation',
    newStep: 'New step',
    bar: 'One critical ticket waits for somebody to take over.',
    next: 'The next call goes out:',
    take: 'I take over',
    taken: 'You have taken over the ticket.',
    lookedAfter: 'Sina Krüger is looking after this ticket now',
    secrets: 'Sensitive data',
    open: 'Open',
    opened: 'Sina Krüger looked at sensitive data: Zugang zum Webserver',
    lookedAt: 'Looked at by',
    answerClose: 'Reply and close',
    closed: 'Closed',
    gone: 'Deleted after closing',
    alarm: 'Critical ticket: please take over',
  },
};

const thies = { first: 'Thies', last: 'Carstens', email: 'thies@fischhandel.example', password: 'Kutter-und-Krabben-im-Hafen-77' };
const sina = { email: 'sina@nordlicht.example', name: 'Sina Krüger', password: 'Leuchtturm-am-Deich-1887', role: 'admin' };
const night = 'nachtdienst@nordlicht.example';
const subject = 'Bestellungen kommen nicht an';
const text = 'Seit 6 Uhr nimmt der Laden keine Bestellung an. Sie erreichen mich unter 0431 5550134.';
const secret = { label: 'Zugang zum Webserver', user: 'hafenmeister', text: 'Miesmuschel-74-Priel-Queller' };
const reason = 'Dienst des Ladens neu starten';
const minutes = 10;
const days = 3;

// A receiver of webhooks that keeps what it gets.
async function receiver() {
  const calls = [];
  const house = createServer(async (request, response) => {
    let body = '';
    for await (const part of request.setEncoding('utf8')) body += part;
    calls.push({ path: request.url, headers: request.headers, body });
    response.writeHead(204).end();
  }).listen(0, '127.0.0.1');
  await once(house, 'listening');
  return { url: `http://127.0.0.1:${house.address().port}/ruf`, calls, stop: () => house.close() };
}

// TRESEN_TEST_WALK=SQLite walks those alone whose names begin so.
const only = process.env.TRESEN_TEST_WALK ?? '';
// Two walks beside each other, each of them one step after the other.
describe('an emergency', { concurrency: 2 }, () => {
  let browser;
  before(async () => { browser = await launch(); });
  after(() => browser?.close());

  for (const walk of walks.filter(({ name }) => name.startsWith(only))) {
    const say = words[walk.language ?? 'de'];
    describe(walk.name, { concurrency: false }, () => {
      let sink, portal, customer, desk, hook, key, ticket, thread, number;
      // Every answer that either of them got.
      const answers = [];

      before(async () => {
        [sink, hook] = await Promise.all([startSink(), receiver()]);
        const env = {
          TRESEN_SUPPORT__WEBHOOK_PRIVATE: 'true',
          TRESEN_SUPPORT__SECRET_DAYS: String(days),
          TRESEN_PROVIDER__LANGUAGE: walk.language ?? 'de',
        };
        portal = await server({ engine: walk.engine, smtp: sink.url, env });
        customer = await person(browser, { ...walk, url: portal.url, name: `${walk.name} Kunde` });
        desk = await person(browser, { ...walk, url: portal.url, name: `${walk.name} Personal` });
        for (const { page } of [customer, desk]) {
          page.on('response', (answer) => {
            if (['document', 'fetch', 'xhr'].includes(answer.request().resourceType())) {
              answers.push(answer.text().then((body) => ({ url: answer.url(), body }), () => ({ url: answer.url(), body: '' })));
            }
          });
        }
      });
      after(async () => {
        for (const who of [customer, desk]) await who?.close();
        hook?.stop();
        try {
          await portal?.stop();
        } finally {
          await sink?.stop();
        }
      });

      const stretch = stretches(60_000, { people: () => [customer, desk], portal: () => portal });

      const now = () => Date.now() * 1000;
      const settled = async (kind) => {
        for (const late = Date.now() + 20_000; ;) {
          if (await portal.ask(`SELECT count(*) FROM jobs WHERE kind = '${kind}' AND run_at <= ${now()}`) === '0') return;
          assert.ok(Date.now() < late, `${kind} does not end`);
          await new Promise((next) => setTimeout(next, 100));
        }
      };
      // Whoever is to be called next is due now.
      const callsNext = async () => {
        await portal.ask(`UPDATE escalations SET due_at = due_at - ${minutes * 60_000_000}`);
        await portal.ask(`UPDATE jobs SET run_at = run_at - ${minutes * 60_000_000} WHERE kind = 'support.escalate'`);
        await settled('support.escalate');
      };
      // Hourly work is due now.
      const sweeps = async () => {
        const fired = now() + 1;
        await portal.ask(`UPDATE schedules SET next_run = ${now()} WHERE name = 'support.expire-secrets'`);
        for (const late = Date.now() + 20_000; ;) {
          if (await portal.ask(`SELECT count(*) FROM schedules WHERE name = 'support.expire-secrets' AND next_run > ${fired}`) === '1') break;
          assert.ok(Date.now() < late, 'the schedule does not fire');
          await new Promise((next) => setTimeout(next, 100));
        }
        await settled('support.expire-secrets');
      };
      const goes = (page, act) => Promise.all([page.waitForNavigation(), act]);

      stretch('SUP-4: the desk sets whom an emergency calls: a person, a webhook, after ten minutes the night', async () => {
        await hire(desk, { portal }, sina);
        const { page, look, follow } = desk;
        const main = page.locator('main');
        await follow(say.escalation);
        await page.waitForURL('**/desk/eskalation');
        await look('escalation, nothing set');
        const step = async (fields) => {
          await page.goto('/desk/eskalation');
          await goes(page, main.getByRole('link', { name: say.newStep }).click());
          for (const [name, value] of Object.entries(fields)) {
            const field = main.locator(`[name=${name}]`);
            if (await field.evaluate((it) => it.matches('select'))) await field.selectOption(value);
            else await field.fill(value);
          }
          await send(page);
        };
        await step({ kind: 'staff', staff: { label: sina.name }, minutes: '0', position: '10' });
        await step({ kind: 'webhook', target: 'ftp://127.0.0.1/', minutes: '0', position: '20' });
        await look('step with faults');
        await step({ kind: 'webhook', target: hook.url, minutes: '0', position: '20' });
        key = await main.locator('.code').textContent();
        assert.match(key, /^whsec_/);
        await look('key of the webhook');
        await step({ kind: 'mail', target: night, minutes: String(minutes), position: '30' });
        await look('steps');
        assert.equal(await main.locator('ol li').count(), 3);
      });

      stretch('SUP-4: a customer is told what a call-out costs before it is declared', async () => {
        await register(customer, { sink, portal }, thies);
        const { page, look, follow } = customer;
        const main = page.locator('main');
        if (walk.firm) {
          await page.goto('/konto/daten');
          await main.locator('[name=kind]').selectOption('company');
          await main.locator('[name=company]').fill('Fischhandel Carstens');
          await send(page);
        }
        await page.goto('/');
        await follow(say.menu);
        await page.waitForURL('**/tickets');
        await goes(page, main.getByRole('link', { name: say.fresh }).first().click());
        await goes(page, main.getByRole('link', { name: say.declare }).click());
        assert.equal(new URL(page.url()).pathname, '/tickets/neu/kritisch');
        await main.getByText(walk.firm ? say.costFirm : say.costPrivate).waitFor();
        assert.deepEqual(await main.locator('[name=emergency] + span').allTextContents(), say.emergencies);
        assert.equal(await main.locator('[name=accept]').count(), walk.firm ? 1 : 0, 'a consumer accepts no price');
        await look('emergency');
      });

      stretch('SUP-3, SUP-4: declared, with sensible data beside the text', async () => {
        const { page, look } = customer;
        const main = page.locator('main');
        const fill = async () => {
          await main.getByLabel(say.emergencies[2]).check();
          await main.locator('[name=subject]').fill(subject);
          await main.locator('[name=text]').fill(text);
          const fold = main.locator('details', { hasText: say.beside });
          if (!await fold.evaluate((it) => it.open)) await fold.locator('summary').click();
          await fold.locator('[name=secret_label]').fill(secret.label);
          await fold.locator('[name=secret_user]').fill(secret.user);
          await fold.locator('[name=secret_text]').fill(secret.text);
        };
        await fill();
        if (walk.firm) {
          await send(page);
          await main.getByText(say.accept).first().waitFor();
          assert.equal(await main.locator('[name=secret_text]').inputValue(), '', 'what is secret is not sent back');
          await look('emergency with faults');
          await fill();
          await main.locator('[name=accept]').check();
        }
        await send(page);
        ticket = new URL(page.url()).pathname;
        assert.match(ticket, /^\/tickets\/[0-9a-f-]+$/);
        await page.getByText(say.sent).waitFor();
        await main.getByText(say.priority, { exact: true }).first().waitFor();
        await look('critical ticket');
        await goes(page, main.getByRole('link', { name: say.beside }).click());
        await main.getByRole('heading', { name: secret.label }).waitFor();
        await main.getByText(say.nobody).waitFor();
        await look('sensible data');
      });

      stretch('SUP-4: the first two are called at once, by mail and by a signed webhook', async () => {
        const mail = await sink.next({ to: sina.email, subject: say.alarm });
        thread = linksIn(mail).find((link) => link.startsWith(`${portal.url}/desk/`));
        assert.ok(thread, `where to take over, in:\n${mail.text}`);
        for (const typed of [subject, text, thies.last]) assert.ok(!mail.raw.includes(typed), `"${typed}" in the alarm`);
        for (const late = Date.now() + 20_000; hook.calls.length === 0;) {
          assert.ok(Date.now() < late, 'no webhook came');
          await new Promise((next) => setTimeout(next, 100));
        }
        const [{ path: at, headers, body }] = hook.calls;
        assert.equal(at, '/ruf');
        const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
        const expected = createHmac('sha256', Buffer.from(key.slice('whsec_'.length), 'base64')).update(signed).digest('base64');
        assert.equal(headers['webhook-signature'], `v1,${expected}`);
        assert.ok(Math.abs(headers['webhook-timestamp'] * 1000 - Date.now()) < 60_000);
        const { type, data } = JSON.parse(body);
        assert.equal(type, 'ticket.critical');
        assert.deepEqual([data.priority, data.emergency, data.url], ['critical', 'site', thread]);
        number = data.number;
        assert.ok(!body.includes(subject) && !body.includes('Bestellung'), 'the webhook says nothing of what stands in the ticket');
      });

      stretch('SUP-4: nobody takes over for ten minutes, and the next one is called', async () => {
        const { page, look } = desk;
        await page.goto('/desk');
        await page.getByText(say.bar).waitFor();
        await look('desk with the bar');
        await page.goto('/desk/eskalation');
        const due = page.locator('main .card p', { hasText: say.next }).locator('time');
        const wait = (new Date(await due.getAttribute('datetime')) - Date.now()) / 60_000;
        assert.ok(wait > minutes - 2 && wait <= minutes, `in ${wait} minutes`);
        await look('escalation, waiting');
        assert.equal((await sink.mails()).filter((mail) => mail.recipients.includes(night)).length, 0, 'not before its time');
        await callsNext();
        await sink.next({ to: night });
      });

      stretch('SUP-4: one click at the desk takes over, and nobody is called any more', async () => {
        const { page, look } = desk;
        await page.goto('/desk/eskalation');
        await page.locator('main .card', { hasText: night }).waitFor();
        await goes(page, page.getByRole('button', { name: say.take }).click());
        assert.equal(page.url(), thread);
        await page.getByText(say.taken).waitFor();
        await page.getByText(say.lookedAfter).waitFor();
        await look('taken over');
        assert.equal(await page.getByText(say.bar).count(), 0);
        const [mails, calls] = [(await sink.mails()).length, hook.calls.length];
        await callsNext();
        await callsNext();
        assert.deepEqual([(await sink.mails()).length, hook.calls.length], [mails, calls]);
        await page.goto('/desk/eskalation');
        await look('escalation, taken over');
      });

      stretch('SUP-3: staff opens the sensible data with a reason, and sees them once', async () => {
        const { page, look } = desk;
        const main = page.locator('main');
        await page.goto(thread);
        await goes(page, main.getByRole('link', { name: say.secrets, exact: true }).click());
        await look('sealed');
        await goes(page, main.locator('.card', { hasText: secret.label }).getByRole('link', { name: say.open }).click());
        await look('asked for a reason');
        await send(page, 'main .section form');
        await main.locator('[aria-invalid=true]').waitFor();
        await look('no reason');
        await main.locator('[name=reason]').fill(reason);
        await send(page, 'main .section form');
        assert.equal(await main.locator('pre').textContent(), secret.text);
        assert.equal(await main.locator('.code').textContent(), secret.user);
        await look('opened');
        await page.goto(`${thread}/sensible-daten`);
        await main.getByText(reason).waitFor();
        await look('noted on the desk');
      });

      stretch('SUP-3: the customer sees who looked, when and why, and cannot read it back', async () => {
        const { page, look } = customer;
        const main = page.locator('main');
        await page.goto(ticket);
        await main.getByText(say.opened).waitFor();
        await look('ticket after the opening');
        await page.goto(`${ticket}/sensible-daten`);
        const card = main.locator('.card', { hasText: secret.label });
        await card.getByText(say.lookedAt).waitFor();
        const line = card.locator('li', { hasText: sina.name });
        await line.getByText(reason).waitFor();
        const at = new Date(await line.locator('time').getAttribute('datetime'));
        assert.ok(Math.abs(at - Date.now()) < 120_000, `looked at ${at}`);
        await look('who looked');
      });

      stretch(`SUP-3: closed, and ${days} days later the sensible data are gone`, async () => {
        const { page, look } = desk;
        const main = page.locator('main');
        await page.goto(thread);
        const sent = (await sink.mails()).at(-1).number;
        await main.locator('#antworten textarea[name=text]').fill('Der Laden nimmt wieder Bestellungen an.');
        await goes(page, main.getByRole('button', { name: say.answerClose }).click());
        await main.locator('dl.props .state', { hasText: say.closed }).waitFor();
        await look('closed');
        await sink.next({ to: thies.email, after: sent });
        const kept = () => portal.ask('SELECT count(*) FROM ticket_secrets WHERE sealed IS NOT NULL OR sealed_key IS NOT NULL');
        const later = (hours) => portal.ask(`UPDATE tickets SET closed_at = closed_at - ${hours * 3_600_000_000} WHERE number = ${number}`);
        await later(days * 24 - 1);
        await sweeps();
        assert.equal(await kept(), '1', 'an hour before they are still there');
        await later(1);
        await sweeps();
        assert.equal(await kept(), '0');
        await page.goto(`${thread}/sensible-daten`);
        await main.getByText(say.gone).waitFor();
        assert.equal(await main.getByRole('link', { name: say.open }).count(), 0);
        await look('gone, at the desk');
        await customer.page.goto(`${ticket}/sensible-daten`);
        await customer.page.getByText(say.gone).waitFor();
        await customer.page.getByText(reason).waitFor();
        await customer.look('gone, who looked stays');
      });

      stretch('SUP-3: what was secret stood on one answer alone: in no mail, no page, no webhook, no log, no file', async () => {
        const canaries = [secret.text, secret.user];
        for (const canary of canaries) {
          const mails = await sink.mails();
          assert.ok(mails.length >= 4, `${mails.length} mails`);
          for (const mail of mails) {
            for (const part of [mail.raw, mail.text, mail.html, mail.subject]) assert.ok(!part.includes(canary), `"${canary}" in a mail to ${mail.to}`);
          }
          for (const { body } of hook.calls) assert.ok(!body.includes(canary), `"${canary}" in a webhook`);
          assert.ok(portal.logs().includes('/tickets/neu/kritisch'), 'the log tells of the post');
          assert.ok(!portal.logs().includes(canary), `"${canary}" in the log`);
          const got = await Promise.all(answers);
          assert.ok(got.filter(({ body }) => body).length >= 30, 'the answers were read');
          const shown = got.filter(({ body }) => body.includes(canary)).map(({ url }) => new URL(url).pathname);
          // a refused form shows its author the user name again, never the secret
          const own = walk.firm && canary === secret.user ? ['/tickets/neu/kritisch'] : [];
          assert.deepEqual(shown, [...own, `${new URL(thread).pathname}/sensible-daten/oeffnen`]);
          for (const entry of fs.readdirSync(portal.folder, { recursive: true, withFileTypes: true })) {
            if (!entry.isFile()) continue;
            const file = path.join(entry.path, entry.name);
            assert.ok(!fs.readFileSync(file).includes(canary), `"${canary}" in ${file}`);
          }
        }
      });
    });
  }
});
