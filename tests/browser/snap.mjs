// Pictures of the demo's pages under docs/pictures, at three widths, light and dark.
// Usage: snap.mjs [part of a page's name]
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { demo, enter, launch } from './lib.mjs';
import { come, doors, pages } from './pages.mjs';

const pictures = path.join(import.meta.dirname, '..', '..', 'docs', 'pictures');
const widths = [360, 820, 1280];
const schemes = ['light', 'dark'];
// A long list says all it has to say in its first screens.
const tallest = 1400;
const only = process.argv[2] ?? '';

// A page has few colours; a palette halves the file and nobody sees it. 98, 99: it would not get smaller.
function shrink(file) {
  try {
    execFileSync('pngquant', ['--force', '--skip-if-larger', '--strip', '--speed=1', '--output', file, '64', file]);
  } catch (error) {
    if (![98, 99].includes(error.status)) throw error;
  }
  return fs.statSync(file).size;
}

async function take(page, name, width, scheme) {
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  const file = path.join(pictures, `${name}-${width}-${scheme}.png`);
  await page.screenshot({ path: file, fullPage: true, clip: { x: 0, y: 0, width, height: Math.min(Math.max(height, 480), tallest) } });
  return shrink(file);
}

fs.mkdirSync(pictures, { recursive: true });
const house = await demo();
const browser = await launch();
let count = 0;
let bytes = 0;
for (const [who, states] of Object.entries(pages)) {
  const wanted = states.filter(({ name, picture }) => picture && name.includes(only));
  if (wanted.length === 0) continue;
  const context = await browser.newContext({ baseURL: house.url, locale: 'de-DE', timezoneId: 'Europe/Berlin', reducedMotion: 'reduce', viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  if (doors[who]) await enter(page, ...doors[who](house));
  for (const state of wanted) {
    await page.setViewportSize({ width: 1280, height: 900 });
    const status = page.waitForEvent('response', (answer) => answer.request().isNavigationRequest() && answer.status() === (state.status ?? 200));
    await Promise.all([status, come(page, state)]);
    for (const scheme of schemes) {
      await page.emulateMedia({ colorScheme: scheme });
      for (const width of widths) {
        await page.setViewportSize({ width, height: 900 });
        bytes += await take(page, state.name, width, scheme);
        count += 1;
      }
    }
  }
  await context.close();
}
await browser.close();
await house.stop();
console.log(`${count} pictures, ${(bytes / 1e6).toFixed(1)} MB`);
