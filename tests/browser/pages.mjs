// Every page and page state of the demo, and how to come there. The states' test looks at all of them; those with `picture` stand
// under docs/pictures.
import { send } from './lib.mjs';

const submitted = (form, entries = {}) => async (page) => {
  await page.goto(form);
  for (const [name, value] of Object.entries(entries)) {
    const field = page.locator(`main form [name="${name}"]`).last();
    if (value === true) await field.check();
    else if (await field.evaluate((it) => it.matches('select'))) await field.selectOption(value);
    else await field.fill(value);
  }
  await send(page);
};

// The first link of a page whose address fits.
const through = (list, fits) => async (page) => {
  await page.goto(list);
  const links = await page.locator('main a').evaluateAll((found) => found.map((link) => link.getAttribute('href')));
  const target = links.find((href) => fits.test(href));
  if (!target) throw new Error(`${list} links to nothing like ${fits}`);
  await page.goto(target);
};

const id = '[0-9a-f-]{32,36}';
const thread = new RegExp(`^/nachrichten/${id}`);
const ticket = new RegExp(`^/desk/tickets/${id}`);
const own = new RegExp(`^/tickets/${id}$`);
const customer = new RegExp(`^/desk/kunden/${id}`);
const address = new RegExp(`^/konto/adressen/${id}$`);
const contact = new RegExp(`^/konto/kontakte/${id}$`);
const ownMail = new RegExp(`^/konto/mails/${id}`);
const colleague = new RegExp(`^/desk/mitarbeiter/${id}`);
const mail = new RegExp(`^/desk/vorgaenge/mails/${id}`);

const article = new RegExp(`^/desk/wissen/artikel/${id}$`);
const of = (rest) => async (page) => { await through('/desk/wissen?suche=Postfach+ist+voll', article)(page); await page.goto(`${new URL(page.url()).pathname}/${rest}`); };
const difference = async (page) => {
  await of('text?sprache=de')(page);
  const body = page.locator('main [name=body]');
  await body.fill(`${await body.inputValue()}\n\nNachgetragen.`);
  await send(page);
  await of('versionen?sprache=de')(page);
  await Promise.all([page.waitForNavigation(), page.locator('main a[href*="/vergleich"]').first().click()]);
};
const preview = async (page) => {
  await page.goto('/desk/wissen/neu');
  await page.locator('main [name=title]').fill('Umlaute in Dateinamen');
  await page.locator('main [name=body]').fill('## Warum\n\nText mit **Fettem**, einer Liste und einem Verweis:\n\n- [Übersicht](/wissen)\n- `ls -l`');
  await Promise.all([page.waitForNavigation(), page.locator('main [name=vorschau]').click()]);
};

const activation = async (page) => {
  const email = `neu-${Math.random().toString(36).slice(2, 8)}@post.example`;
  await submitted('/registrieren', { first_name: 'Inken', last_name: 'Jürgensen', email, consent: true })(page);
  for (const late = Date.now() + 15_000; Date.now() < late;) {
    await page.goto('/demo');
    const row = page.getByRole('row', { name: email }).getByRole('link');
    if (await row.count() > 0) {
      await row.first().click();
      await page.locator('main a[href*="/aktivieren/"]').first().click();
      await page.locator('main form').waitFor();
      return;
    }
    await new Promise((next) => setTimeout(next, 200));
  }
  throw new Error('no activation mail came');
};

const nowhere = { email: 'niemand@post.example', password: 'falsch und falsch' };
const wholeAddress = { first_name: 'Jana', last_name: 'Petersen', street: 'Große Straße 7a', town: 'Gänserndorf', country: 'AT' };

// A contact's page; of a new one, where there is none yet.
const aContact = async (page) => {
  await page.goto('/konto/kontakte');
  if (await page.locator('main a[href^="/konto/kontakte/0"]').count() === 0) {
    await submitted('/konto/kontakte/neu', { name: 'Buchhaltung', email: 'buchhaltung@post.example', invoices: true })(page);
  }
  await through('/konto/kontakte', contact)(page);
};

// A tab of the first customer's file, and a page below it.
const tab = (name) => async (page) => {
  await through('/desk/kunden', customer)(page);
  await page.locator(`main .tabs a[href*="${name}"]`).first().click();
};
const under = (name) => async (page) => {
  await through('/desk/kunden', customer)(page);
  await page.goto(`${new URL(page.url()).pathname}/${name}`);
};

// The form that asks staff why they want to look with a customer's eyes, and a page of the portal seen with them.
const askToLook = async (page) => {
  await through('/desk/kunden?suche=petersen', customer)(page);
  await page.goto(`${new URL(page.url()).pathname}/ansicht`);
};
const asCustomer = (path) => async (page) => {
  await askToLook(page);
  await page.locator('main [name=reason]').fill('Frage zur Rechnungsadresse');
  await send(page);
  await page.goto(path);
};

export const pages = {
  guest: [
    { name: 'start', open: '/', picture: true },
    { name: 'anmelden', open: '/anmelden', picture: true },
    { name: 'anmelden-falsch', open: submitted('/anmelden', { login: nowhere.email, password: nowhere.password }), status: 422, picture: true },
    { name: 'registrieren', open: '/registrieren', picture: true },
    { name: 'registrieren-fehler', open: submitted('/registrieren'), status: 422, picture: true },
    { name: 'registriert', open: '/registrieren/bestaetigt', picture: true },
    { name: 'aktivieren', open: activation, picture: true },
    { name: 'aktivieren-fehler', open: async (page) => { await activation(page); await page.locator('main [name=password]').fill('kurz'); await send(page); }, status: 422 },
    { name: 'link-unbekannt', open: '/aktivieren/nie-verschickt', status: 410, picture: true },
    { name: 'passwort-vergessen', open: '/passwort', picture: true },
    { name: 'passwort-vergessen-leer', open: submitted('/passwort'), status: 422 },
    { name: 'passwort-angefordert', open: '/passwort/gesendet', picture: true },
    { name: 'passwort-link-unbekannt', open: '/passwort/neu/nie-verschickt', status: 410 },
    { name: 'adresse-link-unbekannt', open: '/adresse-bestaetigen/nie-verschickt', status: 410 },
    { name: 'stopp-link-unbekannt', open: '/adresse-stoppen/nie-verschickt', status: 410 },
    { name: 'einladung-unbekannt', open: '/einladung/nie-verschickt', status: 410 },
    { name: 'datenschutz', open: '/datenschutz', picture: true },
    { name: 'impressum', open: '/impressum' },
    { name: 'agb', open: '/agb' },
    { name: 'widerruf', open: '/widerruf' },
    { name: 'barrierefreiheit', open: '/barrierefreiheit' },
    { name: 'wissen', open: '/wissen', picture: true },
    { name: 'wissen-alle', open: '/wissen/alle' },
    { name: 'wissen-ordner', open: '/wissen/ordner/e-mail' },
    { name: 'wissen-kategorie', open: through('/wissen', /^\/wissen\/kategorie\//) },
    { name: 'wissen-artikel', open: '/wissen/artikel/fehler-500-502-503', picture: true },
    { name: 'wissen-artikel-papier', open: '/wissen/artikel/fehler-500-502-503/drucken' },
    { name: 'wissen-feedback-leer', open: async (page) => { await page.goto('/wissen/artikel/postfach-voll'); await send(page, '#feedback'); }, status: 422 },
    { name: 'wissen-suche', open: '/wissen/suche?suche=Postfach', picture: true },
    { name: 'wissen-suche-nichts', open: '/wissen/suche?suche=qqqqq' },
    { name: 'wissen-vorschlaege', open: '/wissen/vorschlaege' },
    { name: 'wissen-vorschlaege-treffer', open: submitted('/wissen/vorschlaege', { subject: 'Mein Postfach ist voll' }) },
    { name: 'ticket-einreichen', open: '/ticket-einreichen', picture: true },
    { name: 'ticket-einreichen-fehler', open: submitted('/ticket-einreichen', { text: 'Wie lange dauert ein Umzug?' }), status: 422, picture: true },
    { name: 'nicht-gefunden', open: '/gibt-es-nicht', status: 404, picture: true },
    { name: 'methode', open: '/abmelden', status: 405 },
    {
      name: 'formular-veraltet',
      status: 403,
      open: async (page) => {
        await page.goto('/registrieren');
        await page.locator('main [name=csrf]').evaluate((it) => { it.value = 'x'; });
        await send(page);
      },
    },
    { name: 'demo', open: '/demo', picture: true },
    { name: 'demo-mail', open: through('/demo', /^\/demo\/mails\//), picture: true },
    { name: 'desk-anmelden', open: '/desk/anmelden', picture: true },
    { name: 'desk-anmelden-falsch', open: submitted('/desk/anmelden', nowhere), status: 422 },
    { name: 'desk-einladung-alt', open: '/desk/einladung/nie-verschickt', status: 410 },
  ],
  customer: [
    // first, while the sign-in is fresh
    { name: 'zwei-faktor', open: '/profil/zwei-faktor', picture: true },
    { name: 'zwei-faktor-app', open: '/profil/zwei-faktor/app', picture: true },
    { name: 'zwei-faktor-app-falsch', open: submitted('/profil/zwei-faktor/app', { code: '000000' }), status: 422 },
    { name: 'passkeys', open: '/profil/passkeys', picture: true },
    { name: 'profil-adresse-neu', open: '/profil/adressen/neu' },
    { name: 'profil-adresse-falsch', open: submitted('/profil/adressen/neu', { email: 'anna@' }), status: 422 },
    { name: 'profil', open: '/profil', picture: true },
    { name: 'profil-passwort', open: '/profil/passwort', picture: true },
    { name: 'profil-passwort-leer', open: submitted('/profil/passwort'), status: 422 },
    { name: 'geraete', open: '/profil/geraete', picture: true },
    { name: 'start-angemeldet', open: '/', picture: true },
    { name: 'konto', open: '/konto', picture: true },
    { name: 'konto-bearbeiten', open: '/konto/bearbeiten', picture: true },
    { name: 'konto-bearbeiten-passwort', open: submitted('/konto/bearbeiten', { change_password: true }), status: 422, picture: true },
    { name: 'kontodetails', open: '/konto/daten', picture: true },
    { name: 'kontakte', open: '/konto/kontakte', picture: true },
    { name: 'kontakt-neu', open: '/konto/kontakte/neu' },
    { name: 'kontakt-leer', open: submitted('/konto/kontakte/neu'), status: 422, picture: true },
    { name: 'kontakt-aendern', open: aContact },
    { name: 'kontakt-loeschen', open: async (page) => { await aContact(page); await page.goto(`${new URL(page.url()).pathname}/loeschen`); } },
    { name: 'mailverlauf', open: '/konto/mails', picture: true },
    { name: 'mailverlauf-mail', open: through('/konto/mails', ownMail), picture: true },
    { name: 'adressbuch', open: '/konto/adressen', picture: true },
    { name: 'adresse-neu', open: '/konto/adressen/neu', picture: true },
    { name: 'adresse-leer', open: submitted('/konto/adressen/neu'), status: 422 },
    { name: 'adresse-fehler', open: submitted('/konto/adressen/neu', { ...wholeAddress, postcode: '24103' }), status: 422, picture: true },
    { name: 'adresse-aendern', open: through('/konto/adressen', address) },
    { name: 'adresse-loeschen', open: async (page) => { await through('/konto/adressen', address)(page); await page.goto(`${new URL(page.url()).pathname}/loeschen`); } },
    { name: 'nachrichten', open: '/nachrichten', picture: true },
    { name: 'nachricht', open: through('/nachrichten', thread), picture: true },
    { name: 'antwort-leer', open: async (page) => { await through('/nachrichten', thread)(page); await send(page); }, status: 422 },
    { name: 'nachricht-neu', open: '/nachrichten/neu', picture: true },
    { name: 'nachricht-neu-artikel', open: async (page) => { await page.goto('/nachrichten/neu'); await page.locator('main textarea').fill('Mein Postfach ist voll'); await page.locator('[data-offer] li a').first().waitFor(); }, picture: true },
    { name: 'nachricht-fehler', open: submitted('/nachrichten/neu'), status: 422, picture: true },
    { name: 'tickets', open: '/tickets', picture: true },
    { name: 'tickets-nichts', open: '/tickets?suche=gibtesnicht' },
    { name: 'tickets-fruehere', open: '/tickets/fruehere' },
    { name: 'adresse-erreichbar', open: '/profil/nicht-erreichbar' },
    { name: 'ticket-neu', open: '/tickets/neu', picture: true },
    { name: 'ticket-neu-fehler', open: submitted('/tickets/neu'), status: 422 },
    { name: 'ticket', open: through('/tickets', own), picture: true },
    { name: 'ticket-antwort-leer', open: async (page) => { await through('/tickets', own)(page); await send(page, '#antwort-senden'); }, status: 422 },
    { name: 'ticket-details', open: async (page) => { await through('/tickets', own)(page); await page.goto(`${new URL(page.url()).pathname}/details`); }, picture: true },
    { name: 'ticket-personen', open: async (page) => { await through('/tickets', own)(page); await page.goto(`${new URL(page.url()).pathname}/personen`); }, picture: true },
    { name: 'konto-nicht-gefunden', open: '/konto/adressen/01234567-89ab-7def-8123-456789abcdef', status: 404 },
  ],
  guarded: [
    { name: 'konto-wenige-rechte', open: '/konto' },
    { name: 'ohne-recht', open: '/konto/adressen', status: 403, picture: true },
  ],
  staff: [
    { name: 'desk', open: '/desk', picture: true },
    { name: 'desk-nachrichten', open: '/desk/tickets', picture: true },
    { name: 'desk-nachrichten-ueberfaellig', open: '/desk/tickets?zustand=ueberfaellig' },
    { name: 'desk-nachrichten-geschlossen', open: '/desk/tickets?zustand=geschlossen' },
    { name: 'desk-nachrichten-nichts', open: '/desk/tickets?zustand=alle&suche=qqqq' },
    { name: 'desk-nachricht', open: through('/desk/tickets', ticket), picture: true },
    { name: 'desk-nachricht-geschlossen', open: through('/desk/tickets?zustand=geschlossen', ticket) },
    { name: 'desk-antwort-leer', open: async (page) => { await through('/desk/tickets', ticket)(page); await send(page, '#antworten form'); }, status: 422 },
    { name: 'desk-kunden', open: '/desk/kunden', picture: true },
    { name: 'desk-kunden-nichts', open: '/desk/kunden?suche=qqqq' },
    { name: 'desk-kundenakte', open: through('/desk/kunden', customer), picture: true },
    { name: 'desk-kundenakte-nachrichten', open: async (page) => { await through('/desk/kunden', customer)(page); await page.locator('main .tabs a[href*="reiter=desk-tickets"]').click(); } },
    { name: 'desk-kundenakte-mails', open: async (page) => { await through('/desk/kunden', customer)(page); await page.locator('main .tabs a[href*="reiter=mails-tab"]').click(); } },
    { name: 'desk-kundenakte-protokoll', open: async (page) => { await through('/desk/kunden', customer)(page); await page.locator('main .tabs a').last().click(); } },
    { name: 'desk-kundenakte-benutzer', open: tab('members'), picture: true },
    { name: 'desk-kundenakte-benutzer-einer', open: async (page) => { await through('/desk/kunden?suche=feinkost', customer)(page); await page.locator('main .tabs a[href*="members"]').first().click(); await page.locator('main tbody th a').first().click(); } },
    { name: 'desk-kundenakte-notizen', open: tab('notes'), picture: true },
    { name: 'desk-kundenakte-notiz-leer', open: async (page) => { await tab('notes')(page); await send(page, 'main .sheet form'); }, status: 422 },
    { name: 'desk-kundenakte-adressen', open: tab('addresses') },
    { name: 'desk-kundenakte-kontakte', open: tab('contacts') },
    { name: 'desk-kundenakte-daten', open: under('daten') },
    { name: 'desk-kundenakte-einladen', open: under('einladen'), picture: true },
    { name: 'desk-kundenakte-ansehen', open: askToLook, picture: true },
    { name: 'desk-kundenakte-ansehen-ohne-benutzer', open: under('ansicht') },
    { name: 'desk-kundenakte-ansehen-leer', open: async (page) => { await askToLook(page); await send(page); }, status: 422 },
    { name: 'als-kunde', open: asCustomer('/konto'), picture: true },
    { name: 'als-kunde-profil', open: asCustomer('/profil'), status: 403 },
    { name: 'als-kunde-einblicke', open: asCustomer('/konto/einblicke'), picture: true },
    { name: 'als-kunde-vorbei', open: async (page) => { await asCustomer('/konto')(page); await page.context().addCookies([{ name: 'tresen-ansicht', value: 'x', url: page.url() }]); await page.reload(); }, status: 403 },
    { name: 'desk-kunde-neu', open: '/desk/kunden/neu', picture: true },
    { name: 'desk-kunde-leer', open: submitted('/desk/kunden/neu'), status: 422 },
    { name: 'desk-mitarbeiter', open: '/desk/mitarbeiter', picture: true },
    { name: 'desk-mitarbeiter-neu', open: '/desk/mitarbeiter/neu' },
    { name: 'desk-mitarbeiter-leer', open: submitted('/desk/mitarbeiter/neu'), status: 422 },
    { name: 'desk-mitarbeiter-einer', open: through('/desk/mitarbeiter', colleague), picture: true },
    { name: 'desk-ich', open: '/desk/ich', picture: true },
    { name: 'desk-wissen', open: '/desk/wissen', picture: true },
    { name: 'desk-wissen-nichts', open: '/desk/wissen?suche=qqqq' },
    { name: 'desk-wissen-artikel', open: through('/desk/wissen', article), picture: true },
    { name: 'desk-wissen-artikel-fehler', open: async (page) => { await through('/desk/wissen', article)(page); await page.locator('main [name=slug]').fill(''); await send(page); }, status: 422 },
    { name: 'desk-wissen-schreiben', open: of('text?sprache=de'), picture: true },
    { name: 'desk-wissen-versionen', open: of('versionen?sprache=de') },
    { name: 'desk-wissen-unterschied', open: difference },
    { name: 'desk-wissen-feedback', open: of('feedback'), picture: true },
    { name: 'desk-wissen-neu', open: '/desk/wissen/neu' },
    { name: 'desk-wissen-leer', open: submitted('/desk/wissen/neu'), status: 422 },
    { name: 'desk-wissen-vorschau', open: preview },
    { name: 'desk-wissen-ordner', open: '/desk/wissen/ordner' },
    { name: 'desk-wissen-ordner-neu', open: '/desk/wissen/ordner/neu' },
    { name: 'desk-wissen-handbuecher', open: '/desk/wissen/handbuecher' },
    { name: 'desk-wissen-handbuch-leer', open: submitted('/desk/wissen/handbuecher/neu'), status: 422 },
    { name: 'desk-wissen-suchanfragen', open: '/desk/wissen/suchanfragen' },
    { name: 'desk-protokoll', open: '/desk/protokoll', picture: true },
    { name: 'desk-protokoll-nichts', open: '/desk/protokoll?von=2001-01-01&bis=2001-01-02' },
    { name: 'desk-mails', open: '/desk/vorgaenge/mails', picture: true },
    { name: 'desk-mail', open: through('/desk/vorgaenge/mails', mail), picture: true },
    { name: 'desk-mail-tot', open: async (page) => { await page.goto('/desk/vorgaenge/mails'); await page.locator('main .tabs a[href*="zustand="]').first().click(); await through(page.url(), mail)(page); } },
    { name: 'desk-aufgaben', open: '/desk/vorgaenge/jobs', picture: true },
    { name: 'desk-aufgaben-wartend', open: async (page) => { await page.goto('/desk/vorgaenge/jobs'); await page.locator('main .tabs').last().locator('a').nth(1).click(); } },
    { name: 'desk-suche', open: '/desk/suche?suche=jana', picture: true },
    { name: 'desk-suche-nichts', open: '/desk/suche?suche=qqqq' },
    { name: 'desk-nicht-gefunden', open: '/desk/gibt-es-nicht', status: 404 },
    { name: 'desk-tasten', open: async (page) => { await page.goto('/desk/tickets'); await page.keyboard.press('?'); await page.locator('dialog[open]').waitFor(); } },
  ],
};

export const come = async (page, { open }) => {
  await (typeof open === 'string' ? page.goto(open) : open(page));
  await page.waitForLoadState();
};

// Which door each of them takes, and as whom.
export const doors = {
  guest: null,
  customer: (house) => [house.customers[0], '/anmelden'],
  guarded: (house) => [house.customers[2], '/anmelden'],
  staff: (house) => [house.staff[1], '/desk/anmelden'],
};
