// Pictures of the demo's pages under docs/pictures, at three widths, light and dark.
// Usage: snap.mjs [part of a page's name]
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { freePort, launch } from './lib.mjs';

const root = path.join(import.meta.dirname, '..', '..');
const binary = process.env.TRESEN_TEST_BINARY ?? path.join(root, 'target', 'debug', 'tresen');
const pictures = path.join(root, 'docs', 'pictures');
const widths = [360, 820, 1280];
const schemes = ['light', 'dark'];
// A long list says all it has to say in its first screens.
const tallest = 1800;
const only = process.argv[2] ?? '';

// The first thing of a list, by the address that its pages share.
const first = (list, below) => async (page) => {
  await page.goto(list);
  const links = await page.getByRole('main').locator(`a[href^="${below}"]`).evaluateAll((found) => found.map((link) => link.getAttribute('href')));
  const target = links.find((href) => !/neu(\?|$)/.test(href) && href !== list && !href.startsWith(`${below}?`));
  if (!target) throw new Error(`${list} links to nothing below ${below}`);
  await page.goto(target);
};
const faulty = (form) => async (page) => {
  await page.goto(form);
  await page.locator('form').evaluateAll((forms) => { for (const one of forms) one.noValidate = true; });
  await page.getByRole('main').locator('form button:not([type=button])').last().click();
};

const pages = {
  guest: {
    anmelden: '/anmelden',
    registrieren: '/registrieren',
    'registrieren-fehler': faulty('/registrieren'),
    passwort: '/passwort',
    datenschutz: '/datenschutz',
    'nicht-gefunden': '/gibt-es-nicht',
    'desk-anmelden': '/desk/anmelden',
    demo: '/demo',
  },
  customer: {
    konto: '/konto',
    adressbuch: '/konto/adressen',
    'adresse-neu': '/konto/adressen/neu',
    'adresse-fehler': faulty('/konto/adressen/neu'),
    nachrichten: '/nachrichten',
    nachricht: first('/nachrichten', '/nachrichten/'),
    'nachricht-neu': '/nachrichten/neu',
    'nachricht-fehler': faulty('/nachrichten/neu'),
  },
  staff: {
    desk: '/desk',
    'desk-nachrichten': '/desk/nachrichten',
    'desk-nachricht': first('/desk/nachrichten', '/desk/nachrichten/'),
    'desk-kunden': '/desk/kunden',
    'desk-kundenakte': first('/desk/kunden', '/desk/kunden/'),
    'desk-mails': '/desk/mails',
    'desk-protokoll': '/desk/protokoll',
    'desk-vorgaenge': '/desk/vorgaenge',
  },
};

async function demo() {
  const port = await freePort();
  const child = spawn(binary, ['demo'], {
    cwd: root,
    env: { ...process.env, TRESEN_HTTP__LISTEN: `127.0.0.1:${port}`, TRESEN_HTTP__PUBLIC_URL: `http://localhost:${port}` },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.on('exit', () => child.kill('SIGKILL'));
  const said = [];
  createInterface({ input: child.stdout }).on('line', (line) => said.push(line));
  const url = `http://localhost:${port}`;
  const late = Date.now() + 120_000;
  while (!(await fetch(`${url}/readyz`).then((answer) => answer.ok, () => false))) {
    if (child.exitCode !== null || Date.now() > late) throw new Error(`the demo did not start:\n${said.join('\n')}`);
    await new Promise((next) => setTimeout(next, 100));
  }
  // Each person stands on a line of their own: address, then password.
  const people = said.flatMap((line) => [...line.matchAll(/(\S+@[\w.-]+\w)\W+(\S+)/g)].map(([, email, password]) => ({ email, password })));
  const stop = async () => {
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
  };
  return { url, people, stop };
}

async function signIn(page, { email, password }, door) {
  await page.goto(door);
  await page.getByLabel(/^E-Mail-Adresse/).fill(email);
  await page.getByLabel('Passwort', { exact: true }).fill(password);
  await page.getByRole('main').getByRole('button', { name: 'Anmelden', exact: true }).click();
  if (!door.startsWith('/desk')) return page.waitForURL('**/konto*');
  const code = page.getByLabel(/Code/).first();
  await code.waitFor();
  const help = await page.context().newPage();
  await help.goto('/demo');
  const near = await help.locator(`:is(tr, li, article, section, div):has-text("${email}")`).last().textContent();
  await help.close();
  await code.fill(near.match(/\b\d{3} ?\d{3}\b/)[0].replace(' ', ''));
  await page.getByRole('main').getByRole('button').last().click();
  return page.waitForURL((url) => url.pathname.startsWith('/desk') && !/anmelden|code/.test(url.pathname));
}

async function take(page, name, width, scheme) {
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  const file = path.join(pictures, `${name}-${width}${scheme === 'dark' ? '-dark' : ''}.png`);
  await page.screenshot({ path: file, fullPage: true, clip: { x: 0, y: 0, width, height: Math.min(Math.max(height, 480), tallest) } });
  // A page has few colours; a palette halves the file and nobody sees it. 99: it would not get smaller.
  try {
    execFileSync('pngquant', ['--force', '--skip-if-larger', '--strip', '--speed=1', '--output', file, '48', file]);
  } catch (error) {
    if (![98, 99].includes(error.status)) throw error;
  }
  return fs.statSync(file).size;
}

fs.mkdirSync(pictures, { recursive: true });
const house = await demo();
const browser = await launch();
const doors = { customer: '/anmelden', staff: '/desk/anmelden' };
let count = 0;
let bytes = 0;
const missing = [];
for (const [who, list] of Object.entries(pages)) {
  const wanted = Object.entries(list).filter(([name]) => name.includes(only));
  if (wanted.length === 0) continue;
  const context = await browser.newContext({ baseURL: house.url, locale: 'de-DE', timezoneId: 'Europe/Berlin', reducedMotion: 'reduce' });
  const page = await context.newPage();
  if (doors[who]) {
    const person = house.people.find(({ email }) => (who === 'staff') === isStaff(email, house.people));
    await signIn(page, person, doors[who]);
  }
  for (const [name, open] of wanted) {
    try {
      await page.setViewportSize({ width: 1280, height: 900 });
      const answer = typeof open === 'string' ? await page.goto(open) : await open(page);
      if (answer?.status() === 404 && name !== 'nicht-gefunden') {
        missing.push(`${name}: no page`);
        continue;
      }
      for (const scheme of schemes) {
        await page.emulateMedia({ colorScheme: scheme });
        for (const width of widths) {
          await page.setViewportSize({ width, height: 900 });
          bytes += await take(page, name, width, scheme);
          count += 1;
        }
      }
    } catch (error) {
      missing.push(`${name}: ${error.message.split('\n')[0]}`);
    }
  }
  await context.close();
}
await browser.close();
await house.stop();
console.log(`${count} pictures, ${(bytes / 1e6).toFixed(1)} MB`);
for (const line of missing) console.error(line);
process.exitCode = missing.length > 0 ? 1 : 0;

// Staff share the provider's domain, which comes last on the demo's list.
function isStaff(email, people) {
  const domain = people.at(-1).email.split('@')[1];
  return email.endsWith(`@${domain}`);
}
