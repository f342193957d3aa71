// A mail server that misbehaves: no page waits for it, and every mail arrives, with one Message-ID.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch, person, send, server } from './lib.mjs';
import { startSink } from './sink.mjs';

// A page that waited for the mail server would take at least as long as its slow answer, five seconds.
const promptly = 3000;

describe('mail server faults', { concurrency: true }, () => {
  let browser;
  before(async () => { browser = await launch(); });
  after(() => browser?.close());

  // Registers while the fault holds; the fault ends before the first repetition, 10 s later.
  const walk = (fault, then) => test(`${fault}: the page answers at once, the mail arrives`, { timeout: 90_000 }, async () => {
    const sink = await startSink();
    let portal, visitor;
    try {
      portal = await server({ engine: 'sqlite', smtp: sink.url });
      visitor = await person(browser, { url: portal.url, name: fault });
      await sink.fault(fault);
      const email = `${fault}@post.example`;
      const { page } = visitor;
      await page.goto('/registrieren');
      await page.locator('[name=first_name]').fill('Wiebke');
      await page.locator('[name=last_name]').fill('Hansen');
      await page.locator('[name=email]').fill(email);
      await page.locator('[name=consent]').check();
      const start = Date.now();
      await send(page);
      assert.ok(Date.now() - start < promptly, `the page took ${Date.now() - start} ms`);
      assert.equal(new URL(page.url()).pathname, '/registrieren/bestaetigt');
      await then({ sink, email });
    } finally {
      await visitor?.close();
      await portal?.stop();
      await sink.stop();
    }
  });

  const offered = async (sink, times) => {
    for (const late = Date.now() + 60_000; await sink.seen() < times;) {
      assert.ok(Date.now() < late, `the mail was offered ${await sink.seen()} times of ${times}`);
      await new Promise((next) => setTimeout(next, 100));
    }
  };
  const oneMail = async (sink, email) => {
    const mails = (await sink.mails()).filter((mail) => mail.recipients.includes(email));
    assert.equal(mails.length, 1);
    assert.match(mails[0].messageId, /^<.+@localhost>$/);
  };

  walk('slow', async ({ sink, email }) => {
    await sink.next({ to: email, wait: 30 });
    await oneMail(sink, email);
  });
  walk('tempfail', async ({ sink, email }) => {
    await offered(sink, 1);
    await sink.fault('ok');
    await sink.next({ to: email, wait: 60 });
    await oneMail(sink, email);
  });
  walk('drop-lost', async ({ sink, email }) => {
    await offered(sink, 1);
    await sink.fault('ok');
    await sink.next({ to: email, wait: 60 });
    await oneMail(sink, email);
  });
  // The server has kept the mail and cannot say so: it comes twice, and its Message-ID lets the reader's server see that.
  walk('drop', async ({ sink, email }) => {
    const first = await sink.next({ to: email, wait: 30 });
    await sink.fault('ok');
    const second = await sink.next({ to: email, after: first.number, wait: 60 });
    assert.equal(second.messageId, first.messageId);
    assert.equal(second.text, first.text);
  });
  walk('down', async ({ sink, email }) => {
    // Long enough that the first try has found a closed door.
    await new Promise((next) => setTimeout(next, 3000));
    assert.deepEqual(await sink.mails(), []);
    await sink.fault('ok');
    await sink.next({ to: email, wait: 60 });
    await oneMail(sink, email);
  });
});
