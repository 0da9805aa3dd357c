/** What the window has to load before anything is seen: little, and none of the large parts that are shown later. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { root } from '../scripts/run.mjs';

const FOLDER = path.join(root, 'out/renderer');
const MOST_BYTES = 300 * 1024;
const LINKED = /(?:src|href)="(?:\.?\/)?([^"]+\.(?:js|css))"/g;
const IMPORTED = /(?:^|[;}\s])(?:import|export)\s*(?:[\w*{}\s,$]+\s*from\s*)?"(\.\/[^"]+\.js)"/g;

/** The page, what it links, and what that imports at once. */
function loadedFirst(): ReadonlyMap<string, string> {
  const loaded = new Map([['index.html', readFileSync(path.join(FOLDER, 'index.html'), 'utf8')]]);
  const load = (file: string) => {
    if (loaded.has(file)) return;
    const text = readFileSync(path.join(FOLDER, file), 'utf8');
    loaded.set(file, text);
    if (!file.endsWith('.js')) return;
    for (const [, name = ''] of text.matchAll(IMPORTED))
      load(path.posix.join(path.posix.dirname(file), name));
  };
  for (const [, file = ''] of (loaded.get('index.html') ?? '').matchAll(LINKED)) load(file);
  return loaded;
}

test('the first paint loads less than 300 KB, compressed', () => {
  const loaded = loadedFirst();
  const bytes = [...loaded.values()].reduce((sum, text) => sum + gzipSync(text).length, 0);
  expect([...loaded.keys()].filter((file) => file.endsWith('.js')).length).toBeGreaterThan(0);
  expect(bytes, [...loaded.keys()].join(', ')).toBeLessThan(MOST_BYTES);
});

test('the editor, the charts and the command palette come when they are first shown', () => {
  const text = [...loadedFirst().values()].join('');
  for (const sign of ['cm-scroller', 'u-legend', 'cmdk-input']) expect(text.includes(sign), sign).toBe(false);
});
