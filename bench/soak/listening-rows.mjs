// Ports that are taken, ports and origins that change under load, and the end with requests in flight: N01 to N04.
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { targetOf } from '../faults/answers.mjs';
import { startLarder } from '../faults/larder.mjs';
import { startOrigin } from '../faults/origin.mjs';
import { until } from '../faults/redis.mjs';
import { askOnce, statusesOf } from './asking.mjs';
import { startEngine } from './engine-process.mjs';
import { residentMib, underLoad } from './scene.mjs';

const PORT_CHANGES = 20;
const ORIGIN_CHANGES = 100;
const IN_FLIGHT = 200;
const HELD_MS = 1000;
const GONE_MS = 10_000;
/** Two origins, each with a TTL that only its own responses may have. */
const TTLS = [1000, 2000];
const program = fileURLToPath(new URL('../../out/cli/larder.mjs', import.meta.url));

/** @typedef {import('./scene.mjs').Scene} Scene */
/** @typedef {import('./scene.mjs').Findings} Findings */

/** @param {Scene} scene
 *  @returns {Promise<number>} */
async function takenPort(scene) {
  const server = createServer();
  scene.add(() => server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : 0;
}

/** N01.
 *  @param {Scene} scene
 *  @returns {Promise<Findings>} */
export async function portTaken(scene) {
  const origin = await startOrigin();
  scene.add(origin.close);
  const engine = await startEngine(scene, { origin: origin.url, port: 0 });
  const port = await takenPort(scene);
  return underLoad(scene, {
    url: engine.url,
    pid: engine.pid,
    begin: async () => {
      const before = engine.url();
      const { error, url } = await engine.apply({ port });
      const args = [program, '--origin', origin.url, '--port', String(port)];
      const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
      return [
        [`on a change: ${error}`, error !== null && url === before],
        [
          `at the start: exit code ${status}, ${stderr.trim().split('\n').at(-1)}`,
          status === 1 && stderr.includes(String(port)),
        ],
      ];
    },
  });
}

/** N02.
 *  @param {Scene} scene
 *  @returns {Promise<Findings>} */
export async function portChanges(scene) {
  const origin = await startOrigin();
  scene.add(origin.close);
  const engine = await startEngine(scene, { origin: origin.url, port: 0 });
  return underLoad(scene, {
    url: engine.url,
    pid: engine.pid,
    begin: async () => {
      const urls = new Set([engine.url()]);
      for (let change = 0; change < PORT_CHANGES; change += 1) {
        // Released just before: free, if nobody is quicker.
        const { error, url } = await engine.apply({ port: await freePort() });
        if (error === null && url !== null) urls.add(url);
        await pause((scene.seconds * 1000) / 3 / PORT_CHANGES);
      }
      return [[`${urls.size - 1} of ${PORT_CHANGES} changes of port`, urls.size === PORT_CHANGES + 1]];
    },
  });
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return address !== null && typeof address === 'object' ? address.port : 0;
}

/** N03.
 *  @param {Scene} scene
 *  @returns {Promise<Findings>} */
export async function originChanges(scene) {
  /** @type {string[]} */
  const origins = [];
  for (const name of ['0', '1']) {
    const origin = await startOrigin({
      intercept: (_, response) => {
        response.setHeader('X-Origin', name);
        return false;
      },
    });
    scene.add(origin.close);
    origins.push(origin.url);
  }
  const settings = (/** @type {number} */ which) => ({
    origin: origins[which % 2] ?? '',
    ttlSeconds: TTLS[which % 2] ?? 0,
  });
  const engine = await startEngine(scene, { ...settings(0), port: 0 });
  return underLoad(scene, {
    url: engine.url,
    pid: engine.pid,
    begin: async () => {
      let [changes, asked, halves] = [0, 0, 0];
      for (let change = 1; change <= ORIGIN_CHANGES; change += 1) {
        const asking = Array.from({ length: 4 }, () =>
          askOnce(`${engine.url()}${targetOf('half', (asked += 1))}`),
        );
        if ((await engine.apply(settings(change))).error === null) changes += 1;
        halves += (await Promise.all(asking)).filter(({ fields }) => !isWhole(fields)).length;
        await pause((scene.seconds * 1000) / 3 / ORIGIN_CHANGES);
      }
      return [
        [`${changes} changes of origin and TTL`, changes === ORIGIN_CHANGES],
        [`${halves} of ${asked} misses had one origin and the TTL of the other`, halves === 0 && asked > 0],
      ];
    },
  });
}

/** @param {import('node:http').IncomingHttpHeaders} fields */
function isWhole(fields) {
  const ttl = Number(/\bttl=(\d+)/.exec(String(fields['cache-status']))?.[1]);
  const own = TTLS[Number(fields['x-origin'])] ?? 0;
  return ttl <= own && ttl > own - 100;
}

/** N04.
 *  @param {Scene} scene
 *  @returns {Promise<Findings>} */
export async function endInFlight(scene) {
  let arrived = 0;
  const origin = await startOrigin({
    intercept: (_, response) => {
      arrived += 1;
      setTimeout(() => response.end('late'), HELD_MS);
      return true;
    },
  });
  scene.add(origin.close);
  const larder = await startLarder({ flags: ['--origin', origin.url] });
  scene.add(larder.stop);
  const resident = residentMib(larder.pid) ?? 0;
  const asking = Array.from({ length: IN_FLIGHT }, (_, number) => askOnce(`${larder.url}/late/${number}`));
  await until(async () => arrived === IN_FLIGHT);
  const told = performance.now();
  const code = await larder.signal('SIGTERM');
  const goneMs = performance.now() - told;
  const answers = await Promise.all(asking);
  const lost = answers.filter(({ status, text }) => status !== 200 || text !== 'late');
  return {
    phases: null,
    failures: lost.map(({ status, text }) => `${status} ${text}`),
    memory: { first: resident, most: resident, last: resident },
    facts: [
      [`${IN_FLIGHT} in flight: ${statusesOf(answers)}`, lost.length === 0],
      [`gone with ${code} after ${goneMs.toFixed(0)} ms`, goneMs <= GONE_MS],
    ],
  };
}
