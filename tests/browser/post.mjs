// The mails people write, and the operator's mail server that hands them over to Tresen by LMTP.
import { once } from 'node:events';
import net from 'node:net';
import { createInterface } from 'node:readline';

// The name by which that server signs what it found out about a sender.
export const border = 'mx.nordlicht.example';

// The settings that go with it; `port` is the one Tresen listens on.
export const postSettings = (port) => ({
  TRESEN_MAIL__LMTP_LISTEN: `127.0.0.1:${port}`,
  TRESEN_MAIL__AUTHSERV_ID: border,
  TRESEN_MAIL__REPLY_ADDRESS: 'support+{token}@nordlicht.example',
});
export const replyAddress = /^support\+[a-z0-9]+@nordlicht\.example$/i;

export const header = (mail, name) => mail.headers.find(([known]) => known.toLowerCase() === name.toLowerCase())?.[1];
// The one address in a header.
export const addressIn = (mail, name) => header(mail, name)?.match(/[^\s<>"]+@[^\s<>"]+/)?.[0];
export const idsIn = (mail, name) => header(mail, name)?.match(/<[^<>\s]+>/g) ?? [];

let written = 0;

// A mail as a usual program writes it; with `answers` (a mail of the sink) an answer to that, which is quoted below.
export function letter({ from, name, to, subject, text, answers, headers = [], file }) {
  const domain = from.split('@')[1];
  const id = `<brief-${process.pid}-${Date.now()}-${++written}@${domain}>`;
  const date = new Date().toUTCString().replace('GMT', '+0000');
  const word = (plain) => /^[ -~]*$/.test(plain) ? plain : `=?utf-8?B?${Buffer.from(plain).toString('base64')}?=`;
  const head = [
    `Authentication-Results: ${border}; dmarc=pass header.from=${domain}`,
    `From: ${name ? `${word(name)} ` : ''}<${from}>`,
    `To: <${to ?? addressIn(answers, 'Reply-To')}>`,
    `Subject: ${word(subject ?? `AW: ${answers.subject}`)}`,
    `Date: ${date}`,
    `Message-ID: ${id}`,
    ...answers ? [`In-Reply-To: ${answers.messageId}`, `References: ${[...idsIn(answers, 'References'), answers.messageId].join('\r\n ')}`] : [],
    ...headers,
    'MIME-Version: 1.0',
  ];
  const quoted = answers ? `\n\nAm ${date} schrieb ${answers.from}:\n${answers.text.replace(/^/gm, '> ')}\n` : '\n';
  const plain = ['Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: 8bit', '', text + quoted];
  if (!file) return { id, from, raw: [...head, ...plain].join('\n').replace(/\r?\n/g, '\r\n') };
  const wall = `wand-${written}`;
  const lines = [
    ...head,
    `Content-Type: multipart/mixed; boundary="${wall}"`,
    '',
    `--${wall}`,
    ...plain,
    `--${wall}`,
    `Content-Type: ${file.mimeType}; name="${file.name}"`,
    'Content-Transfer-Encoding: base64',
    `Content-Disposition: attachment; filename="${file.name}"`,
    '',
    file.buffer.toString('base64').replace(/.{76}/g, '$&\n'),
    `--${wall}--`,
    '',
  ];
  return { id, from, raw: lines.join('\n').replace(/\r?\n/g, '\r\n') };
}

// Hands a mail over, and waits for the word that it is stored.
export async function handOver(port, { from, raw }, to) {
  const line = net.connect(port, '127.0.0.1');
  await once(line, 'connect');
  const said = createInterface({ input: line })[Symbol.asyncIterator]();
  const expect = async (code) => {
    for (;;) {
      const { value, done } = await said.next();
      if (done) throw new Error(`LMTP: the line ended before ${code}`);
      if (!/^\d{3} /.test(value)) continue;
      if (!value.startsWith(code)) throw new Error(`LMTP: ${value} instead of ${code}`);
      return;
    }
  };
  await expect('220');
  const words = [['LHLO mx.nordlicht.example', '250'], [`MAIL FROM:<${from}>`, '250'], [`RCPT TO:<${to}>`, '250'], ['DATA', '354']];
  for (const [word, code] of words) {
    line.write(`${word}\r\n`);
    await expect(code);
  }
  line.write(`${raw.replace(/^\./gm, '..')}\r\n.\r\n`);
  await expect('250');
  line.end('QUIT\r\n');
}
