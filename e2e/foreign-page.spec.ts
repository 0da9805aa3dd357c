/** L05: a web page open in a real browser can neither clear nor read the cache. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright';
import { fetchInTime } from './fetch-in-time';
import { test, expect } from './larder-app';
import { content } from './recording-origin';
import { launchBrowser } from './web-browser';

/** Everything a page can try without the user's help. */
function attack(page: Page, proxy: string): Promise<string[]> {
  return page.evaluate(async (target) => {
    const outcomes: string[] = [];
    const attempt = async (name: string, init: RequestInit, path = '/cache/clear') => {
      const outcome = await fetch(target + path, init).then(
        async (response) =>
          response.type === 'opaque' ? 'opaque' : `${response.status} ${await response.text()}`,
        () => 'blocked',
      );
      outcomes.push(`${name}: ${outcome}`);
    };
    await attempt('fetch', { method: 'POST' });
    await attempt('no-cors', { method: 'POST', mode: 'no-cors' });
    await attempt('no-cors form', { method: 'POST', mode: 'no-cors', body: new URLSearchParams({ a: 'b' }) });
    await attempt('json', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
    await attempt('delete', { method: 'DELETE' }, '/.larder/entries?match=*');
    await attempt('entries', {}, '/.larder/entries');
    await attempt('entries no-cors', { mode: 'no-cors' }, '/.larder/entries');
    await attempt('events', {}, '/.larder/status');
    navigator.sendBeacon(`${target}/cache/clear`, 'x');
    return outcomes;
  }, proxy);
}

for (const fastPath of [true, false]) {
  test(`L05: a foreign page cannot clear or read the cache, fast path ${fastPath ? 'on' : 'off'}`, async ({
    launch,
    origin,
    dataDir,
  }) => {
    origin.answer('/stored', content('application/json', '{"secret":"in the larder"}'));
    origin.answer('/evil.html', content('text/html', '<!doctype html><title>evil</title><h1>evil</h1>'));
    const project = path.join(dataDir, 'larder.json');
    await writeFile(project, JSON.stringify({ origin: origin.url, port: 0, 'fast-path': fastPath }));
    const larder = await launch({ flags: ['--config', project] });
    const proxy = await larder.proxyUrl();
    await fetchInTime(`${proxy}/stored`);
    const stored = async () =>
      ((await (await fetchInTime(`${proxy}/.larder/status`)).json()) as { entries: number }).entries;
    await expect.poll(stored).toBe(1);

    const browser = await launchBrowser();
    try {
      const page = await browser.newPage();
      await page.goto(`${origin.url}/evil.html`);
      for (const outcome of await attack(page, proxy)) {
        expect(outcome).toMatch(/: (blocked|opaque)$/);
      }
      await page.setContent(`<form method="post" action="${proxy}/cache/clear"><button>win</button></form>`);
      const [answer] = await Promise.all([
        page.waitForResponse(`${proxy}/cache/clear`),
        page.click('button'),
      ]);
      expect(answer.status()).toBe(403);
      expect(answer.headers()['access-control-allow-origin']).toBeUndefined();
    } finally {
      await browser.close();
    }
    expect(await stored()).toBe(1);
    expect((await fetchInTime(`${proxy}/stored`)).headers.get('x-cache')).toBe('HIT');
  });
}
