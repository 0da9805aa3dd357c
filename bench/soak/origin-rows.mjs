// An origin that is down, slow, dripping or cut off, and a thousand who want the same from it at once: O01 to O05.
import { setTimeout as pause } from 'node:timers/promises';
import { targetOf } from '../faults/answers.mjs';
import { startLarder } from '../faults/larder.mjs';
import { startOrigin } from '../faults/origin.mjs';
import { askOnce, statusesOf } from './asking.mjs';
import { quantileOf, underLoad } from './scene.mjs';

const PROBE_EVERY_MS = 100;
const BAD_GATEWAY_MS = 50;
const HEAD_TIMEOUT_MS = 1000;
const LATE_MS = 1000;
const AT_ONCE = 1000;
const HELD_MS = 300;
const FREED_MS = 1000;
const DRIP_MS = 100;
const CUT_PROBES = 100;

/** @typedef {import('./scene.mjs').Scene} Scene */
/** @typedef {import('./scene.mjs').Findings} Findings */
/** @typedef {import('./scene.mjs').Fact} Fact */

/** @param {Scene} scene
 *  @param {import('../faults/origin.mjs').Intercept} [intercept]
 *  @param {object} [project] */
async function open(scene, intercept = () => false, project = {}) {
  const origin = await startOrigin({ intercept });
  const larder = await startLarder({ flags: ['--origin', origin.url], project });
  scene.add(larder.stop);
  return { origin, larder };
}

/** O01.
 *  @param {Scene} scene
 *  @returns {Promise<Findings>} */
export async function originDown(scene) {
  const { origin, larder } = await open(scene);
  let answering = origin;
  scene.add(() => answering.close());
  return underLoad(scene, {
    url: larder.url,
    pid: larder.pid,
    onlyHot: true,
    begin: async () => {
      await answering.close();
      const answers = [];
      const until = performance.now() + (scene.seconds * 1000) / 3;
      for (let number = 0; performance.now() < until; number += 1) {
        answers.push(await askOnce(`${larder.url}${targetOf('down', number)}`));
        await pause(PROBE_EVERY_MS);
      }
      const times = answers.map(({ ms }) => ms);
      const p95 = quantileOf(times, 0.95);
      return [
        [`origin down: ${statusesOf(answers)}`, answers.every(({ status }) => status === 502)],
        [
          `502 after ${quantileOf(times, 0.5).toFixed(1)} ms p50, ${p95.toFixed(1)} p95, ${Math.max(...times).toFixed(1)} max (p95 within ${BAD_GATEWAY_MS})`,
          p95 <= BAD_GATEWAY_MS,
        ],
      ];
    },
    end: async () => {
      answering = await startOrigin({ port: Number(new URL(origin.url).port) });
      const { status } = await askOnce(`${larder.url}${targetOf('up', 1)}`);
      return [[`up again: ${status}`, status === 200]];
    },
  });
}

/** O02.
 *  @param {Scene} scene
 *  @returns {Promise<Findings>} */
export async function originSlow(scene) {
  const { origin, larder } = await open(scene, silentOrDripping, {
    upstream: { headTimeoutMs: HEAD_TIMEOUT_MS },
  });
  scene.add(origin.close);
  return underLoad(scene, {
    url: larder.url,
    pid: larder.pid,
    begin: async () => {
      const asked = ['silent', 'dripping'].flatMap((kind) =>
        Array.from({ length: 20 }, (_, number) => askOnce(`${larder.url}/${kind}/${number}`)),
      );
      const answers = await Promise.all(asked);
      const times = answers.map(({ ms }) => ms);
      const [least, most] = [Math.min(...times), Math.max(...times)];
      const inTime = least >= HEAD_TIMEOUT_MS - 10 && most <= HEAD_TIMEOUT_MS + LATE_MS;
      return [
        [`silent or dripping: ${statusesOf(answers)}`, answers.every(({ status }) => status === 504)],
        [
          `504 after ${least.toFixed(0)} to ${most.toFixed(0)} ms, the limit being ${HEAD_TIMEOUT_MS}`,
          inTime,
        ],
      ];
    },
  });
}

/** @type {import('../faults/origin.mjs').Intercept} */
function silentOrDripping(request, response) {
  const [, kind] = (request.url ?? '').split('/');
  if (kind === 'silent') return true;
  if (kind !== 'dripping') return false;
  const { socket } = response;
  socket?.write('HTTP/1.1 200 OK\r\nX-Drip: ');
  const timer = setInterval(() => socket?.write('x'), DRIP_MS);
  socket?.once('close', () => clearInterval(timer));
  return true;
}

/** O03.
 *  @param {Scene} scene
 *  @returns {Promise<Findings>} */
export async function originResets(scene) {
  /** How often each target was asked for. @type {Map<string, number>} */
  const seen = new Map();
  const used = new WeakSet();
  const { origin, larder } = await open(scene, (request) => {
    const target = `${request.method} ${request.url}`;
    const isFirst = !seen.has(target);
    seen.set(target, (seen.get(target) ?? 0) + 1);
    const isReused = used.has(request.socket);
    used.add(request.socket);
    const isCut = isFirst && isReused && target.includes('/cut/');
    if (isCut) request.socket.resetAndDestroy();
    return isCut;
  });
  scene.add(origin.close);
  return underLoad(scene, {
    url: larder.url,
    pid: larder.pid,
    begin: async () => {
      const [gets, posts] = [[], []].map(() => /** @type {import('./asking.mjs').Asked[]} */ ([]));
      for (let number = 0; number < CUT_PROBES; number += 1) {
        gets?.push(await askOnce(`${larder.url}${targetOf('cut', number)}`));
        posts?.push(await askOnce(`${larder.url}${targetOf('cut', number)}`, { method: 'POST' }));
      }
      const timesOf = (/** @type {string} */ method) =>
        [...seen].filter(([target]) => target.startsWith(`${method} /cut/`)).map(([, times]) => times);
      const tried = timesOf('GET').filter((times) => times === 2).length;
      return [
        [
          `GET on a connection that is reset: ${statusesOf(gets ?? [])}`,
          gets?.every(({ status }) => status === 200) === true,
        ],
        [
          `${tried} of ${CUT_PROBES} GETs were tried once more, none more often`,
          tried > 0 && Math.max(...timesOf('GET')) <= 2,
        ],
        [
          `POST: ${statusesOf(posts ?? [])}; none reached the origin twice`,
          Math.max(...timesOf('POST')) === 1,
        ],
      ];
    },
  });
}

/** O05.
 *  @param {Scene} scene
 *  @returns {Promise<Findings>} */
export async function oneForAThousand(scene) {
  /** @type {Map<string, number>} */
  const seen = new Map();
  let failedAt = 0;
  const { origin, larder } = await open(scene, (request, response) => {
    const [, kind] = (request.url ?? '').split('/');
    if (kind !== 'held' && kind !== 'failing') return false;
    seen.set(kind, (seen.get(kind) ?? 0) + 1);
    setTimeout(() => {
      failedAt = performance.now();
      if (kind === 'failing') response.destroy();
      else response.end('held');
    }, HELD_MS);
    return true;
  });
  scene.add(origin.close);
  const all = (/** @type {string} */ path) =>
    Promise.all(Array.from({ length: AT_ONCE }, () => askOnce(`${larder.url}${path}`)));
  return underLoad(scene, {
    url: larder.url,
    pid: larder.pid,
    begin: async () => {
      const held = await all('/held/1');
      const failing = await all('/failing/1');
      const freedMs = Math.max(...failing.map(({ at, ms }) => at + ms)) - failedAt;
      return [
        [
          `${AT_ONCE} at once: ${statusesOf(held)}`,
          held.every(({ status, text }) => status === 200 && text === 'held'),
        ],
        [`asked of the origin ${seen.get('held')} times`, seen.get('held') === 1],
        [`where it fails: ${statusesOf(failing)}`, failing.every(({ status }) => status === 502)],
        [
          `asked of the origin ${seen.get('failing')} times; all freed after ${freedMs.toFixed(0)} ms`,
          freedMs <= FREED_MS,
        ],
      ];
    },
  });
}
