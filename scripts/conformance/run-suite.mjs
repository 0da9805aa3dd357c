// The suite once through each way into Larder: the fast path before node:http, and node:http alone.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { startRedisServer } from '../../electron/engine/store/redis/test/redis-server.ts';
import { SetupError } from '../run.mjs';
import { differing } from './outcomes.mjs';
import { startLarder, startOrigin } from './processes.mjs';

/** @typedef {import('./client.mjs').Chosen} Chosen */
/** @typedef {import('./options.mjs').Options} Options */
/** @typedef {import('./outcomes.mjs').RawResults} RawResults */
/** @typedef {import('./suite.mjs').Suite} Suite */
/** What the suite found on one way. `fastHits`: how many requests the fast path answered.
 *  @typedef {{ fastPath: 'on' | 'off', results: RawResults, fastHits: number }} Way */

/** Rejects where the run is interrupted, so that everything it has started is ended. */
const interrupted = new Promise((_, reject) => {
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.once(signal, () => reject(new SetupError(`interrupted by ${signal}`)));
  }
});
interrupted.catch(() => undefined);

/** One way after the other, each with an origin, a store and a Larder of its own. A busy machine can make a test
 *  fail on one of them: what comes out differently runs once more, and only that counts.
 *  @param {Options} options
 *  @param {Suite} suite
 *  @returns {Promise<Way[]>} the fast path first, where both are run */
export async function runWays(options, suite) {
  const chosen = options.only.length > 0 ? { ids: options.only, dump: true } : undefined;
  const ways = await runEach(options, suite, chosen);
  const [one, other] = ways;
  if (one === undefined || other === undefined) return ways;
  const ids = differing(one.results, other.results);
  if (ids.length === 0) return ways;
  console.log(`${ids.length} tests run once more, for they came out differently: ${ids.join(', ')}`);
  const again = await runEach(options, suite, { ids, dump: false });
  return ways.map(({ fastPath, results, fastHits }, at) => ({
    fastPath,
    results: { ...results, ...again[at]?.results },
    fastHits,
  }));
}

/** @param {Options} options
 *  @param {Suite} suite
 *  @param {Chosen | undefined} chosen */
async function runEach(options, suite, chosen) {
  /** @type {Way[]} */
  const ways = [];
  for (const fastPath of options.fastPath) ways.push(await runWay({ fastPath, chosen }, options, suite));
  return ways;
}

/** @param {{ fastPath: Way['fastPath'], chosen: Chosen | undefined }} way
 *  @param {Options} options
 *  @param {Suite} suite
 *  @returns {Promise<Way>} */
async function runWay({ fastPath, chosen }, { policy, store, suite: checkout }, suite) {
  /** @type {(() => Promise<unknown>)[]} */
  const opened = [];
  try {
    const origin = await startOrigin(suite.folder);
    opened.push(origin.stop);
    const redis = store === 'redis' ? await startRedisServer() : undefined;
    if (redis !== undefined) opened.push(redis.dispose);
    const env = redis === undefined ? {} : { REDIS_URL: `redis://127.0.0.1:${redis.port}` };
    const flags = ['--origin', origin.url, '--policy', policy, '--store', store];
    const larder = await startLarder(flags, { env, project: { 'fast-path': fastPath === 'on' } });
    opened.push(larder.stop);
    const client = startClient({ checkout, base: larder.url, chosen });
    opened.push(client.stop);
    const results = await Promise.race([client.results, interrupted]);
    const ended = larder.ended() ?? origin.ended();
    if (ended !== null) throw new SetupError(ended);
    return { fastPath, results, fastHits: await fastHitsOf(larder.url) };
  } finally {
    for (const close of opened.reverse()) await close();
  }
}

/** @param {import('./client-thread.mjs').Task} task
 *  @returns {{ results: Promise<RawResults>, stop: () => Promise<unknown> }} */
function startClient(task) {
  const thread = new Worker(new URL('client-thread.mjs', import.meta.url), { workerData: task });
  // Rejects with what is thrown in the thread.
  const results = once(thread, 'message').then(([found]) => found);
  return { results, stop: () => thread.terminate() };
}

/** @param {string} url
 *  @returns {Promise<number>} */
async function fastHitsOf(url) {
  const response = await fetch(`${url}/.larder/status`);
  const { fastHits } = /** @type {{ fastHits: number }} */ (await response.json());
  return fastHits;
}
