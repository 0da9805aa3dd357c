// Does what Larder keeps on disk survive being killed? The command line with --persist under load, killed with SIGKILL
// at random moments and started again, then bits flipped in its folder between starts. Prints a table, ends with 1
// where a start took too long, a byte was wrong, or something came back from before an acknowledged invalidation or
// clear older than a second. Run after npm run build: node bench/kills.mjs [kills] [seed] [starts] [flips a start]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const KILLS = Number(process.argv[2] ?? 50);
const SEED = Number(process.argv[3] ?? 1);
const FLIPPED_STARTS = Number(process.argv[4] ?? 20);
const FLIPS_A_START = Number(process.argv[5] ?? 5);
const PATHS = 400;
const CLIENTS = 16;
const MAX_START_MS = 3000;
const MAY_BE_MISSING_MS = 1000;
const MAX_BODY_BYTES = 20_000;
const POST_CHANCE = 0.03;
const CLEAR_CHANCE = 0.0001;
const LOAD_MIN_MS = 300;
const LOAD_SPREAD_MS = 1700;
const larderProgram = fileURLToPath(new URL('../out/cli/larder.mjs', import.meta.url));

/**
 * @typedef {{ path: string, version: number, at: number }} Sent one response of the origin
 * @typedef {{ version: number, at: number }} Acknowledged
 * @typedef {{ child: import('node:child_process').ChildProcess, port: number, startMs: number, warnings: string[] }} Larder
 */

const random = seeded(SEED);
const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
/** @type {Sent[]} by serial number */
const sent = [];
/** @type {number[]} */
const versions = Array.from({ length: PATHS }, () => 1);
/** What each path had to be from when on: a POST was answered. @type {Acknowledged[][]} */
const acknowledged = versions.map(() => []);
/** @type {{ begun: number, at: number }[]} */
const clears = [];
/** @type {string[]} */
const failures = [];
const counts = { hits: 0, misses: 0, posts: 0, clears: 0, lost: 0 };
let lastKill = 0;
/** Serial numbers by path of what was a hit and has not been invalidated since. @type {Map<string, number>} */
let stored = new Map();
/** Of POSTs that are under way; null: a clear. @type {Set<string | null>} */
let removing = new Set();

const origin = createServer(answer);
origin.listen(0, '127.0.0.1');
await once(origin, 'listening');
const dataDir = mkdtempSync(join(tmpdir(), 'larder-kills-'));
const settingsText = savedSettings();
let running = /** @type {Larder | null} */ (null);
try {
  await killed();
  if (counts.lost > 0) fail(`${counts.lost} responses were lost that had been there for more than a second`);
  if (FLIPPED_STARTS > 0) await flipped();
} finally {
  running?.child.kill('SIGKILL');
  origin.close();
  origin.closeAllConnections();
  agent.destroy();
  rmSync(dataDir, { recursive: true, force: true });
}
for (const failure of failures.slice(0, 20)) print(`FAILED: ${failure}`);
print(failures.length === 0 ? 'nothing failed' : `${failures.length} failures`);
process.exit(failures.length === 0 ? 0 : 1);

async function killed() {
  print('kill  load ms  start ms  stored before  there after  share  hits    misses  posts  clears');
  const startTimes = [];
  const shares = [];
  for (let kill = 0; kill <= KILLS; kill += 1) {
    const before = stored;
    running = await startLarder();
    startTimes.push(running.startMs);
    checkSettings();
    const there = kill === 0 ? [] : await survivors(running, before);
    const share = before.size === 0 ? null : there.length / before.size;
    if (share !== null) shares.push(share);
    const loadMs = LOAD_MIN_MS + random() * LOAD_SPREAD_MS;
    print(
      row([kill, loadMs.toFixed(0), running.startMs.toFixed(0), before.size, there.length, percent(share)]),
    );
    await load(running, loadMs, 'SIGKILL');
  }
  const sorted = [...startTimes].sort((left, right) => left - right);
  const median = sorted[Math.floor(sorted.length / 2)] ?? NaN;
  print(
    `${KILLS} kills: lost that was older than a second: ${counts.lost}; starts median ${median.toFixed(0)} ms, longest ${(sorted.at(-1) ?? NaN).toFixed(0)} ms; ` +
      `survived ${percent(average(shares))} on average, ${percent(Math.min(...shares))} at least`,
  );
}

/**
 * Bits are flipped anywhere in the folder between two starts.
 */
async function flipped() {
  const folder = cacheFolder();
  let there = 0;
  let asked = 0;
  for (let start = 0; start < FLIPPED_STARTS; start += 1) {
    running = await startLarder();
    await load(running, LOAD_MIN_MS, 'SIGTERM');
    const before = stored;
    for (let flip = 0; flip < FLIPS_A_START; flip += 1) flipBitIn(folder);
    running = await startLarder();
    there += (await survivors(running, before)).length;
    asked += before.size;
    await end(running, 'SIGTERM');
  }
  print(
    `${FLIPPED_STARTS * FLIPS_A_START} bits flipped over ${FLIPPED_STARTS} starts: ${percent(there / asked)} survived`,
  );
}

/** Whatever it is called in the data folder. */
function cacheFolder() {
  const name = readdirSync(dataDir).find((each) => existsSync(join(dataDir, each, 'format')));
  if (name === undefined) throw new Error(`nothing was persisted in ${dataDir}`);
  return join(dataDir, name);
}

/** @param {string} folder */
function flipBitIn(folder) {
  const files = readdirSync(folder)
    .filter((name) => !name.startsWith('lock-'))
    .map((name) => ({ name, bytes: readFileSync(join(folder, name)) }));
  let at = Math.floor(random() * files.reduce((sum, { bytes }) => sum + bytes.length, 0));
  for (const { name, bytes } of files) {
    if (at >= 0 && at < bytes.length) {
      bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << Math.floor(random() * 8)), at);
      writeFileSync(join(folder, name), bytes);
    }
    at -= bytes.length;
  }
}

/**
 * The origin: a body says which response it is, and what every byte of it has to be.
 *
 * @param {import('node:http').IncomingMessage} asked
 * @param {import('node:http').ServerResponse} response
 */
function answer(asked, response) {
  const path = asked.url ?? '';
  const number = Number(path.slice('/r/'.length));
  if (asked.method === 'POST') {
    asked.resume();
    const version = (versions[number] ?? 0) + 1;
    versions[number] = version;
    response.writeHead(204, { 'X-Version': version }).end();
    return;
  }
  const serial = sent.push({ path, version: versions[number] ?? 0, at: performance.now() }) - 1;
  const body = bodyOf(serial, path);
  const fields = { 'Content-Type': 'text/plain', 'Cache-Control': 'max-age=3600', 'X-Serial': serial };
  response.writeHead(200, { ...fields, 'Content-Length': body.length }).end(body);
}

/**
 * @param {number} serial
 * @param {string} path
 */
function bodyOf(serial, path) {
  const line = `${serial} ${path} `;
  const bytes = 200 + ((serial * 2_654_435_761) % MAX_BODY_BYTES);
  return Buffer.from(line.repeat(Math.ceil(bytes / line.length)).slice(0, bytes));
}

/**
 * Many clients at once: reads, a few writes, rarely a clear. In the midst of it the process gets the signal.
 *
 * @param {Larder} larder
 * @param {number} milliseconds
 * @param {NodeJS.Signals} signal
 */
async function load(larder, milliseconds, signal) {
  stored = new Map();
  removing = new Set();
  const ending = new AbortController();
  const clients = Array.from({ length: CLIENTS }, async () => {
    try {
      while (!ending.signal.aborted) await change(larder);
    } catch (error) {
      if (!ending.signal.aborted) fail(`a request failed before the kill: ${String(error)}`);
    }
  });
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  ending.abort();
  lastKill = performance.now();
  await end(larder, signal);
  await Promise.all(clients);
  for (const path of removing) forget(path);
  if (signal === 'SIGKILL') forgiveLastSecond();
}

/** What was acknowledged within a second before the kill may be missing, from then on. */
function forgiveLastSecond() {
  const isOld = (/** @type {{ at: number }} */ { at }) => at < lastKill - MAY_BE_MISSING_MS;
  for (const [number, list] of acknowledged.entries()) acknowledged[number] = list.filter(isOld);
  const old = clears.filter(isOld);
  clears.splice(0, clears.length, ...old);
}

/** @param {string | null} path */
function forget(path) {
  if (path === null) stored.clear();
  else stored.delete(path);
}

/** @param {Larder} larder */
async function change(larder) {
  const number = Math.floor(random() ** 2 * PATHS);
  const chance = random();
  if (chance < CLEAR_CHANCE) await clear(larder);
  else if (chance < POST_CHANCE) await post(larder, number);
  else {
    const asked = performance.now();
    const { isHit, serial } = await get(larder, number);
    const isRemoved = [...(acknowledged[number] ?? []), ...clears].some(({ at }) => at > asked);
    if (isHit && !isRemoved) stored.set(`/r/${number}`, serial);
  }
}

/**
 * @param {Larder} larder
 * @param {number} number
 */
async function post(larder, number) {
  const path = `/r/${number}`;
  removing.add(path);
  const { status, fields } = await ask(larder, 'POST', path);
  removing.delete(path);
  forget(path);
  if (status !== 204) return fail(`POST was answered with ${status}`);
  counts.posts += 1;
  acknowledged[number]?.push({ version: Number(fields['x-version']), at: performance.now() });
}

/** @param {Larder} larder */
async function clear(larder) {
  const begun = performance.now();
  removing.add(null);
  const { status } = await ask(larder, 'POST', '/cache/clear');
  removing.delete(null);
  forget(null);
  if (status !== 200) return fail(`clear was answered with ${status}`);
  counts.clears += 1;
  clears.push({ begun, at: performance.now() });
}

/**
 * Reads and checks what comes.
 *
 * @param {Larder} larder
 * @param {number} number
 * @returns {Promise<{ isHit: boolean, serial: number }>}
 */
async function get(larder, number) {
  const path = `/r/${number}`;
  const asked = performance.now();
  const { status, fields, body } = await ask(larder, 'GET', path);
  const serial = Number(fields['x-serial']);
  const isHit = /\bhit\b/.test(String(fields['cache-status']));
  counts[isHit ? 'hits' : 'misses'] += 1;
  const problem = status === 200 ? problemOf(number, serial, body, asked) : `was answered with ${status}`;
  if (problem !== null) fail(`GET ${path} ${problem}`);
  return { isHit, serial };
}

/**
 * @param {number} number
 * @param {number} serial
 * @param {Buffer} body
 * @param {number} asked
 * @returns {string | null}
 */
function problemOf(number, serial, body, asked) {
  const path = `/r/${number}`;
  const response = sent[serial];
  if (response?.path !== path || !body.equals(bodyOf(serial, path))) return 'gave wrong bytes';
  const isDue = (/** @type {{ at: number }} */ done) => done.at < asked;
  const least = Math.max(0, ...(acknowledged[number] ?? []).filter(isDue).map(({ version }) => version));
  if (response.version < least) return `gave version ${response.version} after ${least}`;
  const isCleared = clears.some((done) => isDue(done) && response.at < done.begun);
  return isCleared ? 'gave a response from before a clear' : null;
}

/**
 * @param {Larder} larder
 * @param {Map<string, number>} before
 * @returns {Promise<string[]>} those that are hits
 */
async function survivors(larder, before) {
  const there = [];
  for (const [path, serial] of before) {
    const { isHit } = await get(larder, Number(path.slice('/r/'.length)));
    if (isHit) there.push(path);
    else if ((sent[serial]?.at ?? Infinity) < lastKill - MAY_BE_MISSING_MS) counts.lost += 1;
  }
  return there;
}

/**
 * @param {Larder} larder
 * @param {string} method
 * @param {string} path
 * @returns {Promise<{ status: number, fields: import('node:http').IncomingHttpHeaders, body: Buffer }>}
 */
function ask(larder, method, path) {
  const headers = {
    Host: `localhost:${larder.port}`,
    ...(method === 'POST' ? { 'Content-Length': '0' } : {}),
  };
  return new Promise((resolve, reject) => {
    const asked = request(
      { host: '127.0.0.1', port: larder.port, method, path, headers, agent },
      (response) => {
        /** @type {Buffer[]} */
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          resolve({
            status: response.statusCode ?? 0,
            fields: response.headers,
            body: Buffer.concat(chunks),
          });
        });
      },
    );
    asked.on('error', reject);
    asked.end();
  });
}

/** @returns {Promise<Larder>} */
async function startLarder() {
  const began = performance.now();
  const address = origin.address();
  const url = `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`;
  const args = [larderProgram, '--persist', '--origin', url, '--port', '0', '--json'];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, LARDER_DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: dataDir,
  });
  /** @type {string[]} */
  const warnings = [];
  const lines = createInterface({ input: child.stdout });
  const port = await new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`larder ended with ${code}`)));
    lines.on('line', (line) => {
      if (line.includes('"warning"')) warnings.push(line);
      const found = /http:\/\/(?:127\.0\.0\.1|localhost):(\d+)/.exec(line)?.[1];
      if (found !== undefined) resolve(Number(found));
    });
  });
  const startMs = performance.now() - began;
  if (startMs > MAX_START_MS) fail(`a start took ${startMs.toFixed(0)} ms`);
  for (const warning of warnings) fail(`a start was not clean: ${warning}`);
  return { child, port, startMs, warnings };
}

/**
 * @param {Larder} larder
 * @param {NodeJS.Signals} signal
 */
async function end(larder, signal) {
  larder.child.removeAllListeners('exit');
  const ended = once(larder.child, 'exit');
  larder.child.kill(signal);
  await ended;
}

/** Settings that the app saved: the command line must leave them as they are. */
function savedSettings() {
  const text = `${JSON.stringify({ version: 1, ttlSeconds: 1234, maxDiskBytes: 64 * 1024 * 1024 })}\n`;
  writeFileSync(join(dataDir, 'settings.json'), text);
  return text;
}

function checkSettings() {
  if (readFileSync(join(dataDir, 'settings.json'), 'utf8') !== settingsText)
    fail('the settings file changed');
}

/** @param {string} what */
function fail(what) {
  failures.push(what);
}

/** @param {(number | string)[]} cells */
function row(cells) {
  const { hits, misses, posts, clears: cleared } = counts;
  const widths = [4, 7, 8, 13, 11, 5, 6, 6, 5, 6];
  return [...cells, hits, misses, posts, cleared]
    .map((cell, at) => String(cell).padStart(widths[at] ?? 0))
    .join('  ');
}

/** @param {number | null} share */
function percent(share) {
  return share === null ? '-' : `${(share * 100).toFixed(1)}%`;
}

/** @param {number[]} numbers */
function average(numbers) {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

/**
 * Numbers from 0 to below 1, the same for the same seed (mulberry32).
 *
 * @param {number} seed
 */
function seeded(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** @param {string} line */
function print(line) {
  process.stdout.write(`${line}\n`);
}
