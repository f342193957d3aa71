// The account whole: a second factor that a forgotten password does not take away, a device ended from another one, a change of
// address stopped by the old one; at the desk a new customer who accepts, a user with few rights, and what every list can do.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch, oneTimeCode, person, server, stretches } from './lib.mjs';
import { linksIn, startSink } from './sink.mjs';

const walks = [
  { name: 'SQLite', engine: 'sqlite' },
  { name: 'PostgreSQL, without JavaScript', engine: 'postgresql', javaScript: false },
  { name: 'SQLite, 320 px wide, without JavaScript', engine: 'sqlite', width: 320, javaScript: false },
  { name: 'PostgreSQL, in English, 320 px wide, dark', engine: 'postgresql', language: 'en', width: 320, scheme: 'dark' },
];

const anna = { first: 'Anna-Lena', last: 'Thießen', email: 'anna@moebel.example', password: 'Wattwurm-und-Strandhafer-26' };
const newPassword = 'Deichschaf-im-Novemberregen-4';
const others = { stolen: 'boese@eva.example', tjark: 'tjark@werft.example', helper: 'hilfe@moebel.example' };
const ada = { name: 'Ada Petersen', email: 'ada@nordlicht.example', password: 'Leuchtturm-am-Deich-1887' };
const colleague = { name: 'Ole Jansen', email: 'ole@nordlicht.example' };

// Where a word is looked for, and no address or name.
const usedAlready = { de: /schon verwendet/, en: /(already )?been used|already/ };

// TRESEN_TEST_WALK=SQLite walks that one alone, for work on the walk itself.
const only = process.env.TRESEN_TEST_WALK;
for (const walk of walks.filter(({ name }) => !only || name === only)) {
  describe(`account: ${walk.name}`, () => {
    let sink, portal, browser, annas, desk, codes, file;
    let mailsSeen = 0;
    const people = [];

    const somebody = async (name, more = {}) => {
      const one = await person(browser, { ...walk, ...more, url: portal.url, name: `${walk.name} ${name}` });
      people.push(one);
      return one;
    };
    const mailTo = async (email) => {
      const mail = await sink.next({ to: email, after: mailsSeen });
      mailsSeen = mail.number;
      return mail;
    };
    // The first link of a mail below this path.
    const linkTo = async (email, path) => {
      for (;;) {
        const mail = await mailTo(email);
        const link = linksIn(mail).find((found) => found.startsWith(`${portal.url}${path}`));
        if (link) return link;
      }
    };

    before(async () => {
      sink = await startSink();
      portal = await server({ engine: walk.engine, smtp: sink.url });
      browser = await launch();
      annas = await somebody('Anna');
    });
    after(async () => {
      await browser?.close();
      try {
        await portal?.stop();
      } finally {
        await sink?.stop();
      }
    });

    const stretch = stretches(120_000, { people: () => people, portal: () => portal });

    stretch('AUTH-1: registers and activates', async () => {
      const { page } = annas;
      await page.goto('/registrieren');
      await submit(page, '/registrieren', { first_name: anna.first, last_name: anna.last, email: anna.email, consent: true });
      await page.goto(await linkTo(anna.email, '/aktivieren/'));
      await submit(page, '/aktivieren/', { password: anna.password, password_repeat: anna.password });
      assert.equal(new URL(page.url()).pathname, '/');
    });

    stretch('AUTH-6: sets up a second factor and keeps ten recovery codes', async () => {
      const { page, look } = annas;
      await page.goto('/profil');
      await look('profile');
      await page.goto('/profil/zwei-faktor');
      await look('two-factor');
      await page.goto('/profil/zwei-faktor/app');
      await look('app');
      await submit(page, '/profil/zwei-faktor/app', { code: '000000' });
      await look('app, wrong code');
      const secret = (await page.locator('main .code').textContent()).trim();
      await submit(page, '/profil/zwei-faktor/app', { code: oneTimeCode(secret) });
      codes = await page.locator('main .codes li').allTextContents();
      assert.equal(codes.length, 10);
      await look('recovery codes');
      await mailTo(anna.email);
    });

    // After the password nothing opens but the code's page; then the code.
    const signIn = async ({ page, look }, password, seen) => {
      await page.goto('/anmelden');
      await submit(page, '/anmelden', { login: anna.email, password });
      assert.equal(new URL(page.url()).pathname, '/anmelden/code');
      if (seen) await look(seen);
      await page.goto('/konto');
      assert.match(new URL(page.url()).pathname, /^\/anmelden/);
      await page.goto('/anmelden/code');
      await submit(page, '/anmelden/code', { code: codes.shift() });
      assert.equal(new URL(page.url()).pathname, '/konto');
    };

    stretch('AUTH-4: a forgotten password; the second factor stays asked', async () => {
      const { page, look } = await somebody('vergessen');
      await page.goto('/anmelden');
      await page.locator('main a[href^="/passwort"]').first().click();
      await look('forgotten');
      await submit(page, '/passwort', { login: '' });
      await look('forgotten, empty');
      await submit(page, '/passwort', { login: anna.email.toUpperCase() });
      await look('forgotten, asked');
      const link = await linkTo(anna.email, '/passwort/neu/');
      await page.goto(link);
      await page.goto(link);
      await look('new password');
      await submit(page, '/passwort/neu/', { new_password: 'kurz', new_password_repeat: 'kurz' });
      await look('new password, too short');
      await submit(page, '/passwort/neu/', { new_password: newPassword, new_password_repeat: newPassword });
      assert.equal(new URL(page.url()).pathname, '/anmelden', 'nobody is signed in by it');
      await look('sign-in after the new password');
      assert.equal((await page.goto(link)).status(), 410);
      await page.getByText(usedAlready[walk.language ?? 'de']).first().waitFor();
      await look('used link');
      // the sessions of before have ended
      await annas.page.goto('/konto');
      assert.equal(new URL(annas.page.url()).pathname, '/anmelden');
      await signIn({ page, look }, newPassword, 'code');
      await page.context().close();
      await signIn(annas, newPassword);
    });

    stretch('AUTH-8: a device is signed out from another one', async () => {
      const other = await somebody('anderes Gerät');
      await signIn(other, newPassword);
      const { page, look } = annas;
      await page.goto('/profil/geraete');
      await look('devices');
      const ends = page.locator('main form[action^="/profil/geraete/"][action$="/beenden"]:has(button.small)');
      const before = await ends.count();
      assert.ok(before >= 1, 'there is another device');
      // the last one signed in stands first
      await press(page, ends.first());
      assert.equal(await ends.count(), before - 1);
      await look('devices, one ended');
      const left = before - 1 > 0;
      if (left) await press(page, page.locator('main form[action="/profil/geraete/beenden"]'));
      await other.page.goto('/konto');
      assert.equal(new URL(other.page.url()).pathname, '/anmelden', 'ended at its next request');
      await page.goto('/konto');
      assert.equal(new URL(page.url()).pathname, '/konto', 'this one goes on');
      await other.page.context().close();
    });

    stretch('AUTH-7: a change of address is stopped by the old one', async () => {
      const { page, look } = annas;
      await page.goto('/profil/adressen/neu');
      await look('new address');
      await submit(page, '/profil/adressen/neu', { email: others.stolen });
      await page.goto('/profil');
      await look('address waits for its proof');
      const proof = await linkTo(others.stolen, '/adresse-bestaetigen/');
      await page.goto(proof);
      await look('proof of an address');
      await submit(page, '/adresse-bestaetigen/');
      await page.goto('/profil');
      await submit(page, '/profil/adressen/', {}, '[action$="/hauptadresse"]');
      await page.goto('/profil');
      await look('another primary address');
      // the old address hears of it, and takes it back
      const owner = await somebody('Besitzerin');
      let stop;
      for (;;) {
        const mail = await mailTo(anna.email);
        stop = linksIn(mail).find((link) => link.startsWith(`${portal.url}/adresse-stoppen/`));
        if (stop) break;
      }
      await owner.page.goto(stop);
      await owner.look('stop a change');
      await submit(owner.page, '/adresse-stoppen/');
      await owner.look('change stopped');
      await page.goto('/konto');
      assert.equal(new URL(page.url()).pathname, '/anmelden', 'all sessions have ended');
      await signIn(annas, newPassword);
      await page.goto('/profil');
      const first = await page.locator('main tbody tr').first().textContent();
      assert.ok(first.includes(anna.email), `the old address is the primary one again: ${first}`);
      await owner.page.context().close();
    });

    stretch('DESK-1: administration comes by a one-time link', async () => {
      desk = await somebody('Verwaltung');
      const { page } = desk;
      const said = await portal.cli('staff', 'add', '--email', ada.email, '--name', ada.name, '--role', 'admin');
      await page.goto(said.match(/https?:\/\/\S+/)[0]);
      await submit(page, '/desk/einladung/', { password: ada.password, password_repeat: ada.password });
      const secret = (await page.locator('main .code').first().textContent()).trim();
      await submit(page, '/desk/anmelden/', { code: oneTimeCode(secret) });
      // recovery codes may come first
      await page.goto('/desk');
      assert.equal(new URL(page.url()).pathname, '/desk');
    });

    stretch('DESK-5: staff makes a customer, who accepts', async () => {
      const { page, look } = desk;
      await page.goto('/desk/kunden/neu');
      await look('new customer');
      await submit(page, '/desk/kunden/neu', { first_name: 'Tjark', last_name: '' });
      await look('new customer, faults');
      await submit(page, '/desk/kunden/neu', { first_name: 'Tjark', last_name: 'Brodersen', email: others.tjark, locale: walk.language ?? 'de' });
      assert.match(new URL(page.url()).pathname, /^\/desk\/kunden\/[0-9a-f-]{32,36}$/);
      await look('customer file, invited');
      const tjark = await somebody('Tjark');
      const link = await linkTo(others.tjark, '/einladung/');
      await tjark.page.goto(link);
      await tjark.look('invitation');
      await submit(tjark.page, '/einladung/', { first_name: 'Tjark', last_name: 'Brodersen', password: 'kurz', password_repeat: 'lang' });
      await tjark.look('invitation, faults');
      const password = 'Krabbenkutter-vor-Husum-9';
      await submit(tjark.page, '/einladung/', { first_name: 'Tjark', last_name: 'Brodersen', password, password_repeat: password });
      await tjark.look('accepted');
      await tjark.page.goto('/konto');
      assert.match(await tjark.page.locator('body').textContent(), /K-1000\d/);
      const again = await somebody('noch einmal');
      assert.equal((await again.page.goto(link)).status(), 410);
      await again.look('used invitation');
      await again.page.context().close();
      await tjark.page.context().close();
    });

    stretch('ACC-6: a user with few rights sees few entries and meets 403s', async () => {
      const { page, look } = desk;
      await page.goto('/desk/kunden?suche=Thie');
      file = await page.locator('main tbody a[href^="/desk/kunden/"]').first().getAttribute('href');
      await page.goto(`${file}/einladen`);
      await look('invite a user');
      await submit(page, `${file}/einladen`, { email: others.helper, first_name: 'Hilke', last_name: 'Fries', locale: walk.language ?? 'de', holds: 'rights', ...onlyThese('account_view', 'addresses') });
      await look('invited');
      const helper = await somebody('Hilke');
      await helper.page.goto(await linkTo(others.helper, '/einladung/'));
      const password = 'Schafgarbe-hinterm-Haus-31';
      await submit(helper.page, '/einladung/', { first_name: 'Hilke', last_name: 'Fries', password, password_repeat: password });
      await helper.page.goto('/konto');
      await helper.look('overview with few rights');
      const links = await helper.page.locator('a').evaluateAll((all) => all.map((link) => link.getAttribute('href')));
      assert.ok(links.some((href) => href?.startsWith('/konto/adressen')), 'what is allowed has an entry');
      for (const hidden of ['/nachrichten', '/konto/mails', '/konto/kontakte', '/konto/bearbeiten', '/konto/daten']) {
        assert.ok(!links.includes(hidden), `${hidden} has none`);
        assert.equal((await helper.page.goto(hidden)).status(), 403, hidden);
      }
      await helper.look('without the right');
      assert.equal((await helper.page.goto('/konto/adressen')).status(), 200);
      // rights taken away hold at once
      await page.goto(file);
      await page.locator('main .tabs a[href*="members"], main .tabs a[href*="benutzer"]').first().click();
      await look('users of a customer');
      await page.locator('main tbody a').filter({ hasText: 'Hilke' }).click();
      await look('one user');
      await submit(page, `${file}/benutzer`, onlyThese('account_view', 'messages'), ':has([name=holds])');
      assert.equal((await helper.page.goto('/konto/adressen')).status(), 403);
      assert.equal((await helper.page.goto('/nachrichten')).status(), 200);
      await helper.page.context().close();
    });

    stretch('DESK-4: notes and a warning stand on the file', async () => {
      const { page, look } = desk;
      await page.goto(file);
      await page.locator('main .tabs a[href*="notes"], main .tabs a[href*="notiz"]').first().click();
      await look('notes, none');
      await submit(page, `${file}/notizen`, { text: 'Ruft lieber an als zu schreiben. <b>Ab 10 Uhr</b>' });
      await page.getByText('<b>Ab 10 Uhr</b>').first().waitFor();
      await look('notes');
      await press(page, page.locator(`main form[action^="${file}/notiz/anheften"]`).first());
      await submit(page, `${file}/warnhinweis`, { warning: 'Zahlt seit März nicht' });
      await page.goto(file);
      await page.getByText('Zahlt seit März nicht').first().waitFor();
      await look('file with a warning');
    });

    stretch('DESK-3, DESK-6, DESK-7: search, log and mails', async () => {
      const { page, look } = desk;
      await page.goto('/desk/suche?suche=brod');
      await page.getByText('Tjark').first().waitFor();
      await look('search');
      await page.goto('/desk/protokoll');
      await look('log');
      const fields = await page.locator('main form[action^="/desk/protokoll/export"]').first().evaluate((form) => {
        const way = form.querySelector('button[name]');
        return { ...Object.fromEntries(new FormData(form)), ...(way ? { [way.name]: way.value } : {}) };
      });
      const exported = await page.request.post(`${portal.url}/desk/protokoll/export`, { form: fields, headers: { origin: portal.url } });
      assert.equal(exported.status(), 200);
      assert.match(exported.headers()['content-disposition'] ?? '', /attachment/);
      assert.match(await exported.text(), /member/);
      await page.goto('/desk/vorgaenge/mails');
      await look('mails');
      const mails = await page.locator('main tbody a[href^="/desk/vorgaenge/mails/"]').evaluateAll((all) => all.map((link) => link.getAttribute('href')));
      let sent = false;
      for (const mail of mails) {
        await page.goto(mail);
        assert.ok(!/\/(aktivieren|einladung|passwort\/neu|adresse-stoppen|adresse-bestaetigen)\/[\w-]{20,}/.test(await page.content()), `${mail}: no link that lets somebody in`);
        const again = page.locator('main form[action$="/senden"]');
        if (sent || await again.count() === 0) continue;
        await look('mail');
        await press(page, again.first());
        await look('mail, sent again');
        sent = true;
      }
      assert.ok(sent, 'a mail can be sent once more');
      await page.goto('/desk/vorgaenge/jobs');
      await look('jobs');
    });

    stretch('DESK-9: a colleague is invited, changed and locked out', async () => {
      const { page, look } = desk;
      await page.goto('/desk/mitarbeiter');
      await look('staff');
      await page.goto('/desk/mitarbeiter/neu');
      await look('new colleague');
      await submit(page, '/desk/mitarbeiter/neu', { name: '', email: 'kein' });
      await look('new colleague, faults');
      await submit(page, '/desk/mitarbeiter/neu', { name: colleague.name, email: colleague.email, role: 'support' });
      const invitation = await linkTo(colleague.email, '/desk/einladung/');
      await page.goto('/desk/mitarbeiter');
      await page.locator('main tbody a').filter({ hasText: colleague.name }).click();
      await look('colleague');
      const one = new URL(page.url()).pathname;
      await submit(page, one, { role: 'sales' }, ':has([name=role])');
      await page.goto(one);
      await press(page, page.locator(`main form[action="${one}/sperren"]`));
      await look('colleague, locked');
      const ole = await somebody('Ole');
      assert.equal((await ole.page.goto(invitation)).status(), 410, 'the link of before is dead');
      await ole.page.context().close();
      await page.goto('/desk/ich');
      await look('own page at the desk');
    });

    stretch('ACC-3, ACC-5, ACC-7: account, contacts and mails of her own', async () => {
      const { page, look } = annas;
      await page.goto('/konto/bearbeiten');
      await look('edit account');
      await page.goto('/konto/daten');
      await look('account details');
      await page.goto('/konto/kontakte');
      await look('contacts, none');
      await page.goto('/konto/kontakte/neu');
      await look('new contact');
      await submit(page, '/konto/kontakte/neu', { name: '', email: 'x' });
      await look('new contact, faults');
      await submit(page, '/konto/kontakte/neu', { name: 'Buchhaltung', email: 'buchhaltung@moebel.example', invoices: true });
      assert.equal(new URL(page.url()).pathname, '/konto/kontakte');
      await look('contacts');
      await page.goto('/konto/mails');
      await look('mail history');
      await page.locator('main tbody a[href^="/konto/mails/"]').first().click();
      await look('one mail');
      assert.ok(!/\/(aktivieren|passwort\/neu)\/[\w-]{20,}/.test(await page.content()), 'no link that lets somebody in');
    });
  });
}

// Every box of a membership, of which these are ticked.
function onlyThese(...rights) {
  const all = ['account_view', 'account_edit', 'addresses', 'users', 'contacts', 'messages', 'tickets', 'mails'];
  return Object.fromEntries(all.map((right) => [right, rights.includes(right)]));
}

// Fills the form that posts below this path, and sends it past the browser's own checks.
async function submit(page, action, entries = {}, more = '') {
  const form = page.locator(`main form[method=post][action^="${action}"]${more}`).first();
  for (const [name, value] of Object.entries(entries)) {
    const field = form.locator(`[name="${name}"]`).last();
    if (value === true) await field.check();
    else if (value === false) await field.uncheck();
    else if (await field.evaluate((it) => it.matches('select'))) await field.selectOption(value);
    else await field.fill(value);
  }
  await press(page, form);
}

// Presses a form's button, unfolding what hides it.
async function press(page, form) {
  await form.evaluate((it) => { it.noValidate = true; });
  const button = form.locator('button:not([type=button])').first();
  await button.evaluate((it) => { const fold = it.closest('details'); if (fold) fold.open = true; });
  await Promise.all([page.waitForNavigation(), button.click()]);
}
