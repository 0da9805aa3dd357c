// The built command line in its ways: as it comes, without the fast path, on Redis, with its lines printed.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/run.mjs';
import { askOnce } from '../load/raw-client.mjs';
import { freePort, launch, temporaryFolder, untilAnswering } from './process.mjs';
import { redisMissing, startRedis } from './redis.mjs';

/** @typedef {import('./contender.mjs').Contender} Contender */
/** `project`: its `larder.json`. `node`: the program, the arguments before the file, and its environment.
 *  @typedef {{
 *   flags?: readonly string[],
 *   project?: object,
 *   redis?: boolean,
 *   prints?: boolean,
 *   program?: string,
 *   node?: { command: string, args: readonly string[], env: Readonly<Record<string, string>> },
 *  }} Way */

const PROGRAM = join(root, 'out/cli/larder.mjs');
const STATUS = '/.larder/status';
/** A busy machine is not a Redis that is stuck: what is measured are hits. */
const PATIENT_MS = 10_000;

/** @type {Contender} */
export const larder = contender('larder', 'Larder', {});
/** @type {Contender} */
export const roomyLarder = contender('larder-roomy', 'Larder, 8 GiB', { flags: ['--max-memory', '8g'] });
/** @type {Contender} */
export const carefulLarder = contender('larder-careful', 'Larder, fast path off', {
  project: { 'fast-path': false },
});
/** @type {Contender} */
export const printingLarder = contender('larder-printing', 'Larder, printing its lines', { prints: true });
/** @type {Contender} */
export const redisLarder = contender('larder-redis', 'Larder on Redis, no near cache', {
  redis: true,
  project: { redis: { nearCacheBytes: 0, commandTimeoutMs: PATIENT_MS } },
});

/** @param {string} id
 *  @param {string} name
 *  @param {Way} way
 *  @returns {Contender} */
function contender(id, name, way) {
  return {
    id,
    name,
    missing: () => {
      if (!existsSync(PROGRAM)) return 'there is no out/cli/larder.mjs; npm run build -- cli';
      return way.redis === true ? redisMissing() : null;
    },
    start: (originPort) => startLarder(id, originPort, way),
  };
}

/** @param {string} id
 *  @param {number} originPort
 *  @param {Way} way
 *  @returns {Promise<import('./contender.mjs').Running>} */
export async function startLarder(id, originPort, way) {
  const { flags = [], project = {}, program = PROGRAM } = way;
  const node = way.node ?? { command: process.execPath, args: [], env: {} };
  const redis = way.redis === true ? await startRedis() : null;
  const folder = temporaryFolder();
  const port = await freePort();
  writeFileSync(join(folder.path, 'larder.json'), JSON.stringify(project));
  const ways = ['--origin', `http://127.0.0.1:${originPort}`, '--port', String(port)];
  const store = ['--ttl', '86400', '--store', redis === null ? 'memory' : 'redis', '--max-memory', '2g'];
  const server = launch(
    node.command,
    [...node.args, program, ...ways, ...store, ...flags, ...(way.prints === true ? [] : ['--quiet'])],
    {
      cwd: folder.path,
      env: {
        ...node.env,
        LARDER_DATA_DIR: folder.path,
        ...(redis === null ? {} : { REDIS_URL: `redis://127.0.0.1:${redis.port}` }),
      },
    },
  );
  const stop = async () => {
    await server.stop();
    await redis?.stop();
    folder.remove();
  };
  await untilAnswering(server, port, STATUS).catch(async (error) => {
    await stop();
    throw error;
  });
  return { id, port: () => port, pid: server.pid, asksOrigin: true, status: () => statusOf(port), stop };
}

/** @param {number} port
 *  @returns {Promise<import('./contender.mjs').LarderStatus>} */
export async function statusOf(port) {
  const { status, body } = await askOnce(port, STATUS);
  if (status !== 200) throw new Error(`${STATUS} was answered with ${status}`);
  return JSON.parse(body.toString('utf8'));
}
