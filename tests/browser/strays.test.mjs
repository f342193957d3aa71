// People who leave the path: register twice or again, send twice, open what is not theirs.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch, person, send, server } from './lib.mjs';
import { linksIn, startSink } from './sink.mjs';
import { words } from './words.mjs';

const say = words.de;
const password = 'Wattwurm-und-Strandhafer-26';

describe('off the path', () => {
  let sink, portal, browser;
  before(async () => {
    sink = await startSink();
    portal = await server({ engine: 'sqlite', smtp: sink.url });
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

  let mailsSeen = 0;
  // Registers and hands back what the mail says.
  const register = async ({ page }, email, first = 'Frieda', last = 'Claußen') => {
    await page.goto('/registrieren');
    await page.getByLabel(say.firstName, { exact: true }).fill(first);
    await page.getByLabel(say.lastName, { exact: true }).fill(last);
    await page.getByLabel(say.email, { exact: true }).fill(email);
    await page.getByRole('checkbox', { name: say.privacy }).check();
    await send(page);
    assert.equal(new URL(page.url()).pathname, '/registrieren/bestaetigt');
    const mail = await sink.next({ to: email, after: mailsSeen });
    mailsSeen = mail.number;
    return mail;
  };
  const activate = async ({ page }, link) => {
    await page.goto(link);
    await page.getByLabel(say.password, { exact: true }).fill(password);
    await page.getByLabel(say.passwordAgain, { exact: true }).fill(password);
    await send(page);
    assert.equal(new URL(page.url()).pathname, '/');
  };
  const somebody = (name) => person(browser, { url: portal.url, name });
  const member = async (email) => {
    const who = await somebody(email);
    const [link] = linksIn(await register(who, email));
    await activate(who, link);
    return who;
  };

  test('AUTH-1: a second registration replaces the first link', async () => {
    const who = await somebody('registered twice');
    const [older] = linksIn(await register(who, 'frieda@post.example'));
    const [newer] = linksIn(await register(who, 'Frieda@Post.Example'));
    assert.notEqual(older, newer);
    const dead = await who.page.goto(older);
    assert.equal(dead.status(), 410);
    await who.page.getByRole('link', { name: say.newLink }).waitFor();
    await who.look('replaced link');
    await activate(who, newer);
  });

  test('AUTH-1: a known address gets the same page and another mail', async () => {
    const who = await somebody('registered again');
    const mail = await register(who, 'frieda@post.example', 'Jemand', 'Anders');
    assert.match(mail.subject, /schon ein Konto/);
    assert.ok(linksIn(mail).every((link) => !link.includes('/aktivieren/')), mail.text);
    await who.look('registered again');
  });

  test('AUTH-1: an altered link is none', async () => {
    const who = await somebody('altered link');
    const [link] = linksIn(await register(who, 'hauke@post.example'));
    const altered = link.slice(0, -1) + (link.endsWith('A') ? 'B' : 'A');
    assert.equal((await who.page.goto(altered)).status(), 410);
    await activate(who, link);
  });

  test('ACC-4: the same form sent again from the page before keeps one address', async () => {
    const { page } = await member('momme@post.example');
    await page.goto('/konto/adressen/neu');
    const entries = [[say.firstName, 'Momme'], [say.lastName, 'Nissen'], [say.street, 'Deichstraße 3'], [say.postcode, '25899'], [say.town, 'Niebüll']];
    for (const [label, entry] of entries) await page.getByLabel(label, { exact: true }).fill(entry);
    // What a press on "back" and a second press on the button send: the same entries with the same key.
    const again = await page.locator('main form').evaluate((form) => Object.fromEntries(new FormData(form)));
    await send(page);
    const second = await page.request.post(`${portal.url}/konto/adressen/neu`, { form: again, headers: { origin: portal.url } });
    assert.equal(new URL(second.url()).pathname, '/konto/adressen');
    await page.goto('/konto/adressen');
    assert.equal(await page.getByRole('listitem').filter({ hasText: 'Deichstraße 3' }).count(), 1);
  });

  test('SUP-8: what belongs to another is not there', async () => {
    const owner = await member('ocke@post.example');
    await owner.page.goto('/nachrichten/neu');
    await owner.page.getByLabel(say.yourMessage).fill('Nur für Sie bestimmt');
    await send(owner.page);
    const stranger = await member('wencke@post.example');
    const answer = await stranger.page.goto(new URL(owner.page.url()).pathname);
    assert.equal(answer.status(), 404);
    assert.ok(!(await stranger.page.content()).includes('Nur für Sie bestimmt'));
    await stranger.look('not hers');
    await stranger.page.goto('/desk/tickets');
    assert.match(stranger.page.url(), /\/desk\/anmelden/);
  });
});
