// AUTH-6 and AUTH-8 in Chromium, with its virtual authenticator: a passkey is made, used after the password and in its
// place; a recovery code stands in; a device is ended from another one.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { launch, oneTimeCode, person, server, stretches } from './lib.mjs';
import { linksIn, startSink } from './sink.mjs';
import { words } from './words.mjs';

const own = {
  de: {
    codes: 'Wiederherstellungscodes', kept: 'Ich habe die Codes aufbewahrt', create: 'Passkey anlegen', passkeys: 'Passkeys',
    byPasskey: 'Mit Passkey anmelden', confirm: 'Mit Passkey bestätigen', enterCode: 'Code eingeben', devices: 'Angemeldete Geräte',
    here: 'Dieses Gerät', end: /^Abmelden Chrome/, failed: /hat nicht geklappt/, script: /brauchen JavaScript/, setUp: 'Einrichten',
    app: 'Authenticator-App einrichten', on: 'Eingeschaltet', download: 'Herunterladen', name: 'Name',
  },
  en: {
    codes: 'Recovery codes', kept: 'I have kept the codes', create: 'Create passkey', passkeys: 'Passkeys',
    byPasskey: 'Sign in with a passkey', confirm: 'Confirm with a passkey', enterCode: 'Enter code', devices: 'Signed-in devices',
    here: 'This device', end: /^Sign out Chrome/, failed: /did not work/, script: /need JavaScript/, setUp: 'Set up',
    app: 'Set up an authenticator app', on: 'Switched on', download: 'Download', name: 'Name',
  },
};
const walks = [
  { name: 'SQLite', engine: 'sqlite' },
  { name: 'SQLite, 320 px wide, in English', engine: 'sqlite', width: 320, language: 'en' },
  { name: 'PostgreSQL, dark', engine: 'postgresql', scheme: 'dark' },
];
const inken = { first: 'Inken', last: 'Jürgensen', email: 'inken@post.example', password: 'Wattwurm-und-Strandhafer-26' };

// A key as a laptop or phone has it built in.
async function authenticator(page) {
  const client = await page.context().newCDPSession(page);
  await client.send('WebAuthn.enable', { enableUI: false });
  const options = {
    protocol: 'ctap2', ctap2Version: 'ctap2_1', transport: 'internal', hasResidentKey: true, hasUserVerification: true,
    isUserVerified: true, automaticPresenceSimulation: true,
  };
  const { authenticatorId } = await client.send('WebAuthn.addVirtualAuthenticator', { options });
  return { owner: (isUserVerified) => client.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified }) };
}

const only = process.env.TRESEN_TEST_WALK;
for (const walk of walks.filter(({ name }) => !only || name === only)) {
  describe(walk.name, { timeout: 300_000 }, () => {
    const say = { ...words[walk.language ?? 'de'], ...own[walk.language ?? 'de'] };
    let sink, portal, browser, laptop, phone, codes, key;

    before(async () => {
      sink = await startSink();
      portal = await server({ engine: walk.engine, smtp: sink.url });
      browser = await launch();
      laptop = await person(browser, { ...walk, url: portal.url, name: `${walk.name} Laptop` });
      phone = await person(browser, { ...walk, url: portal.url, name: `${walk.name} Telefon` });
    });
    after(async () => {
      await browser?.close();
      try {
        await portal?.stop();
      } finally {
        await sink?.stop();
      }
    });
    const stretch = stretches(60_000, { people: () => [laptop, phone], portal: () => portal });
    const password = async ({ page }) => {
      await page.goto('/anmelden');
      await page.getByLabel(say.who).fill(inken.email);
      await page.getByLabel(say.password, { exact: true }).fill(inken.password);
      await page.getByRole('main').getByRole('button', { name: say.signIn, exact: true }).click();
    };
    const leave = async ({ page }) => {
      await page.locator('form[action="/abmelden"]').first().evaluate((form) => form.submit());
      await page.waitForURL((url) => url.pathname === '/');
    };

    stretch('registers', async () => {
      const { page } = laptop;
      key = await authenticator(page);
      await page.goto('/registrieren');
      await page.getByLabel(say.firstName).fill(inken.first);
      await page.getByLabel(say.lastName).fill(inken.last);
      await page.getByLabel(say.email).fill(inken.email);
      await page.getByRole('checkbox').check();
      await page.getByRole('main').getByRole('button', { name: say.register }).click();
      const mail = await sink.next({ to: inken.email });
      await page.goto(linksIn(mail).find((link) => link.includes('/aktivieren/')));
      await page.getByLabel(say.password, { exact: true }).fill(inken.password);
      await page.getByLabel(say.passwordAgain).fill(inken.password);
      await page.getByRole('button', { name: say.activate }).click();
      await page.waitForURL((url) => url.pathname === '/');
    });

    stretch('AUTH-6: a passkey whose owner does not show up is not made', async () => {
      const { page, look } = laptop;
      await page.goto('/profil/passkeys');
      await look('passkeys, none');
      await key.owner(false);
      await page.getByRole('button', { name: say.create }).click();
      await page.getByText(say.failed).waitFor();
      await look('passkeys, failed');
      await key.owner(true);
    });

    stretch('AUTH-6: a passkey is made, and ten recovery codes come with it', async () => {
      const { page, look } = laptop;
      await page.getByLabel(say.name, { exact: true }).fill('Laptop & <Büro>');
      await page.getByRole('button', { name: say.create }).click();
      await page.getByRole('heading', { level: 1, name: say.codes }).waitFor();
      await look('recovery codes');
      codes = await page.locator('.codes li').allTextContents();
      assert.equal(codes.length, 10);
      const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: say.download }).click()]);
      const text = fs.readFileSync(await file.path(), 'utf8');
      for (const code of codes) assert.ok(text.includes(code), code);
      await page.getByRole('link', { name: say.kept }).click();
      await page.getByRole('link', { name: 'Laptop & <Büro>' }).waitFor();
      await look('passkeys, one');
      await page.getByRole('link', { name: 'Laptop & <Büro>' }).click();
      await look('one passkey');
      await page.goto('/profil/zwei-faktor');
      await page.getByText(say.on, { exact: true }).waitFor();
      await look('two-factor overview');
    });

    stretch('AUTH-6: an app is set up beside it', async () => {
      const { page, look } = laptop;
      await page.goto('/profil/zwei-faktor/app');
      await page.getByRole('heading', { level: 1, name: say.app }).waitFor();
      await look('app');
      const secret = await page.locator('.code').textContent();
      await page.locator('main [name=code]').fill('000000');
      await page.getByRole('button', { name: say.setUp }).click();
      await page.locator('main .notice.bad').waitFor();
      await look('app, wrong code');
      assert.equal(await page.locator('.code').textContent(), secret, 'the same secret again');
      await page.locator('main [name=code]').fill(oneTimeCode(secret));
      await page.getByRole('button', { name: say.setUp }).click();
      await page.waitForURL((url) => url.pathname === '/profil/zwei-faktor');
      await look('two-factor overview, with app');
      await leave(laptop);
    });

    stretch('AUTH-6: after the password the passkey is asked for', async () => {
      const { page, look } = laptop;
      await password(laptop);
      await page.getByRole('heading', { level: 1, name: say.enterCode }).waitFor();
      await look('second factor');
      await page.goto('/konto');
      assert.equal(new URL(page.url()).pathname, '/anmelden/code', 'nothing else opens');
      await page.getByRole('button', { name: say.confirm }).click();
      await page.waitForURL((url) => url.pathname === '/konto');
      await leave(laptop);
    });

    stretch('AUTH-6: the passkey alone signs in', async () => {
      const { page, look } = laptop;
      await page.goto('/anmelden?weiter=%2Fkonto%2Fadressen');
      await look('sign-in with passkey');
      await key.owner(false);
      await page.getByRole('button', { name: say.byPasskey }).click();
      await page.getByText(say.failed).waitFor();
      await key.owner(true);
      await page.getByRole('button', { name: say.byPasskey }).click();
      await page.waitForURL((url) => url.pathname === '/konto/adressen');
    });

    stretch('AUTH-6: on another device a recovery code stands in, once', async () => {
      const { page, look } = phone;
      await password(phone);
      await page.getByRole('heading', { level: 1, name: say.enterCode }).waitFor();
      await page.locator('main [name=code]').fill(codes[0].toUpperCase());
      await page.getByRole('main').getByRole('button', { name: say.signIn, exact: true }).click();
      await page.waitForURL((url) => url.pathname === '/konto');
      await leave(phone);
      await password(phone);
      await page.locator('main [name=code]').fill(codes[0]);
      await page.getByRole('main').getByRole('button', { name: say.signIn, exact: true }).click();
      await page.locator('main .notice.bad').waitFor();
      await look('used code');
      await page.locator('main [name=code]').fill(codes[1]);
      await page.getByRole('main').getByRole('button', { name: say.signIn, exact: true }).click();
      await page.waitForURL((url) => url.pathname === '/konto');
    });

    stretch('AUTH-8: a device is ended from another one, at once', async () => {
      const { page, look } = phone;
      await page.goto('/profil/geraete');
      await page.getByRole('heading', { level: 1, name: say.devices }).waitFor();
      await page.getByText(say.here).waitFor();
      await look('devices');
      await page.getByRole('button', { name: say.end }).click();
      await page.waitForURL((url) => url.pathname === '/profil/geraete');
      await look('devices, one ended');
      await laptop.page.goto('/konto');
      assert.equal(new URL(laptop.page.url()).pathname, '/anmelden');
    });

    stretch('AUTH-6: without JavaScript the page says what is missing', async () => {
      const state = await phone.page.context().storageState();
      const context = await browser.newContext({ baseURL: portal.url, javaScriptEnabled: false, storageState: state, locale: walk.language === 'en' ? 'en-GB' : 'de-DE' });
      const page = await context.newPage();
      await page.goto('/profil/passkeys');
      await page.getByText(say.script).waitFor();
      await context.clearCookies();
      await page.goto('/anmelden');
      assert.equal(await page.getByRole('button', { name: say.byPasskey }).count(), 0);
      await context.close();
    });
  });
}
