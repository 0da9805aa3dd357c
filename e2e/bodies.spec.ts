/** Bodies as the window shows them: any kind, any size, and none of them live. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { brotliCompressSync, crc32, deflateSync, gzipSync } from 'node:zlib';
import type { Locator, Page } from 'playwright';
import { fetchInTime } from './fetch-in-time';
import { test, expect, type RunningLarder } from './larder-app';
import { details, liveRows } from './larder-window';
import { content, type RecordingOrigin } from './recording-origin';

const MIB = 1024 * 1024;

/** Asks for it through Larder and opens its row. */
async function show(larder: RunningLarder, target: string, method = 'GET'): Promise<Locator> {
  await (await fetchInTime((await larder.proxyUrl()) + target, { method })).arrayBuffer();
  await liveRows(larder.page, target).first().click();
  await expect(details(larder.page)).toContainText(target);
  return details(larder.page);
}

const start = (launch: (options: object) => Promise<RunningLarder>, origin: RecordingOrigin) =>
  launch({ flags: ['--origin', origin.url, '--port', '0'] });

const tree = (page: Page) => page.getByRole('tree', { name: 'Body as a tree' });
const item = (page: Page, name: string | RegExp) => tree(page).getByRole('treeitem', { name });
const source = (page: Page) => page.getByRole('textbox', { name: 'Body source' });
const find = (page: Page) => page.getByRole('searchbox', { name: 'Find in body' });
const matches = (page: Page) => page.getByRole('status', { name: 'Matches' });
const clipboard = ({ app }: RunningLarder) => app.evaluate(({ clipboard }) => clipboard.readText());

/** What a person who accepts the name that the system's dialog offers would do. */
async function acceptSaving({ app }: RunningLarder, folder: string): Promise<void> {
  await app.evaluate(({ dialog }, into) => {
    const accept = (...args: unknown[]) => {
      const { defaultPath } = args.at(-1) as { defaultPath: string };
      return Promise.resolve({ canceled: false, filePath: `${into}/${defaultPath.split(/[\\/]/).at(-1)}` });
    };
    dialog.showSaveDialog = accept;
  }, folder);
}

test('JSON is a tree that is walked, searched and copied from by keyboard', async ({ launch, origin }) => {
  const text =
    '{"total":12345678901234567890,"items":[{"name":"Plum jam","price":{"EUR":4.20}},{"name":"Rye","best before":null}]}';
  origin.answer('/jam', content('application/json', text));
  const larder = await start(launch, origin);
  const { page } = larder;
  await show(larder, '/jam');
  await expect(item(page, 'total: 12345678901234567890')).toHaveAttribute('aria-level', '2');
  await expect(item(page, /^items: 2 items/)).toHaveAttribute('aria-expanded', 'true');
  await expect(item(page, 'EUR: 4.20')).toHaveCount(0);
  await tree(page).focus();
  for (const key of ['End', 'ArrowUp', 'ArrowRight', 'ArrowDown', 'ArrowDown', 'ArrowRight', 'ArrowRight']) {
    await tree(page).press(key);
  }
  await expect(item(page, 'EUR: 4.20')).toHaveAttribute('aria-selected', 'true');
  await expect(details(page)).toContainText('$.items[0].price.EUR');
  await tree(page).press('ControlOrMeta+Shift+C');
  await expect.poll(() => clipboard(larder)).toBe('$.items[0].price.EUR');
  await tree(page).press('ArrowLeft');
  await tree(page).press('ControlOrMeta+C');
  await expect.poll(() => clipboard(larder)).toBe('{"EUR":4.20}');

  await tree(page).press('ControlOrMeta+F');
  await expect(find(page)).toBeFocused();
  await find(page).fill('BEST');
  await expect(matches(page)).toHaveText('1 of 1');
  await expect(item(page, 'best before: null')).toHaveAttribute('aria-selected', 'true');
  await details(page).getByRole('button', { name: 'Copy path' }).click();
  await expect.poll(() => clipboard(larder)).toBe("$.items[1]['best before']");
  await find(page).fill('name');
  await expect(matches(page)).toHaveText('1 of 2');
  await details(page).getByRole('button', { name: 'Copy value' }).click();
  await expect.poll(() => clipboard(larder)).toBe('Plum jam');
  await find(page).press('Enter');
  await expect(matches(page)).toHaveText('2 of 2');
  await find(page).press('Shift+Enter');
  await expect(matches(page)).toHaveText('1 of 2');
  await find(page).press('Escape');
  await expect(find(page)).toHaveValue('');
  await expect(details(page)).toBeVisible();

  await details(page).getByRole('button', { name: 'Close all' }).click();
  await expect(tree(page).getByRole('treeitem')).toHaveCount(3);
  await details(page).getByRole('button', { name: 'Open all' }).click();
  await expect(tree(page).getByRole('treeitem')).toHaveCount(10);
  await details(page).getByRole('combobox', { name: 'Open to level' }).selectOption('2 levels');
  await expect(tree(page).getByRole('treeitem')).toHaveCount(5);
});

test('ten megabytes of JSON open, search and scroll while the window goes on', async ({ launch, origin }) => {
  const items = Array.from(
    { length: 110_000 },
    (_, id) => `{"id":${id},"name":"jar of jam ${id}","note":"${'x'.repeat(50)}"}`,
  );
  const text = `{"items":[${items.join()}]}`;
  expect(text.length).toBeGreaterThan(10 * MIB);
  origin.answer('/large', content('application/json', gzipSync(text), { 'content-encoding': 'gzip' }));
  const larder = await start(launch, origin);
  const { page } = larder;
  await show(larder, '/large');
  await expect(item(page, /^items: 110,000 items/)).toBeVisible();
  await find(page).fill('jam 109999');
  await expect(matches(page)).toHaveText('1 of 1');
  await expect(item(page, 'name: "jar of jam 109999"')).toHaveAttribute('aria-selected', 'true');
  await expect(details(page)).toContainText('$.items[109999].name');
  await details(page).getByRole('button', { name: 'Open all' }).click();
  await tree(page).focus();
  await tree(page).press('End');
  await expect(item(page, /^note: "x+"/).last()).toHaveAttribute('aria-selected', 'true');
  // Only what is in sight exists.
  expect(await tree(page).getByRole('treeitem').count()).toBeLessThan(100);

  await details(page).getByRole('button', { name: 'Raw' }).click();
  await expect(source(page)).toContainText('{"items":[{"id":0,');
  await find(page).fill('jam 109999');
  await expect(matches(page)).toHaveText('1 of 1');
  await expect(source(page)).toContainText('"jar of jam 109999"');
  await details(page).getByRole('button', { name: 'Hex' }).click();
  const hex = page.getByRole('group', { name: 'Body as hex' });
  await hex.press('End');
  await expect(hex).toContainText('}]}');
});

test('a body over the cap is shown in part and saved whole', async ({ launch, origin, dataDir }) => {
  const text = `first line\n${'0123456789abcde\n'.repeat(MIB + 1000)}`;
  const bytes = Buffer.from(text);
  origin.answer('/v1/log', content('text/plain', gzipSync(bytes), { 'content-encoding': 'gzip' }));
  const larder = await start(launch, origin);
  const { page } = larder;
  await show(larder, '/v1/log');
  await expect(details(page)).toContainText('Showing the first 16.8 MB of 16.8 MB');
  await expect(source(page)).toContainText('first line');
  await expect(details(page).getByRole('button', { name: 'Copy body' })).toHaveCount(0);
  await acceptSaving(larder, dataDir);
  await details(page).getByRole('button', { name: 'Save body as…' }).click();
  const saved = () => readFile(path.join(dataDir, 'log.txt')).catch(() => Buffer.of());
  await expect.poll(async () => (await saved()).equals(bytes)).toBe(true);
});

test('of a large body that is not stored the beginning is shown', async ({ launch, origin, dataDir }) => {
  origin.answer('/passing', content('text/plain', `head\n${'x'.repeat(MIB)}`));
  origin.answer('/small', content('text/plain', 'a small one'));
  const larder = await start(launch, origin);
  const { page } = larder;
  await show(larder, '/passing', 'POST');
  await expect(details(page)).toContainText('only its beginning is kept');
  await expect(source(page)).toContainText('head');
  await expect(details(page).getByRole('button', { name: /^Save body/ })).toHaveCount(0);
  await show(larder, '/small', 'POST');
  await acceptSaving(larder, dataDir);
  await details(page)
    .getByRole('button', { name: /^Save body/ })
    .click();
  const saved = () => readFile(path.join(dataDir, 'small.txt'), 'utf8').catch(() => null);
  await expect.poll(saved).toBe('a small one');
});

test('HTML is source: nothing in it runs, loads, or becomes part of the window', async ({
  launch,
  origin,
}) => {
  const evil = (what: string) => `${origin.url}/evil/${what}`;
  const html = `<!doctype html><meta http-equiv="refresh" content="0;url=${evil('refresh')}">
<base href="${evil('base')}"><link rel="stylesheet" href="${evil('style.css')}">
<style>@import url(${evil('import.css')}); body { background: url(${evil('bg.png')}) }</style>
<script>alert(1); window.ran = true; fetch('${evil('fetch')}')</script><script src="${evil('script.js')}"></script>
<img src="${evil('img.png')}" onerror="window.ran = true"><iframe src="${evil('frame.html')}" id="evil-frame"></iframe>
<svg onload="window.ran = true"><script>window.ran = true</script></svg>
<object data="${evil('object')}"></object><video autoplay src="${evil('video')}"></video>
<form id="evil-form" action="${evil('form')}"><button autofocus onfocus="window.ran = true">x</button></form>
<h1 id="evil-heading">Hello</h1></body></html>`;
  origin.answer('/page', content('text/html', html));
  origin.answer(
    '/page.svg',
    content(
      'image/svg+xml',
      `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20" onload="window.ran = true"><script>window.ran = true</script><image href="${evil('svg.png')}"/><rect width="40" height="20"/></svg>`,
    ),
  );
  const larder = await start(launch, origin);
  const { page } = larder;
  const dialogs: string[] = [];
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  const before = page.url();
  await show(larder, '/page');
  await expect(source(page)).toContainText('<script>alert(1); window.ran = true;');
  await find(page).fill('evil-heading');
  await expect(source(page)).toContainText('<h1 id="evil-heading">Hello</h1>');
  await show(larder, '/page.svg');
  await expect(details(page)).toContainText('40 × 20 px');
  await details(page).getByRole('button', { name: 'Raw' }).click();
  await expect(source(page)).toContainText('onload="window.ran = true"');
  const made = await page.evaluate(() => {
    const inShadow = [...document.querySelectorAll('*')].flatMap((one) =>
      one.shadowRoot === null ? [] : [one.shadowRoot],
    );
    const strange =
      'iframe, object, video, form#evil-form, h1#evil-heading, base, meta[http-equiv], script:not([src]), [onerror], [onload], [onfocus]';
    return {
      ran: 'ran' in window,
      strange: [document, ...inShadow].flatMap((root) =>
        [...root.querySelectorAll(strange)].map((one) => one.outerHTML),
      ),
    };
  });
  expect(made).toEqual({ ran: false, strange: [] });
  expect(dialogs).toEqual([]);
  expect(page.url()).toBe(before);
  expect(origin.requests.filter((target) => target.startsWith('/evil'))).toEqual([]);
});

test('images, bytes and texts are shown as what they are', async ({ launch, origin }) => {
  const utf16 = Buffer.from('\ufeffcafé €', 'utf16le');
  origin.answer('/logo.png', content('image/png', pngOf(3, 2)));
  origin.answer(
    '/data.bin',
    content(
      'application/octet-stream',
      Uint8Array.from({ length: 300 }, (_, at) => at % 256),
    ),
  );
  origin.answer('/utf16', content('text/plain', utf16));
  origin.answer('/latin1', content('text/plain; charset=iso-8859-1', Buffer.from('café', 'latin1')));
  origin.answer(
    '/br',
    content('text/css', brotliCompressSync('.jar { color: plum }'), { 'content-encoding': 'br' }),
  );
  origin.answer(
    '/min.js',
    content('text/javascript', `const jam=[${'1,'.repeat(20_000)}];console.log("end of jam")`),
  );
  const larder = await start(launch, origin);
  const { page } = larder;
  await show(larder, '/logo.png');
  await expect(details(page)).toContainText('3 × 2 px');
  await show(larder, '/data.bin');
  await expect(page.getByRole('group', { name: 'Body as hex' })).toContainText(
    '000000  00 01 02 03 04 05 06 07',
  );
  await show(larder, '/utf16');
  await expect(source(page)).toContainText('café €');
  await expect(details(page)).toContainText('text/plain · UTF-16LE');
  await show(larder, '/latin1');
  await expect(source(page)).toContainText('café');
  await show(larder, '/br');
  await expect(source(page)).toContainText('.jar { color: plum }');
  await expect(details(page)).toContainText('br, decoded');
  await show(larder, '/min.js');
  await source(page).press('ControlOrMeta+F');
  await expect(find(page)).toBeFocused();
  await find(page).fill('end of jam');
  await expect(source(page)).toContainText('console.log("end of jam")');
  await details(page).getByRole('button', { name: 'Wrap lines' }).click();
  await expect(details(page).getByRole('button', { name: 'Wrap lines' })).toHaveAttribute(
    'aria-pressed',
    'false',
  );
});

test('what cannot be shown is said', async ({ launch, origin }) => {
  origin.answer('/empty', content('text/plain', ''));
  origin.answer('/broken', content('application/json', '{"a": 1,\n "b" 2}'));
  origin.answer('/coded', content('text/plain', 'abc', { 'content-encoding': 'compress' }));
  const larder = await start(launch, origin);
  const { page } = larder;
  await show(larder, '/empty');
  await expect(details(page)).toContainText('No body.');
  await show(larder, '/broken');
  await expect(details(page)).toContainText('There is no tree of it: expected a colon at line 2, column 6.');
  await expect(source(page)).toContainText('"b" 2}');
  await show(larder, '/coded');
  await expect(details(page)).toContainText('Content-Encoding compress, which cannot be undone here');
});

test('a body that could not be had is asked for again', async ({ launch, origin }) => {
  const larder = await start(launch, origin);
  const { page, app } = larder;
  await app.evaluate(({ ipcMain }) => {
    const failed = { ok: false, error: { code: 'internal', message: 'The store did not answer' } };
    const text = { contentType: 'text/plain', contentEncoding: null, undecoded: null };
    const value = {
      ...text,
      bytes: Buffer.from('here it is'),
      totalBytes: 10,
      truncated: false,
      keptWhole: true,
    };
    const answers = [failed, { ok: true, value }];
    ipcMain.removeHandler('exchange.body');
    ipcMain.handle('exchange.body', () => answers.shift());
  });
  await show(larder, '/once');
  await expect(details(page)).toContainText('The store did not answer');
  await details(page).getByRole('button', { name: 'Try again' }).click();
  await expect(source(page)).toContainText('here it is');
});

/** A grey PNG without filters; its checks of transmission are those of the format. */
function pngOf(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(Buffer.concat([Buffer.from(type), data])));
    return Buffer.concat([length, Buffer.from(type), data, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 0, 0, 0, 0], 8);
  const rows = Buffer.alloc((width + 1) * height, 128).map((byte, at) => (at % (width + 1) === 0 ? 0 : byte));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.of()),
  ]);
}
