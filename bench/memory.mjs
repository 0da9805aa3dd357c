// What do responses in memory cost? A million small ones in 256 MiB, how much each takes beside its body, how long a
// put and a hit take, and how long the event loop is held. Exits with 1 where the bounds of a million are broken.
// Every run is a process of its own. Run: node bench/memory.mjs
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath, pathToFileURL } from 'node:url';

const MEGABYTE = 1_000_000;
const BUDGET_BYTES = 256 * 1024 * 1024;
const MOST_RESIDENT_MB = 534;
const MOST_DELAY_MS = 20;
const RUNS = 5;
const PUTS_A_TURN = 50;
const NOW = 1_700_000_000_000;
/**
 * What is used of the memory store.
 *
 * @typedef {object} Store
 * @property {(stored: object, body: Uint8Array) => boolean} put
 * @property {(key: string) => readonly object[]} lookup
 * @property {(stored: object | undefined) => Uint8Array | null | Promise<Uint8Array | null>} body
 * @property {(query: { q: string }) => Promise<unknown>} list
 * @property {() => { entries: number, bytes: number, bodyBytes: number, storedBodyBytes: number }} stats
 *
 * @typedef {(options: { budgetBytes: number, now: () => number, compressionLevel?: number }) => Store} CreateStore
 */

/** @type {Readonly<Record<string, (create: CreateStore) => Promise<void>>>} */
const parts = {
  million,
  overhead,
  roomy: (create) => mixed(create, 256),
  tight: (create) => mixed(create, 32),
  listing,
};

const [part, bundle] = process.argv.slice(2);
if (part === undefined) await all();
else {
  const { createMemoryStore } = await import(pathToFileURL(bundle ?? '').href);
  await parts[part]?.(createMemoryStore);
}

async function all() {
  const folder = mkdtempSync(join(tmpdir(), 'larder-bench-'));
  try {
    const { build } = await import('vite');
    const entry = fileURLToPath(new URL('../electron/engine/store/memory/memory-store.ts', import.meta.url));
    await build({
      configFile: false,
      logLevel: 'error',
      ssr: { noExternal: true },
      build: {
        ssr: entry,
        outDir: folder,
        emptyOutDir: false,
        target: 'node18',
        rolldownOptions: { output: { entryFileNames: 'memory-store.mjs' } },
      },
    });
    const file = join(folder, 'memory-store.mjs');
    let passed = true;
    for (let run = 1; run <= RUNS; run += 1) passed = runPart('million', file) && passed;
    for (const name of ['overhead', 'roomy', 'tight', 'listing']) passed = runPart(name, file) && passed;
    if (!passed) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} name
 * @param {string} file
 */
function runPart(name, file) {
  const args = [fileURLToPath(import.meta.url), name, file];
  return spawnSync(process.execPath, args, { stdio: 'inherit' }).status === 0;
}

/**
 * 1,000,000 responses of 200 bytes.
 *
 * @param {CreateStore} createMemoryStore
 */
async function million(createMemoryStore) {
  const store = createMemoryStore({ budgetBytes: BUDGET_BYTES, now: () => NOW });
  const body = Buffer.alloc(200, 'x');
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  let mostAccounted = 0;
  let putMs = 0;
  await inTurns(1_000_000, (index) => {
    const stored = response(`/items/${index}`, body.length);
    const start = performance.now();
    store.put(stored, Buffer.from(body));
    putMs += performance.now() - start;
    if (index % 1000 === 0) mostAccounted = Math.max(mostAccounted, store.stats().bytes);
  });
  delay.disable();
  const { entries, bytes } = store.stats();
  mostAccounted = Math.max(mostAccounted, bytes);
  const peakMb = (process.resourceUsage().maxRSS * 1024) / MEGABYTE;
  const residentMb = process.memoryUsage.rss() / MEGABYTE;
  const delayMs = delay.percentile(99) / 1e6;
  const holds = mostAccounted <= BUDGET_BYTES && peakMb < MOST_RESIDENT_MB && delayMs < MOST_DELAY_MS;
  print(
    `1,000,000 of 200 bytes: ${entries} stored, ${shown(mostAccounted / MEGABYTE)} of ` +
      `${shown(BUDGET_BYTES / MEGABYTE)} MB accounted at most, ${shown(residentMb)} MB resident in the end, ` +
      `${shown(peakMb)} at the peak, event loop p99 ${shown(delayMs)} ms, longest ${shown(delay.max / 1e6)} ms, ` +
      // Milliseconds for a million are nanoseconds for one.
      `a put ${shown(putMs)} ns` +
      (holds ? '' : ': BROKEN'),
  );
  if (!holds) process.exitCode = 1;
}

/**
 * 1 KiB bodies with 8 fields, as they come, none of them hit.
 *
 * @param {CreateStore} createMemoryStore
 */
async function overhead(createMemoryStore) {
  const store = createMemoryStore({ budgetBytes: BUDGET_BYTES, now: () => NOW, compressionLevel: 0 });
  const count = 100_000;
  const before = process.memoryUsage.rss();
  const body = Buffer.alloc(1024, 'x');
  await inTurns(count, (index) => store.put(response(`/items/${index}`, body.length), Buffer.from(body)));
  const accounted = store.stats().bytes / store.stats().entries - body.length;
  const resident = (process.memoryUsage.rss() - before) / count - body.length;
  print(
    `1 KiB with 8 fields: ${shown(accounted)} bytes accounted beside the body, ${shown(resident)} resident`,
  );
}

/**
 * Hits over 10,000 keys, some far more often than others, bodies of 4 KB that are kept compressed.
 *
 * @param {CreateStore} createMemoryStore
 * @param {number} budgetMib
 */
async function mixed(createMemoryStore, budgetMib) {
  const store = createMemoryStore({ budgetBytes: budgetMib * 1024 * 1024, now: () => NOW });
  /** @type {string[]} */
  const keys = [];
  await inTurns(10_000, (index) => {
    const stored = response(`/items/${index}`, 4096);
    keys.push(stored.key);
    store.put(stored, Buffer.from(JSON.stringify({ index, text: 'some words '.repeat(400) }).slice(0, 4096)));
  });
  while (store.stats().storedBodyBytes > 10_000 * 1000) await new Promise((resolve) => setImmediate(resolve));
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  let inflated = 0;
  let hitMs = 0;
  const hits = 2_000_000;
  for (let index = 0; index < hits; index += 100) {
    const chosen = Array.from({ length: 100 }, () => keys[Math.floor(10_000 ** Math.random()) - 1] ?? '');
    const start = performance.now();
    const later = [];
    for (const key of chosen) {
      const body = store.body(store.lookup(key)[0]);
      if (body instanceof Promise) later.push(body);
    }
    hitMs += performance.now() - start;
    inflated += later.length;
    await Promise.all(later);
    if (index % 1000 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  const { bodyBytes, storedBodyBytes, bytes } = store.stats();
  print(
    `10,000 of 4 KB in ${budgetMib} MiB: kept in ${shown(storedBodyBytes / MEGABYTE)} of ${shown(bodyBytes / MEGABYTE)} MB, ` +
      `${shown(bytes / MEGABYTE)} MB accounted with what is hot; a hit ${shown((hitMs / hits) * 1e6)} ns, ` +
      `${shown((inflated / hits) * 100)} % inflated first, event loop p99 ${shown(delay.percentile(99) / 1e6)} ms`,
  );
}

/**
 * A search through 100,000.
 *
 * @param {CreateStore} createMemoryStore
 */
async function listing(createMemoryStore) {
  const store = createMemoryStore({ budgetBytes: BUDGET_BYTES, now: () => NOW });
  await inTurns(100_000, (index) => store.put(response(`/items/${index}`, 10), Buffer.alloc(10)));
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const start = performance.now();
  for (let turn = 0; turn < 20; turn += 1) await store.list({ q: 'nowhere' });
  const ms = (performance.now() - start) / 20;
  print(
    `a search through 100,000: ${shown(ms)} ms, the event loop held for ${shown(delay.max / 1e6)} ms at most`,
  );
}

/**
 * @param {number} count
 * @param {(index: number) => void} act
 */
async function inTurns(count, act) {
  for (let index = 0; index < count; index += 1) {
    act(index);
    if (index % PUTS_A_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
  }
}

/**
 * @param {string} path
 * @param {number} bodyBytes
 */
function response(path, bodyBytes) {
  const key = `https://api.example.com/v1${path}`;
  return {
    id: createHash('sha256').update(key).digest('base64url'),
    key,
    partition: '',
    vary: [],
    method: 'GET',
    url: key,
    status: 200,
    statusText: 'OK',
    fields: [
      ['Content-Type', 'application/json; charset=utf-8'],
      ['Content-Length', String(bodyBytes)],
      ['Date', 'Tue, 14 Nov 2023 22:13:20 GMT'],
      ['Last-Modified', 'Mon, 13 Nov 2023 10:00:00 GMT'],
      ['ETag', `"${bodyBytes}-${path}"`],
      ['Cache-Control', 'public, max-age=300'],
      ['Server', 'nginx/1.24.0'],
      ['X-Request-Id', '7b1d6f0e-58a1-4a93-9f6c-0c1f0a5d2e11'],
    ].flat(),
    trailers: [],
    requestTime: NOW - 80,
    responseTime: NOW,
    initialAgeSeconds: 0,
    lifetimeSeconds: 300,
    lifetimeSource: 'max-age',
    mustValidate: false,
    forOneUser: false,
    partial: null,
    bodyBytes,
    originMs: 80,
  };
}

/** @param {number} figure */
function shown(figure) {
  return figure.toFixed(figure < 10 ? 2 : 0);
}

/** @param {string} line */
function print(line) {
  process.stdout.write(`${line}\n`);
}
