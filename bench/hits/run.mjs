// The comparisons of bench/redis.mjs: several Larders before one origin and on one Redis, measured in turn.
import { parseArgs } from 'node:util';
import { startRedisServer } from '../../electron/engine/store/redis/test/redis-server.ts';
import { get } from '../faults/endpoints.mjs';
import { startLarder } from '../faults/larder.mjs';
import { warm } from '../faults/load.mjs';
import { startOrigin } from '../faults/origin.mjs';
import { table } from '../faults/report.mjs';
import { mixedHits } from './mixed.mjs';
import { startNarrowRelay } from './narrow-relay.mjs';
import { measure } from './wrk.mjs';

const TARGETS = 40;
const KIBIBYTE = 1024;
const MEBIBYTE = KIBIBYTE * KIBIBYTE;
const TTL = ['--ttl', '86400'];
const POOL_SIZES = [1, 2, 4, 8, 20];
/** A busy machine is not a Redis that is stuck: what is measured are hits. */
const PATIENT_MS = 10_000;
/** A second; and how much of replies a connection to Redis passes meanwhile, as over a network. */
const MIXED = { small: 300, large: 25, bytes: 30 * MEBIBYTE };

/** @param {number} bytes
 *  @param {number} [count] */
const targetsOf = (bytes, count = TARGETS) =>
  Array.from({ length: count }, (_, number) => `/hot/${number}/${bytes}/bin`);

const SMALL = targetsOf(KIBIBYTE);
const MIDDLE = targetsOf(100 * KIBIBYTE);
const LARGE = targetsOf(MEBIBYTE, 8);

/** @typedef {{ name: string, url: string }} Measurable */
/** @typedef {{ name: string, targets: readonly string[], connections: number }} Case */

/** @param {readonly number[]} values */
function median(values) {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** What each gave in each round, all in turn within a round.
 *  @template T
 *  @param {readonly Measurable[]} larders
 *  @param {number} rounds
 *  @param {(larder: Measurable) => Promise<T>} once
 *  @returns {Promise<Map<Measurable, T[]>>} */
async function inTurn(larders, rounds, once) {
  /** @type {Map<Measurable, T[]>} */
  const results = new Map(larders.map((larder) => [larder, []]));
  for (let round = 0; round < rounds; round += 1) {
    // Who comes first in one round comes last in the next.
    const order = round % 2 === 0 ? larders : [...larders].reverse();
    for (const larder of order) results.get(larder)?.push(await once(larder));
  }
  return results;
}

/** Throws where anything measured was not a hit.
 *  @template T
 *  @param {string} url
 *  @param {() => Promise<T>} run
 *  @returns {Promise<T>} */
async function onlyHits(url, run) {
  const misses = async () => Number(JSON.parse(await get(`${url}/.larder/status`)).misses);
  const before = await misses();
  const result = await run();
  const missed = (await misses()) - before;
  if (missed > 0) throw new Error(`${missed} of what was to be hits were misses`);
  return result;
}

/** A table of hits a second, and of the ratio to the first, paired by round.
 *  @param {readonly Measurable[]} larders
 *  @param {readonly Case[]} cases
 *  @param {{ rounds: number, seconds: number }} how */
async function compareHits(larders, cases, { rounds, seconds }) {
  const [first] = larders;
  const rows = [['', ...cases.flatMap(({ name }) => [`${name}: hits/s`, 'p99 ms', `to ${first?.name}`])]];
  const columns = new Map(larders.map((larder) => [larder, /** @type {string[]} */ ([])]));
  for (const { targets, connections } of cases) {
    const results = await inTurn(larders, rounds, ({ url }) =>
      onlyHits(url, () => measure({ url, targets, connections, seconds })),
    );
    const base = first === undefined ? [] : (results.get(first) ?? []);
    for (const [larder, rates] of results) {
      const ratios = rates.map(({ perSecond }, round) => perSecond / (base[round]?.perSecond ?? Number.NaN));
      const spread = `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`;
      columns
        .get(larder)
        ?.push(
          median(rates.map(({ perSecond }) => perSecond)).toFixed(0),
          median(rates.map(({ p99 }) => p99)).toFixed(1),
          `${median(ratios).toFixed(2)} (${spread})`,
        );
    }
  }
  for (const [{ name }, cells] of columns) rows.push([name, ...cells]);
  return table(rows);
}

/** @param {readonly Measurable[]} larders
 *  @param {{ rounds: number, seconds: number }} how */
async function compareMixed(larders, { rounds, seconds }) {
  const load = {
    small: { targets: SMALL, perSecond: MIXED.small },
    large: { targets: LARGE, perSecond: MIXED.large },
    seconds,
  };
  const results = await inTurn(larders, rounds, ({ url }) => mixedHits(url, load));
  const rows = [['', '1 KiB: p50 ms', 'p99 ms', 'p99 of each round', '1 MiB: p50 ms', 'p99 ms']];
  for (const [{ name }, phases] of results) {
    const p99s = phases.map(({ small }) => small.p99);
    rows.push([
      name,
      median(phases.map(({ small }) => small.p50)).toFixed(1),
      median(p99s).toFixed(1),
      p99s.map((p99) => p99.toFixed(0)).join(', '),
      median(phases.map(({ large }) => large.p50)).toFixed(1),
      median(phases.map(({ large }) => large.p99)).toFixed(1),
    ]);
  }
  return table(rows);
}

/** @param {string[]} args
 *  @returns {Promise<number>} exit code */
export async function main(args) {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '2' },
      only: { type: 'string', default: 'stores,pool,mixed' },
    },
  });
  const how = { rounds: Number(values.rounds), seconds: Number(values.seconds) };
  const wanted = values.only.split(',');
  /** @type {(() => Promise<void>)[]} */
  const opened = [];
  try {
    const redis = await startRedisServer();
    opened.push(redis.dispose);
    const origin = await startOrigin();
    opened.push(origin.close);
    /** @param {string} name
     *  @param {object | null} settings of Redis; null: the memory store
     *  @param {number} [port] */
    const start = async (name, settings, port = redis.port) => {
      const larder = await startLarder({
        flags: ['--origin', origin.url, ...TTL, '--store', settings === null ? 'memory' : 'redis'],
        env: settings === null ? {} : { REDIS_URL: `redis://127.0.0.1:${port}` },
        project: settings === null ? null : { redis: { ...settings, commandTimeoutMs: PATIENT_MS } },
        keepsLog: false,
      });
      opened.push(larder.stop);
      await warm(larder.url, [...SMALL, ...MIDDLE, ...LARGE]);
      return { name, url: larder.url };
    };
    if (wanted.includes('stores')) {
      const larders = [
        await start('memory', null),
        await start('Redis, near cache', {}),
        await start('Redis alone', { nearCacheBytes: 0 }),
      ];
      const cases = [
        { name: '1 KiB, 16 connections', targets: SMALL, connections: 16 },
        { name: '1 KiB, 1 connection', targets: SMALL, connections: 1 },
        { name: '100 KiB, 16 connections', targets: MIDDLE, connections: 16 },
      ];
      console.log(
        `Hits a second, median of ${how.rounds} rounds\n\n${await compareHits(larders, cases, how)}\n`,
      );
    }
    /** @param {number} [port] */
    const startPools = async (port) => {
      const pools = [];
      for (const poolSize of POOL_SIZES) {
        pools.push(await start(`pool of ${poolSize}`, { poolSize, nearCacheBytes: 0 }, port));
      }
      return pools;
    };
    if (wanted.includes('pool')) {
      const cases = [
        { name: '1 KiB, 16 connections', targets: SMALL, connections: 16 },
        { name: '100 KiB, 16 connections', targets: MIDDLE, connections: 16 },
      ];
      console.log(
        `Pool sizes without a near cache\n\n${await compareHits(await startPools(), cases, how)}\n`,
      );
    }
    if (wanted.includes('mixed')) {
      const relay = await startNarrowRelay(redis.port, MIXED.bytes);
      opened.push(relay.close);
      const pools = await startPools(relay.port);
      const what = `${MIXED.small} hits of 1 KiB a second beside ${MIXED.large} of 1 MiB`;
      console.log(`${what}; each connection to Redis passes ${MIXED.bytes / MEBIBYTE} MiB a second\n`);
      console.log(await compareMixed(pools, how));
    }
    return 0;
  } finally {
    for (const close of opened.reverse()) await close();
  }
}
