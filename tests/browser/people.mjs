// How people come to their accounts: a customer by registration, staff by invitation. Field names are the same in every language.
import assert from 'node:assert/strict';
import { oneTimeCode, send } from './lib.mjs';
import { linksIn } from './sink.mjs';

// Registers, activates by the link in the mail, and is signed in.
export async function register({ page, look }, { sink, portal }, { first, last, email, password }) {
  const main = page.locator('main');
  await page.goto('/registrieren');
  await main.locator('[name=first_name]').fill(first);
  await main.locator('[name=last_name]').fill(last);
  await main.locator('[name=email]').fill(email);
  await main.locator('[name=consent]').check();
  await send(page);
  const mail = await sink.next({ to: email });
  const link = linksIn(mail).find((found) => found.startsWith(`${portal.url}/aktivieren/`));
  assert.ok(link, `a link in:\n${mail.text}`);
  await page.goto(link);
  await look('activation');
  await main.locator('[name=password]').fill(password);
  await main.locator('[name=password_repeat]').fill(password);
  await send(page);
  assert.equal(new URL(page.url()).pathname, '/');
}

// Follows the invitation that the command prints: password, second factor, and is signed in at the desk.
export async function hire({ page, look }, { portal }, { name, email, password, role }) {
  const main = page.locator('main');
  const said = await portal.cli('staff', 'add', '--email', email, '--name', name, '--role', role);
  await page.goto(linksIn({ text: said })[0]);
  await main.locator('[name=password]').fill(password);
  await main.locator('[name=password_repeat]').fill(password);
  const code = main.locator('[name=code]');
  if (await code.count() === 0) {
    await send(page);
    await code.waitFor();
  }
  await look('second factor');
  const secret = (await main.textContent()).match(/\b(?:[A-Z2-7]{4}[ -]?){4,}(?:[A-Z2-7]{1,4})?\b/)?.[0];
  assert.ok(secret, 'the secret stands on the page in letters');
  await code.fill(oneTimeCode(secret));
  await send(page);
  await page.waitForURL((url) => /^\/desk(?!\/einladung|\/anmelden)/.test(url.pathname));
}

// What others do is on a page within moments, not at once: asks for it again until it is.
export async function until(page, there, what = 'it', seconds = 20) {
  for (const late = Date.now() + seconds * 1000; ;) {
    if (await there()) return;
    if (Date.now() > late) throw new Error(`${what} did not come within ${seconds} s on ${page.url()}`);
    await new Promise((next) => setTimeout(next, 150));
    await page.reload();
  }
}
