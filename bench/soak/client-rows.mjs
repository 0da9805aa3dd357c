// Clients by the thousand that say nothing more, clients that read slowly, and one that does not read its events: M02, M03, M05.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { get as httpGet } from 'node:http';
import { connect } from 'node:net';
import { targetOf } from '../faults/answers.mjs';
import { startLarder } from '../faults/larder.mjs';
import { HOT } from '../faults/load.mjs';
import { startOrigin } from '../faults/origin.mjs';
import { LeftOut, residentMib, underLoad } from './scene.mjs';

const IDLE = 10_000;
const IDLE_KB = 20;
const OPENING = 100;
const SPARE_FILES = 1000;
const READERS = 100;
const QUICK = 10;
const BIG_BYTES = 100_000_000;
const PIECE = Buffer.alloc(64 * 1024, 'x');
const READ_EVERY_MS = 200;
const SLOW_GROWTH_MB = 100;
const FROZEN = 5;
const FROZEN_GROWTH_MIB = 64;
const SAME_P99_MS = 5;
const MEGABYTES_A_MIB = 1.048576;

/** @typedef {import('./scene.mjs').Scene} Scene */
/** @typedef {import('./scene.mjs').Findings} Findings */
/** @typedef {import('node:net').Socket} Socket */

/** M02, on one way in.
 *  @param {boolean} fastPath
 *  @returns {(scene: Scene) => Promise<Findings>} */
export const idleConnections = (fastPath) => async (scene) => {
  const count = Math.ceil(IDLE * scene.share);
  const files = openFilesLimit();
  if (files < count + SPARE_FILES) {
    throw new LeftOut(
      `${files} open files are allowed, ${count + SPARE_FILES} are needed: ulimit -Hn ${count + SPARE_FILES}`,
    );
  }
  const origin = await startOrigin();
  scene.add(origin.close);
  const limits = { connections: 2 * count, idleTimeoutMs: 600_000 };
  const larder = await startLarder({
    flags: ['--origin', origin.url],
    project: { 'fast-path': fastPath, limits },
  });
  scene.add(larder.stop);
  let before = 0;
  let idle = { opened: 0, closed: () => 0 };
  return underLoad(scene, {
    url: larder.url,
    pid: larder.pid,
    begin: async () => {
      before = residentMib(larder.pid) ?? 0;
      idle = await openIdle(scene, larder.url, count);
      return [];
    },
    end: async () => {
      const perConnection = (((residentMib(larder.pid) ?? 0) - before) * 1024) / count;
      const all = idle.opened === count && idle.closed() === 0;
      return [
        [`${idle.opened} idle connections, each after a hit; ${idle.closed()} were closed`, all],
        [`${perConnection.toFixed(1)} KB resident for each (at most ${IDLE_KB})`, perConnection <= IDLE_KB],
      ];
    },
  });
};

/** As Linux has it for this process; Node has raised it as far as it goes. */
function openFilesLimit() {
  try {
    const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return Number(soft ?? Infinity);
  } catch {
    // Not Linux: what is too much shows by itself.
    return Infinity;
  }
}

/** @param {Scene} scene
 *  @param {string} url
 *  @param {number} count
 *  @returns {Promise<{ opened: number, closed: () => number }>} */
async function openIdle(scene, url, count) {
  const target = HOT[0] ?? '/';
  /** @type {Socket[]} */
  const sockets = [];
  let closed = 0;
  scene.add(() => sockets.forEach((socket) => socket.destroy()));
  while (sockets.length < count) {
    const some = Array.from({ length: Math.min(OPENING, count - sockets.length) }, () =>
      answered(url, target),
    );
    for (const socket of await Promise.all(some)) {
      socket.on('close', () => (closed += 1));
      sockets.push(socket);
    }
  }
  return { opened: sockets.length, closed: () => closed };
}

/** A connection on which one request was answered.
 *  @param {string} url
 *  @param {string} target
 *  @returns {Promise<Socket>} */
function answered(url, target) {
  const { hostname, port, host } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    socket.write(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    socket.on('error', reject);
    socket.once('data', () => resolve(socket.on('data', () => undefined)));
  });
}

/** M03.
 *  @param {Scene} scene
 *  @returns {Promise<Findings>} */
export async function slowReaders(scene) {
  const origin = await startOrigin({ intercept: sendBig });
  scene.add(origin.close);
  const larder = await startLarder({ flags: ['--origin', origin.url] });
  scene.add(larder.stop);
  // What moving much leaves to be collected is not what slowness costs.
  await Promise.all(Array.from({ length: QUICK }, (_, at) => readQuickly(`${larder.url}/big/quick-${at}`)));
  let before = 0;
  return underLoad(scene, {
    url: larder.url,
    pid: larder.pid,
    begin: async () => {
      before = residentMib(larder.pid) ?? 0;
      for (let reader = 0; reader < READERS; reader += 1) readSlowly(scene, larder.url, `/big/${reader}`);
      return [];
    },
    end: async () => {
      const grown = ((residentMib(larder.pid) ?? 0) - before) * MEGABYTES_A_MIB;
      return [
        [
          `${READERS} slow readers of ${BIG_BYTES / 1e6} MB, after ${QUICK} quick ones: ${grown.toFixed(0)} MB more resident`,
          grown < SLOW_GROWTH_MB,
        ],
      ];
    },
  });
}

/** @type {import('../faults/origin.mjs').Intercept} */
function sendBig(request, response) {
  if (request.url?.startsWith('/big/') !== true) return false;
  response.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Content-Length': BIG_BYTES });
  let left = BIG_BYTES;
  const send = () => {
    while (left > 0 && !response.destroyed) {
      const piece = PIECE.subarray(0, Math.min(PIECE.byteLength, left));
      left -= piece.byteLength;
      if (!response.write(piece)) return void response.once('drain', send);
    }
    response.end();
  };
  send();
  return true;
}

/** @param {string} url */
async function readQuickly(url) {
  const [response] = await once(httpGet(url, { agent: false }), 'response');
  await once(response.resume(), 'end');
}

/** Takes a piece now and then.
 *  @param {Scene} scene
 *  @param {string} url
 *  @param {string} target */
function readSlowly(scene, url, target) {
  const { hostname, port, host } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  socket.write(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
  socket.pause();
  const timer = setInterval(() => socket.read(1024), READ_EVERY_MS);
  scene.add(() => {
    clearInterval(timer);
    socket.destroy();
  });
}

/** M05.
 *  @param {Scene} scene
 *  @returns {Promise<Findings>} */
export async function frozenReaders(scene) {
  const origin = await startOrigin();
  scene.add(origin.close);
  const larder = await startLarder({ flags: ['--origin', origin.url] });
  scene.add(larder.stop);
  const { hostname, port, host } = new URL(larder.url);
  let before = 0;
  const findings = await underLoad(scene, {
    url: larder.url,
    pid: larder.pid,
    begin: async () => {
      before = residentMib(larder.pid) ?? 0;
      for (let reader = 0; reader < FROZEN; reader += 1) {
        const socket = connect(Number(port), hostname);
        socket.on('error', () => undefined);
        socket.write(`GET /.larder/events HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
        socket.pause();
        scene.add(() => socket.destroy());
      }
      return [];
    },
    end: async () => {
      const grown = (residentMib(larder.pid) ?? 0) - before;
      const { status } = await fetch(`${larder.url}${targetOf('hot', 0)}`);
      return [
        [
          `${FROZEN} readers of the events that do not read: ${grown.toFixed(0)} MiB more resident`,
          grown < FROZEN_GROWTH_MIB,
        ],
        [`a request meanwhile: ${status}`, status === 200],
      ];
    },
  });
  const { before: normal, during } = findings.phases ?? { before: { p99: 0 }, during: { p99: 0 } };
  findings.facts.push([
    `p99 ${normal.p99.toFixed(1)} ms before, ${during.p99.toFixed(1)} during (within ${SAME_P99_MS})`,
    during.p99 - normal.p99 <= SAME_P99_MS,
  ]);
  return findings;
}
