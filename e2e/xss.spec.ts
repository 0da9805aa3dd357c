/** L07: what others send is shown as text wherever the window shows it, runs nowhere, and calls nobody. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import path from 'node:path';
import { runInNewContext } from 'node:vm';
import type { Locator, Page } from '@playwright/test';
import { startEvil, type EvilListener } from './evil-listener';
import { watchForTraces } from './foreign-traces';
import { test as base, expect, type RunningLarder } from './larder-app';
import { details, goTo, liveLog, storedResponses } from './larder-window';
import { content, type RecordingOrigin } from './recording-origin';
import { asFieldValue, asTarget, hostileBodies, xssCorpus, type Payload } from './xss-corpus';

const MOD = process.platform === 'darwin' ? 'Meta' : 'Control';

const test = base.extend<{ evil: EvilListener; corpus: readonly Payload[] }>({
  evil: async ({}, use) => {
    const evil = await startEvil();
    await use(evil);
    await evil.close();
  },
  corpus: async ({ evil }, use) => use(xssCorpus(evil.url)),
});

/** As it stands, which `fetch` would encode. */
async function send(proxy: string, target: string, headers: Record<string, string> = {}): Promise<void> {
  const { hostname, port } = new URL(proxy);
  const request = get({ hostname, port, path: target, headers, agent: false });
  const [response] = (await once(request, 'response')) as [NodeJS.ReadableStream];
  response.resume();
  await once(response, 'end');
}

/** Some of the corpus, sent as one request and answered as one response. */
interface Group {
  readonly target: string;
  readonly values: readonly string[];
}

const PER_GROUP = 6;

function grouped(corpus: readonly Payload[]): readonly Group[] {
  return Array.from({ length: Math.ceil(corpus.length / PER_GROUP) }, (_, number) => {
    const some = corpus.slice(number * PER_GROUP, (number + 1) * PER_GROUP);
    return {
      target: `/x/${number}/${some.map(({ text }) => asTarget(text)).join('/')}`,
      values: some.map(({ text }) => asFieldValue(text)),
    };
  });
}

const fieldsOf = (values: readonly string[]) =>
  Object.fromEntries(values.map((value, index) => [`x-payload-${index}`, value]));

/** An origin that says what it was asked, in every place that an answer has. */
function answerWith(origin: RecordingOrigin, groups: readonly Group[]): void {
  for (const { target, values } of groups) {
    const [value = ''] = values;
    origin.answer(target.split('?', 1)[0] ?? target, (_request, response) => {
      response.writeHead(200, values.join(' '), {
        ...fieldsOf(values),
        'content-type': 'text/plain',
        'content-disposition': `attachment; filename="${values.join('/')}"`,
        'cache-control': `max-age=60, ext="${value.replaceAll('"', "'")}"`,
        etag: `"${value.replace(/["\s]/g, '')}"`,
        vary: 'x-payload-0',
      });
      response.end(target);
    });
  }
}

const start = (launch: (options: object) => Promise<RunningLarder>, origin: RecordingOrigin) =>
  launch({ flags: ['--origin', origin.url, '--port', '0'] });

/** Controls of theirs are told, not obeyed. */
const shown = (value: string) =>
  value.replace(/[\u0080-\u009f]/g, (control) => `\\u00${control.charCodeAt(0).toString(16)}`);

const plainText = (place: Locator) => place.evaluate((element) => element.textContent ?? '');

async function openNewest(page: Page, target: string): Promise<void> {
  // The log follows: the newest is the first.
  const row = liveLog(page).getByRole('row').filter({ hasText: target }).first();
  await row.click();
  await expect(details(page).getByRole('heading', { level: 2 }).first()).toContainText(target);
}

test('in the log and in Details', async ({ launch, origin, evil, corpus }) => {
  const groups = grouped(corpus);
  answerWith(origin, groups);
  const larder = await start(launch, origin);
  const watch = watchForTraces(larder.page, evil);
  const proxy = await larder.proxyUrl();
  const { page } = larder;
  for (const { target, values } of groups) {
    await send(proxy, target, { ...fieldsOf(values), 'user-agent': values.join(' ') });
    await send(proxy, target, { 'x-payload-0': 'another', cookie: values.join(' ') });
    await openNewest(page, target);
    const differed = details(page).getByRole('table', { name: 'What differed' });
    await expect.poll(() => plainText(differed)).toContain(shown(values[0] ?? ''));
    for (const value of values) expect(await plainText(details(page))).toContain(shown(value));
    await watch.assertNothingForeign();
  }
  await liveLog(page).getByRole('row').nth(3).hover();
  await watch.assertNothingForeign();
});

test('in a body, in every view of it', async ({ launch, origin, evil, corpus }) => {
  const bodies = hostileBodies(corpus);
  for (const { path: where, type, text } of bodies) origin.answer(where, content(type, text));
  const larder = await start(launch, origin);
  const watch = watchForTraces(larder.page, evil);
  const proxy = await larder.proxyUrl();
  const { page } = larder;
  for (const body of bodies) {
    await send(proxy, body.path);
    await openNewest(page, body.path);
    const choice = details(page).getByRole('group', { name: 'Show the body as' });
    const shown = page
      .getByRole('tree', { name: 'Body as a tree' })
      .or(page.getByRole('textbox', { name: 'Body source' }))
      .or(page.getByRole('group', { name: 'Body as hex' }))
      .or(page.locator('figcaption').filter({ hasText: /px|cannot be shown/ }));
    await expect(shown).toBeVisible();
    for (const view of await choice.getByRole('button').all()) {
      await view.click();
      await expect(view).toHaveAttribute('aria-pressed', 'true');
      await expect(shown).toBeVisible();
      if ((await view.textContent()) === 'Tree')
        await details(page).getByRole('button', { name: 'Open all' }).click();
      await watch.assertNothingForeign();
    }
  }
  // A key of that name is a key like any other.
  await openNewest(page, '/data.json');
  await expect(page.getByRole('treeitem', { name: /^__proto__/ })).toBeVisible();
  await expect(
    page.getByRole('treeitem', { name: /<script>window\.foreignScript=1<\/script>/ }).first(),
  ).toBeVisible();
  // What turns the direction of writing is told.
  await page.getByRole('searchbox', { name: 'Find in body' }).fill('gnp.exe');
  await expect(page.getByRole('treeitem', { selected: true })).toContainText('\\u202egnp.exe');
});

test('in the cache, searches, filters, the palette and Insights', async ({
  launch,
  origin,
  evil,
  corpus,
}) => {
  const groups = grouped(corpus);
  answerWith(origin, groups);
  const larder = await start(launch, origin);
  const { page } = larder;
  const watch = watchForTraces(page, evil);
  const proxy = await larder.proxyUrl();
  for (const { target } of groups) await send(proxy, target);
  const plain = '/<svg/onload=window.foreignScript=1>';
  for (const number of [1, 2]) await send(proxy, `${plain}?${number}`);

  await goTo(page, 'Cache');
  const grid = storedResponses(page);
  const search = page.getByRole('searchbox', { name: 'Search stored responses' });
  for (const part of ['<script>window', 'onerror="', '$(touch', 'srcdoc=', '</title>']) {
    await search.fill(part);
    const row = grid.getByRole('row').filter({ hasText: part }).first();
    await row.click();
    await expect(details(page).getByRole('heading', { level: 2 }).first()).toContainText(part);
    await watch.assertNothingForeign();
  }
  await search.fill('<img src=x onerror=window.foreignScript=1>');
  await watch.assertNothingForeign();
  await search.fill('');
  await page.getByText('Tree', { exact: true }).click();
  const tree = page.getByRole('treegrid', { name: 'Stored responses by path' });
  await tree.focus();
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowRight');
  await expect(tree.getByRole('row').filter({ hasText: '/0' }).first()).toBeVisible();
  await watch.assertNothingForeign();
  await page.getByRole('button', { name: 'Delete by pattern…' }).click();
  const pattern = '*<svg onload="window.foreignScript=1">{{7*7}}';
  await page.getByRole('textbox', { name: 'Pattern' }).fill(pattern);
  await expect(page.getByText(`Nothing that is stored matches ${pattern}`)).toBeVisible();
  await page.getByRole('textbox', { name: 'Pattern' }).fill('/x/*');
  await expect(page.getByRole('dialog').getByRole('listitem').first()).toContainText('/x/');
  await watch.assertNothingForeign();
  await page.keyboard.press('Escape');

  await page.keyboard.press(`${MOD}+k`);
  await page.getByRole('combobox', { name: 'Command palette' }).fill('<script>');
  await expect(page.getByRole('option').filter({ hasText: '<script>' }).first()).toBeVisible();
  await watch.assertNothingForeign();
  await page.keyboard.press('Escape');

  await goTo(page, 'Insights');
  const missed = page.getByRole('table', { name: /^Most missed/ });
  await expect(missed.getByRole('row').filter({ hasText: '/x/' }).first()).toBeVisible();
  await watch.assertNothingForeign();
  await missed.getByRole('button', { name: plain }).click();
  await expect(liveLog(page).getByRole('row').filter({ hasText: plain })).toHaveCount(2);
  await page
    .getByRole('searchbox', { name: 'Filter the log' })
    .fill('is:<img/src=x/onerror=window.foreignScript=1>');
  await expect(page.getByText(/“<img\/src=x.*is not an outcome/)).toBeVisible();
  await watch.assertNothingForeign();
});

/** Runs a copied command as a shell does, with a curl that only says what it was given. */
async function argumentsOf(command: string, folder: string): Promise<string[]> {
  const programs = path.join(folder, 'programs');
  const work = path.join(folder, 'work');
  const given = path.join(folder, 'given');
  await mkdir(programs);
  await mkdir(work);
  const curl = path.join(programs, 'curl');
  await writeFile(
    curl,
    `#!/bin/sh\nfor argument in "$@"; do printf '%s\\0' "$argument"; done > '${given}'\n`,
  );
  await chmod(curl, 0o755);
  const env = { PATH: `${programs}${path.delimiter}${process.env['PATH'] ?? ''}` };
  const shell = spawn('/bin/sh', ['-c', command], { cwd: work, env, stdio: 'ignore' });
  expect(await once(shell, 'exit')).toEqual([0, null]);
  expect(await readdir(work), 'files that the command made').toEqual([]);
  return (await readFile(given, 'utf8')).split('\0').slice(0, -1);
}

test('in requests that are sent again, and in what is copied of them', async ({
  launch,
  origin,
  evil,
  corpus,
  dataDir,
}) => {
  test.skip(process.platform === 'win32', 'what is copied is for a POSIX shell');
  const larder = await start(launch, origin);
  const { app, page } = larder;
  const watch = watchForTraces(page, evil);
  const proxy = await larder.proxyUrl();
  const values = corpus.map(({ text }) => asFieldValue(text).trim());
  const shell = corpus.filter(({ name }) => name.startsWith('shell')).map(({ text }) => asTarget(text));
  const target = `/copied/${shell.join('/')}?q=<svg/onload=window.foreignScript=1>`;
  await send(proxy, target, fieldsOf(values));
  await openNewest(page, target);
  const clipboard = () => app.evaluate((electron) => electron.clipboard.readText());
  const copy = async (name: string, begin: string) => {
    await details(page).getByRole('button', { name, exact: true }).click();
    await expect.poll(clipboard).toContain(begin);
    return clipboard();
  };

  const given = await argumentsOf(await copy('Copy as cURL', 'curl '), dataDir);
  expect(given).toContain(`${proxy}${target}`);
  for (const [index, value] of values.entries()) expect(given).toContain(`x-payload-${index}: ${value}`);
  const fetched: unknown[] = [];
  const fetchLike = (...args: unknown[]) => void fetched.push(...args);
  await runInNewContext(`(async () => { ${await copy('Copy as fetch', 'await fetch(')} })()`, {
    fetch: fetchLike,
  });
  expect(fetched).toMatchObject([`${proxy}${target}`, { headers: fieldsOf(values) }]);

  await details(page).getByRole('button', { name: 'Send again' }).click();
  const dialog = page.getByRole('dialog', { name: 'Send a request' });
  await expect(dialog.getByRole('combobox', { name: 'Path' })).toHaveValue(target);
  await watch.assertNothingForeign();
  await dialog.getByRole('combobox', { name: 'Path' }).press(`${MOD}+Enter`);
  await expect(dialog).toHaveCount(0);
  await expect(details(page).getByRole('heading', { level: 2 }).first()).toContainText(target);
  await page.keyboard.press(`${MOD}+n`);
  await dialog.getByRole('button', { name: 'Earlier requests' }).click();
  await expect(page.getByRole('menuitem').filter({ hasText: 'onload=window' })).toBeVisible();
  await watch.assertNothingForeign();
});

test('in names of profiles, of files, and in what leaves as a file', async ({
  launch,
  origin,
  evil,
  corpus,
  dataDir,
}) => {
  const groups = grouped(corpus);
  answerWith(origin, groups);
  const larder = await start(launch, origin);
  const { app, page } = larder;
  const watch = watchForTraces(page, evil);
  const proxy = await larder.proxyUrl();
  const ask = (channel: string, request?: object) =>
    page.evaluate(
      ([name, payload]) =>
        (
          window as unknown as { larder: { invoke(c: unknown, r: unknown): Promise<{ value: unknown }> } }
        ).larder
          .invoke(name, payload)
          .then(({ value }) => value),
      [channel, request] as const,
    );

  // Names that a person may have been given, with a project.
  const names = [
    '<img src=x onerror=window.foreignScript=1>',
    '{{7*7}}&lt;b&gt;&File',
    '"><script>1</script>',
  ];
  for (const name of names) {
    expect(await ask('profiles.create', { name, origin: '', port: '0' })).toMatchObject({ kind: 'changed' });
  }
  await page.getByRole('button', { name: 'Profile: Default' }).click();
  for (const name of names) await expect(page.getByRole('menuitemradio', { name })).toBeVisible();
  await watch.assertNothingForeign();
  await page.getByRole('menuitem', { name: 'Manage profiles…' }).click();
  await expect(page.getByRole('button', { name: `Rename ${names[0]}` })).toBeVisible();
  await watch.assertNothingForeign();
  await page.keyboard.press('Escape');
  const native = await app.evaluate(({ BrowserWindow, Menu }) => {
    const labels: string[] = [];
    const collect = (menu: Electron.Menu | null | undefined) => {
      for (const item of menu?.items ?? []) {
        labels.push(item.label);
        collect(item.submenu);
      }
    };
    collect(Menu.getApplicationMenu());
    return { labels, titles: BrowserWindow.getAllWindows().map((window) => window.getTitle()) };
  });
  for (const name of names) expect(native.labels).toContain(name.replaceAll('&', '&&'));
  expect(native.titles).toEqual(['Larder']);

  const file = path.join(dataDir, '<img src=x onerror=window.foreignScript=1>.json');
  const keys = corpus.map(({ text }) => `${JSON.stringify(text)}: ${JSON.stringify(text)}`);
  await writeFile(
    file,
    `{"__proto__": {"foreign": 1}, "origin": ${JSON.stringify(corpus[0]?.text)}, ${keys.join()}}`,
  );
  await app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] });
  }, file);
  await goTo(page, 'Settings');
  await page.getByRole('button', { name: 'Import…' }).click();
  const problems = page.getByRole('dialog', { name: /^Import <img/ }).getByRole('list', { name: 'Problems' });
  await expect(problems).toContainText('<svg onload=');
  await watch.assertNothingForeign();
  await page.keyboard.press('Escape');

  for (const { target } of groups) await send(proxy, target);
  await send(proxy, '/x/..%2f..%2f%2e%2e%5cautorun.inf%0a%22%00%e2%80%aegnp.exe');
  await send(proxy, '/x/CON');
  const quoted = '/=1+1","=2+2",';
  for (const number of [1, 2]) await send(proxy, `${quoted}?${number}`);
  const saved = await app.evaluateHandle(({ dialog }) => {
    const paths: string[] = [];
    const cancel = (...args: unknown[]) => {
      paths.push((args.at(-1) as { defaultPath: string }).defaultPath);
      return Promise.resolve({ canceled: true, filePath: '' });
    };
    dialog.showSaveDialog = cancel;
    return paths;
  });
  const recent = (await ask('exchange.recent')) as { id: number }[];
  expect(recent).toHaveLength(groups.length + 4);
  for (const { id } of recent) await ask('exchange.save-body', { id });
  const downloads = await app.evaluate((electron) => electron.app.getPath('downloads'));
  const proposed = await saved.jsonValue();
  expect(proposed).toHaveLength(recent.length);
  for (const name of proposed) {
    expect(path.dirname(name)).toBe(downloads);
    expect(path.basename(name)).toMatch(/^[^./\\:*?"<>|\p{Cc}\p{Cf}\s][^/\\:*?"<>|\p{Cc}\p{Cf}]{0,128}$/u);
    expect(path.basename(name)).not.toMatch(/^con\./i);
  }

  const csv = path.join(dataDir, 'figures.csv');
  await app.evaluate(({ dialog }, chosen) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: chosen });
  }, csv);
  expect(await ask('insights.export', { span: '5min' })).toEqual({ saved: true });
  const records = csvRecords(await readFile(csv, 'utf8'));
  expect(new Set(records.map((cells) => cells.length)).size, 'columns').toBe(1);
  const cells = records.flat();
  expect(cells.filter((cell) => /^[=+@\t\r-]/.test(cell))).toEqual([]);
  expect(cells).toContain(quoted);
});

/** RFC 4180. */
function csvRecords(text: string): string[][] {
  const records: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    records.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end !== ',') records.push([]);
  }
  return records.filter((cells) => cells.length > 1);
}
