// What all tests in the browser share: the built server on a fresh database, Chromium, axe, one-time codes.
import { execFile, spawn } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';

const run = promisify(execFile);
const require = createRequire(import.meta.url);
const root = path.join(import.meta.dirname, '..', '..');
const binary = process.env.TRESEN_TEST_BINARY ?? path.join(root, 'target', 'debug', 'tresen');
const axeSource = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const axeRules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
export const remains = path.join(root, 'target', 'browser');

// Nothing started here may outlive this process, even when a test throws at the wrong moment.
const started = new Set();
process.on('exit', () => { for (const child of started) child.kill('SIGKILL'); });

export const launch = () => chromium.launch({
  executablePath: process.env.TRESEN_TEST_CHROMIUM ?? '/usr/bin/chromium',
  args: [
    // A container's root has no user namespace of its own to hide in.
    '--no-sandbox',
    '--disable-gpu',
    '--disable-dev-shm-usage',
    // No word to anybody but our own server.
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-quic',
    '--no-first-run',
  ],
});

// Below the ports that the system gives to connections going out, and each but once.
const given = new Set();
export async function freePort() {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    if (given.has(port)) continue;
    given.add(port);
    const listener = net.createServer();
    const free = once(listener, 'listening').then(() => true, () => false);
    listener.listen(port, '127.0.0.1');
    if (!await free) continue;
    listener.close();
    await once(listener, 'close');
    return port;
  }
}

async function sql(command, url = process.env.TRESEN_TEST_DATABASE_PG) {
  if (!url) throw new Error('TRESEN_TEST_DATABASE_PG names no PostgreSQL; cargo xtask test starts one');
  const words = ['--quiet', '--no-psqlrc', '--tuples-only', '--no-align', '--set=ON_ERROR_STOP=1', '--command', command, url];
  return (await run(process.env.TRESEN_TEST_PSQL ?? 'psql', words)).stdout.trim();
}

const sqlite = `
import sqlite3, sys
store = sqlite3.connect(sys.argv[1], timeout=20)
for row in store.execute(sys.argv[2]).fetchall():
    print(*row, sep="|")
store.commit()
`;

async function database(engine, folder) {
  if (engine === 'sqlite') {
    const file = path.join(folder, 'tresen.db');
    const ask = async (command) => (await run(process.env.TRESEN_TEST_PYTHON ?? 'python3', ['-c', sqlite, file, command])).stdout.trim();
    return { url: `sqlite:${file}`, ask, drop: async () => {} };
  }
  const name = `browser_${randomBytes(6).toString('hex')}`;
  await sql(`CREATE DATABASE ${name}`);
  const url = new URL(process.env.TRESEN_TEST_DATABASE_PG);
  url.pathname = `/${name}`;
  return { url: url.href, ask: (command) => sql(command, url.href), drop: () => sql(`DROP DATABASE ${name} WITH (FORCE)`) };
}

// `tresen serve` on an empty database of `engine` ("sqlite" or "postgresql"), its mails going to `smtp`; `encrypted` by TLS to PostgreSQL.
export async function server({ engine, smtp, encrypted = false, env = {} }) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tresen-browser-'));
  const port = await freePort();
  const store = await database(engine, folder);
  const settings = {
    PATH: process.env.PATH,
    RUST_BACKTRACE: '1',
    TRESEN_HTTP__LISTEN: `127.0.0.1:${port}`,
    TRESEN_HTTP__PUBLIC_URL: `http://localhost:${port}`,
    TRESEN_DATABASE__URL: encrypted ? `${store.url.replace('127.0.0.1', 'localhost')}?sslmode=require` : store.url,
    TRESEN_MAIL__SMTP: smtp,
    TRESEN_MAIL__FROM: 'portal@nordlicht.example',
    TRESEN_SECRETS__MASTER_KEY_FILE: path.join(folder, 'master.key'),
    TRESEN_FILES__URL: `file:${path.join(folder, 'files')}`,
    // answers go at once, but where taking them back is looked at
    TRESEN_SUPPORT__UNDO_SECONDS: '0',
    TRESEN_PROVIDER__NAME: 'Nordlicht Hosting',
    TRESEN_PROVIDER__HOTLINE: '040 66969-310',
    ...env,
  };
  const cli = async (...words) => (await run(binary, words, { cwd: folder, env: settings })).stdout;
  if (engine === 'postgresql') await cli('migrate');

  const child = spawn(binary, ['serve'], { cwd: folder, env: settings, stdio: ['ignore', 'pipe', 'pipe'] });
  started.add(child);
  const log = [];
  child.stdout.on('data', (said) => log.push(said));
  child.stderr.on('data', (said) => log.push(said));
  const gone = once(child, 'exit').then(([code, signal]) => { started.delete(child); return code ?? signal; });
  const logs = () => Buffer.concat(log).toString();

  let over;
  gone.then((how) => { over = how; });
  const late = Date.now() + 30_000;
  for (;;) {
    const ready = await fetch(`http://127.0.0.1:${port}/readyz`).then((answer) => answer.ok, () => false);
    if (ready) break;
    if (over !== undefined) throw new Error(`tresen serve ended with ${over}:\n${logs()}`);
    if (Date.now() > late) throw new Error(`tresen serve is not ready after 30 s:\n${logs()}`);
    await new Promise((next) => setTimeout(next, 50));
  }
  return {
    url: `http://localhost:${port}`,
    folder,
    cli,
    logs,
    // One statement to its database, rows as lines. Only to let time pass: what a person could do is done on the pages.
    ask: store.ask,
    // Ends it as an operator would, and complains if that, or anything before, went wrong inside.
    async stop() {
      child.kill('SIGTERM');
      const how = await gone;
      await store.drop();
      fs.rmSync(folder, { recursive: true, force: true });
      if (how !== 0) throw new Error(`tresen serve ended with ${how}:\n${logs()}`);
      if (/panicked at/.test(logs())) throw new Error(`something panicked:\n${logs()}`);
    },
  };
}

// The demo on a port of its own, and the people it names: its customers, then its staff.
export async function demo() {
  const port = await freePort();
  const child = spawn(binary, ['demo', '--listen', `127.0.0.1:${port}`], { cwd: os.tmpdir(), stdio: ['ignore', 'pipe', 'pipe'] });
  started.add(child);
  const said = [];
  child.stdout.on('data', (part) => said.push(part));
  child.stderr.on('data', (part) => said.push(part));
  const logs = () => Buffer.concat(said).toString();
  let over;
  const gone = once(child, 'exit').then(([code, signal]) => { started.delete(child); over = code ?? signal; });
  const url = `http://localhost:${port}`;
  const late = Date.now() + 120_000;
  while (!(await fetch(`http://127.0.0.1:${port}/readyz`).then((answer) => answer.ok, () => false))) {
    if (over !== undefined || Date.now() > late) throw new Error(`the demo did not start:\n${logs()}`);
    await new Promise((next) => setTimeout(next, 100));
  }
  // Each person stands on a line of their own: address, then password.
  const people = (text) => [...text.matchAll(/^ +(\S+@\S+) +(\S+)/gm)].map(([, email, password]) => ({ email, password }));
  const [customers, staff] = logs().split(/^ *Staff.*$/m);
  return {
    url,
    customers: people(customers),
    staff: people(staff ?? ''),
    logs,
    async stop() {
      child.kill('SIGTERM');
      await gone;
      if (/panicked at/.test(logs())) throw new Error(`something panicked:\n${logs()}`);
    },
  };
}

// Signs in to the demo; staff with the code that its page shows.
export async function enter(page, { email, password }, door) {
  await page.goto(door);
  await page.locator('main [name=login], main [name=email]').fill(email);
  await page.locator('main [name=password]').fill(password);
  await send(page);
  if (!door.startsWith('/desk')) return;
  const codes = await page.context().newPage();
  await codes.goto('/demo');
  const line = await codes.getByRole('row', { name: email }).first().textContent();
  await codes.close();
  await page.locator('main [name=code]').fill(line.match(/\b\d{6}\b/)[0]);
  await send(page);
}

// Sends the page's form, past the browser's own checks: what counts is the server's answer.
export async function send(page, which = 'main form[method=post]') {
  const form = page.locator(which).last();
  await form.evaluate((it) => { it.noValidate = true; });
  await Promise.all([page.waitForNavigation(), form.locator('button:not([type=button])').first().click()]);
}

// What the page looks like and consists of, for whoever must find out why a test fell.
export async function picture(page, file) {
  fs.mkdirSync(remains, { recursive: true });
  const target = path.join(remains, file.replace(/[^\p{L}\p{N}]+/gu, '-'));
  await page.screenshot({ path: `${target}.png`, fullPage: true }).catch(() => {});
  fs.writeFileSync(`${target}.html`, await page.content().catch(() => ''));
  return target;
}

// Whether the page scrolls sideways.
export async function tooWide(page) {
  const [has, may] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  return has > may ? [`${has} px wide in a window of ${may} px`] : [];
}

// What axe finds on the page as it stands, or on that part of it.
export async function axe(page, part = 'html') {
  if (!await page.evaluate(() => 'axe' in window)) await page.evaluate(axeSource);
  const { violations } = await page.evaluate(([rules, within]) => window.axe.run(within, { runOnly: rules, resultTypes: ['violations'] }), [axeRules, part]);
  return violations.flatMap(({ id, help, nodes }) => nodes.slice(0, 3).map((node) => `axe ${id}: ${help}\n      ${node.html.slice(0, 160)}\n      ${node.any[0]?.message ?? ''}`));
}

// One person at one browser. Whatever goes wrong behind the page is kept in `faults`.
export async function person(browser, { url, name, language = 'de', width = 1280, javaScript = true, scheme = 'light' }) {
  const context = await browser.newContext({
    baseURL: url,
    locale: language === 'en' ? 'en-GB' : 'de-DE',
    timezoneId: 'Europe/Berlin',
    viewport: { width, height: 900 },
    javaScriptEnabled: javaScript,
    colorScheme: scheme,
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  const faults = [];
  page.on('pageerror', (error) => faults.push(`script: ${error.message}`));
  page.on('console', (message) => {
    // A refused form is a 4xx document, which Chromium reports here too; the answers are watched below.
    const answer = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !answer) faults.push(`console: ${message.text()}`);
  });
  // Whatever a page asks for comes from our own server.
  page.on('request', (request) => {
    const own = request.url().startsWith(`${url}/`) || request.url().startsWith('data:');
    if (!own) faults.push(`asked elsewhere: ${request.url()}`);
  });
  page.on('response', (answer) => {
    const part = answer.request().resourceType() !== 'document';
    if (answer.status() >= 500 || (part && answer.status() >= 400)) faults.push(`${answer.status()} ${answer.url()}`);
  });

  // Stops at this page state and looks at it as a whole.
  async function look(at) {
    const bad = [...faults.splice(0)];
    const lang = await page.locator('html').getAttribute('lang');
    if (lang !== language) bad.push(`the page says lang="${lang}"`);
    bad.push(...await tooWide(page));
    // axe needs timers in the page; where scripts are off, the walk with scripts sees the same pages.
    if (javaScript) bad.push(...await axe(page));
    if (bad.length > 0) throw new Error(`${at} (${page.url()}):\n    ${bad.join('\n    ')}`);
  }

  return {
    page,
    look,
    // Opens the menu entry or link, unfolding the menus that hide it at this width.
    async follow(word) {
      const links = page.getByRole('link', { name: word });
      const visible = links.filter({ visible: true }).first();
      if (await visible.count() === 0) {
        for (const fold of await page.locator('details:not([open]) > summary').filter({ visible: true }).all()) {
          await fold.click();
          if (await visible.count() > 0) break;
          await fold.click();
        }
      }
      await visible.click();
    },
    picture: (file) => picture(page, `${file}-${name}`),
    close: () => context.close(),
  };
}

// The six digits that an authenticator app shows for this secret (RFC 6238: SHA-1, 30 seconds).
export function oneTimeCode(secret, at = Date.now()) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const hash = createHmac('sha1', base32(secret)).update(counter).digest();
  const offset = hash[hash.length - 1] & 15;
  return String((hash.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

function base32(text) {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bytes = [];
  let held = 0;
  let bits = 0;
  for (const letter of text.toUpperCase().replace(/[\s=-]/g, '')) {
    held = (held << 5) | letters.indexOf(letter);
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((held >> bits) & 255);
      held &= (1 << bits) - 1;
    }
  }
  return Buffer.from(bytes);
}

// Stretches of a walk, each a test: after a fall the rest cannot be walked. What `people` saw last and the end of the
// server's log are told.
export function stretches(timeout, { people, portal }) {
  let broken = false;
  return (title, steps) => test(title, { timeout }, async (t) => {
    if (broken) return t.skip('the walk ended before');
    try {
      await steps();
    } catch (error) {
      broken = true;
      for (const who of people()) if (who && !who.page.isClosed()) t.diagnostic(`seen last: ${await who.picture(title)}`);
      t.diagnostic(`log of the server:\n${portal().logs().split('\n').slice(-25).join('\n')}`);
      throw error;
    }
  });
}
