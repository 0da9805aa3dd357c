// Kills, broken settings, flipped bits and a full disk: P01 to P04.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startLarder } from '../faults/larder.mjs';
import { startOrigin } from '../faults/origin.mjs';
import { LeftOut, underLoad } from './scene.mjs';

const KILLS = 50;
const FLIPS = 1000;
const FLIPS_A_START = 25;
const MUTATIONS = 200;
const START_MS = 3000;
const AT_ONCE = 2;
const DISK = '6m';
const killsProgram = fileURLToPath(new URL('../kills.mjs', import.meta.url));

/** @typedef {import('./scene.mjs').Scene} Scene */
/** @typedef {import('./scene.mjs').Findings} Findings */
/** @typedef {import('./scene.mjs').Fact} Fact */

/** P01.
 *  @param {Scene} scene
 *  @returns {Promise<Findings>} */
export const kills = (scene) => kept(scene, 'kills', [Math.ceil(KILLS * scene.share), 1, 0]);

/** P03.
 *  @param {Scene} scene
 *  @returns {Promise<Findings>} */
export const flips = (scene) =>
  kept(scene, 'bits', [0, 2, Math.ceil((FLIPS / FLIPS_A_START) * scene.share), FLIPS_A_START]);

/** bench/kills.mjs with these arguments; it judges by itself.
 *  @param {Scene} scene
 *  @param {'kills' | 'bits'} what is told of
 *  @param {number[]} args
 *  @returns {Promise<Findings>} */
async function kept(scene, what, args) {
  const child = spawn(process.execPath, [killsProgram, ...args.map(String)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  scene.add(() => child.kill('SIGTERM'));
  let text = '';
  let complaints = '';
  child.stdout.setEncoding('utf8').on('data', (piece) => (text += piece));
  child.stderr.setEncoding('utf8').on('data', (piece) => (complaints = `${complaints}${piece}`.slice(-2000)));
  const [code] = await once(child, 'exit');
  const lines = text.trim().split('\n');
  const told = lines.filter((line) => line.includes(` ${what} `) || line.includes(` ${what}: `));
  return {
    phases: null,
    failures: lines.filter((line) => line.startsWith('FAILED: ')),
    memory: null,
    facts: [
      ...told.map((line) => /** @type {Fact} */ ([line, null])),
      [code === 0 ? 'nothing failed' : `ended with ${code}: ${lines.at(-1)} ${complaints}`, code === 0],
    ],
  };
}

/** P02.
 *  @param {Scene} scene
 *  @returns {Promise<Findings>} */
export async function brokenSettings(scene) {
  const origin = await startOrigin();
  scene.add(origin.close);
  const whole = Buffer.from(JSON.stringify({ version: 1, ttlSeconds: 1234, maxDiskBytes: 64 * 1024 * 1024 }));
  const random = numbersFrom(3);
  const count = Math.ceil(MUTATIONS * scene.share);
  const mutated = Array.from({ length: count }, () => mutate(whole, random));
  /** @type {string[]} */
  const failures = [];
  /** @type {number[]} */
  const times = [];
  let told = 0;
  for (let from = 0; from < count; from += AT_ONCE) {
    const starts = mutated.slice(from, from + AT_ONCE).map((bytes) => startWith(bytes, origin.url));
    for (const { ms, problem, notice } of await Promise.all(starts)) {
      times.push(ms);
      if (notice) told += 1;
      if (problem !== null) failures.push(problem);
    }
  }
  return {
    phases: null,
    failures,
    memory: null,
    facts: [
      [
        `${count - failures.length} of ${count} starts, the longest ${Math.max(...times).toFixed(0)} ms`,
        failures.length === 0,
      ],
      [`${told} were told of, the others were valid still`, null],
    ],
  };
}

/** @param {Buffer} bytes
 *  @param {string} origin
 *  @returns {Promise<{ ms: number, notice: boolean, problem: string | null }>} */
async function startWith(bytes, origin) {
  const folder = mkdtempSync(join(tmpdir(), 'larder-soak-settings-'));
  writeFileSync(join(folder, 'settings.json'), bytes);
  const shown = JSON.stringify(bytes.toString('latin1'));
  const began = performance.now();
  try {
    const larder = await startLarder({ flags: ['--origin', origin], env: { LARDER_DATA_DIR: folder } });
    const ms = performance.now() - began;
    const notice = larder.notices.some(({ message }) => message.includes('settings.json'));
    const ttl = /"ttl":(\d+)/.exec(larder.said.join('\n'))?.[1];
    await larder.stop();
    if (ms > START_MS) return { ms, notice, problem: `${shown} took ${ms.toFixed(0)} ms to start` };
    if (!isJson(bytes) && !notice) return { ms, notice, problem: `${shown} was not told of` };
    return { ms, notice, problem: notice && ttl !== '300' ? `${shown} left the TTL ${ttl}` : null };
  } catch (error) {
    return { ms: performance.now() - began, notice: false, problem: `${shown}: ${String(error)}` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {Buffer} bytes */
function isJson(bytes) {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) !== null;
  } catch {
    // Whatever is wrong with it.
    return false;
  }
}

/** One byte another, some left out, cut short, or some twice.
 *  @param {Buffer} whole
 *  @param {() => number} random
 *  @returns {Buffer} */
function mutate(whole, random) {
  const at = Math.floor(random() * whole.length);
  const [head, tail] = [whole.subarray(0, at), whole.subarray(at)];
  const some = 1 + Math.floor(random() * 20);
  const ways = [
    () => Buffer.concat([head, Buffer.from([Math.floor(random() * 256)]), tail.subarray(1)]),
    () => Buffer.concat([head, tail.subarray(some)]),
    () => head,
    () => Buffer.concat([head, tail.subarray(0, some), tail]),
  ];
  return ways[Math.floor(random() * ways.length)]?.() ?? whole;
}

/** From 0 to below 1, the same each time (mulberry32).
 *  @param {number} seed */
function numbersFrom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** P04.
 *  @param {Scene} scene
 *  @returns {Promise<Findings>} */
export async function diskFull(scene) {
  const folder = mountSmallDisk(scene);
  const settings = join(folder, 'settings.json');
  writeFileSync(settings, `${JSON.stringify({ version: 1, ttlSeconds: 1234 })}\n`);
  const before = readFileSync(settings, 'utf8');
  const origin = await startOrigin();
  scene.add(origin.close);
  const larder = await startLarder({
    flags: ['--origin', origin.url, '--persist'],
    env: { LARDER_DATA_DIR: folder },
  });
  scene.add(larder.stop);
  const filler = join(folder, 'filler');
  return underLoad(scene, {
    url: larder.url,
    pid: larder.pid,
    begin: async () => {
      fill(filler);
      return [];
    },
    end: async () => {
      rmSync(filler);
      const full = larder.notices.filter(({ message }) => message.includes('ENOSPC'));
      return [
        [`told ${full.length} times that the disk is full: ${full[0]?.message}`, full.length === 1],
        [`notices in all: ${larder.notices.length}`, null],
        ['the settings file is as it was', readFileSync(settings, 'utf8') === before],
      ];
    },
  });
}

/** A disk of its own, of a few megabytes.
 *  @param {Scene} scene
 *  @returns {string} */
function mountSmallDisk(scene) {
  const folder = mkdtempSync(join(tmpdir(), 'larder-soak-disk-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK}`, 'tmpfs', folder]).status === 0;
  scene.add(() => {
    if (mounted) spawnSync('umount', ['-l', folder]);
    rmSync(folder, { recursive: true, force: true });
  });
  if (!mounted) throw new LeftOut('a small tmpfs cannot be mounted: that takes root on Linux');
  const data = join(folder, 'data');
  mkdirSync(data);
  return data;
}

/** @param {string} file */
function fill(file) {
  const piece = Buffer.alloc(4096);
  for (;;) {
    try {
      writeFileSync(file, piece, { flag: 'a' });
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOSPC') return;
      throw error;
    }
  }
}
