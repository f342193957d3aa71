// The mail server of the tests: tests/counterparts/smtp_sink.py, which also describes the faults.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';

const script = path.join(import.meta.dirname, '..', 'counterparts', 'smtp_sink.py');

// With `words` as its head describes.
export async function startSink(...words) {
  const python = process.env.TRESEN_TEST_PYTHON ?? 'python3';
  const child = spawn(python, [script, ...words], { stdio: ['pipe', 'pipe', 'inherit'] });
  const first = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    once(child, 'exit').then(() => { throw new Error('the SMTP sink did not start: is aiosmtpd installed?'); }),
  ]);
  const ports = JSON.parse(first[0]);
  const api = async (method, route) => {
    const answer = await fetch(`http://127.0.0.1:${ports.api}${route}`, { method });
    return { found: answer.ok, body: await answer.json() };
  };
  return {
    url: `smtp://127.0.0.1:${ports.smtp}`,
    port: ports.smtp,
    mails: async () => (await api('GET', '/mails')).body,
    // The first mail that fits; fails with what came instead.
    async next({ to = '', subject = '', after = 0, wait = 20 } = {}) {
      const asked = new URLSearchParams({ to, subject, after, wait });
      const { found, body } = await api('GET', `/mails/next?${asked}`);
      if (!found) throw new Error(`no mail to "${to}" about "${subject}" in ${wait} s; there are: ${JSON.stringify(body.mails)}`);
      return body;
    },
    forget: () => api('DELETE', '/mails'),
    fault: (name) => api('PUT', `/fault/${name}`),
    seen: async () => (await api('GET', '/fault')).body.seen,
    async stop() {
      const gone = once(child, 'exit');
      child.stdin.end();
      await gone;
    },
  };
}

// The addresses that a mail's text links to, in order.
export const linksIn = (mail) => mail.text.match(/https?:\/\/[^\s<>"]+/g) ?? [];
