// Encrypted lines to the mail server and to PostgreSQL: a certificate of an authority that the machine knows is
// wanted, and the name and password that the mail server asks for. Without them nothing is sent in the clear.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import { server } from './lib.mjs';
import { startSink } from './sink.mjs';

const folder = process.env.TRESEN_TEST_TLS;
if (!folder) throw new Error('TRESEN_TEST_TLS names no certificates; cargo xtask test makes them');
const authority = path.join(folder, 'authority.pem');
const word = 'Boje 7 vor Laboe';

const sink = (...more) => startSink(
  '--certificate', path.join(folder, 'server.pem'), '--key', path.join(folder, 'server.key'),
  '--user', 'portal', '--password', word, ...more,
);

// The form behind a registration, sent as a browser sends it.
async function register(portal, email) {
  const page = await fetch(`${portal.url}/registrieren`);
  const cookies = page.headers.getSetCookie().map((cookie) => cookie.split(';')[0]).join('; ');
  const form = new URLSearchParams({ first_name: 'Wiebke', last_name: 'Hansen', email });
  const html = (await page.text()).split('<main')[1];
  for (const [input] of html.matchAll(/<input[^>]*>/g)) {
    const of = (name) => input.match(new RegExp(` ${name}="([^"]*)"`))?.[1];
    if (of('type') === 'hidden') form.set(of('name'), of('value'));
    if (of('type') === 'checkbox') form.set(of('name'), of('value') ?? 'on');
  }
  const answer = await fetch(`${portal.url}/registrieren`, { method: 'POST', body: form, headers: { cookie: cookies, origin: portal.url }, redirect: 'manual' });
  assert.equal(answer.status, 303, await answer.text());
}

async function until(what, found, wait = 20_000) {
  for (const late = Date.now() + wait; !await found();) {
    assert.ok(Date.now() < late, `${what}: not within ${wait} ms`);
    await new Promise((next) => setTimeout(next, 50));
  }
}

describe('lines to other servers are encrypted', { concurrency: true }, () => {
  const mailed = (name, { more = [], url, known = true, password = word, then }) => test(name, { timeout: 60_000 }, async () => {
    const place = fs.mkdtempSync(path.join(os.tmpdir(), 'tresen-tls-'));
    const file = path.join(place, 'password');
    fs.writeFileSync(file, `${password}\n`, { mode: 0o600 });
    const mails = await sink(...more);
    let portal;
    try {
      portal = await server({
        engine: 'sqlite',
        smtp: url(mails.port),
        env: { TRESEN_MAIL__PASSWORD_FILE: file, ...known ? { SSL_CERT_FILE: authority } : {} },
      });
      await register(portal, 'wiebke@post.example');
      await then({ mails, portal });
      assert.ok(!portal.logs().includes(password), 'the password stands in the log');
    } finally {
      await portal?.stop();
      await mails.stop();
      fs.rmSync(place, { recursive: true });
    }
  });
  const arrives = async ({ mails }) => { await mails.next({ to: 'wiebke@post.example' }); };
  const waits = (why) => async ({ mails, portal }) => {
    await until(`the log tells ${why}`, () => why.test(portal.logs()));
    assert.equal((await mails.mails()).length, 0);
    assert.match(await portal.ask("SELECT state FROM mails WHERE to_email = 'wiebke@post.example'"), /^[a-z]+$/);
  };
  const starttls = (port) => `smtp://portal@localhost:${port}?tls=required`;
  const wrapped = (port) => `smtps://portal@localhost:${port}`;

  mailed('by STARTTLS, with name and password', { url: starttls, then: arrives });
  mailed('from the first byte, with name and password', { more: ['--wrapped'], url: wrapped, then: arrives });
  mailed('an authority that nobody knows is not trusted', { url: starttls, known: false, then: waits(/certificate|UnknownIssuer/i) });
  mailed('a certificate for another name is not taken', {
    url: (port) => `smtp://portal@127.0.0.1:${port}?tls=required`, then: waits(/not valid for name|NotValidForName/i),
  });
  mailed('a wrong password is told to the operator, and the mail waits', { url: starttls, password: 'falsch geraten', then: waits(/535|auth/i) });

  test('PostgreSQL by TLS, its certificate checked', { timeout: 60_000 }, async () => {
    const portal = await server({ engine: 'postgresql', encrypted: true, env: { SSL_CERT_FILE: authority } });
    try {
      const lines = 'SELECT DISTINCT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE datname = current_database() AND application_name = \'tresen\'';
      assert.equal(await portal.ask(lines), 't');
    } finally {
      await portal.stop();
    }
  });
  test('PostgreSQL with a certificate of nobody is refused', { timeout: 60_000 }, async () => {
    await assert.rejects(server({ engine: 'postgresql', encrypted: true }), /certificate|UnknownIssuer/i);
  });
});
