// What Larder is to reach, as ratios and differences paired by round: what happens to the machine in a round happens to
// both sides of a pair.
import { spreadOf } from './statistics.mjs';

/** @typedef {import('./statistics.mjs').Spread} Spread */
/** @typedef {Readonly<Record<string, import('../workloads/rounds.mjs').Samples>>} Results of each workload by its id */
/** `value`: null where it was not measured. `reached`: of the median.
 *  @typedef {{ what: string, bound: number, atLeast: boolean, digits: number, unit: string,
 *    value: (results: Results) => Spread | null }} Goal */

/** @param {Spread | null} value
 *  @param {Goal} goal
 *  @returns {boolean | null} */
export function isReached(value, { bound, atLeast }) {
  if (value === null) return null;
  return atLeast ? value.median >= bound : value.median <= bound;
}

/** @typedef {readonly [workload: string, metric: string, contender: string]} Figure */

/** @param {Results} results
 *  @param {Figure} figure
 *  @returns {readonly (number | null)[]} one of each round */
function figuresOf(results, [workload, metric, contender]) {
  return (results[workload]?.[contender] ?? []).map((sample) => sample?.[metric] ?? null);
}

/** @param {(ours: number, theirs: number) => number} combine
 *  @param {Figure} ours
 *  @param {Figure} theirs
 *  @returns {(results: Results) => Spread | null} */
function paired(combine, ours, theirs) {
  return (results) => {
    const others = figuresOf(results, theirs);
    const values = figuresOf(results, ours).flatMap((our, round) => {
      const their = others[round] ?? null;
      return our === null || their === null ? [] : [combine(our, their)];
    });
    return spreadOf(values);
  };
}

/** @param {Figure} figure
 *  @returns {(results: Results) => Spread | null} */
function alone(figure) {
  return (results) => spreadOf(figuresOf(results, figure).filter((value) => value !== null));
}

/** @param {string} what
 *  @param {number} bound
 *  @param {readonly [workload: string, metric: string, ours: string, theirs: string]} pair
 *  @param {boolean} [atLeast]
 *  @returns {Goal} */
function ratio(what, bound, [workload, metric, ours, theirs], atLeast = true) {
  const value = paired((our, their) => our / their, [workload, metric, ours], [workload, metric, theirs]);
  return { what, bound, atLeast, digits: 2, unit: 'times', value };
}

/** @param {string} what
 *  @param {number} bound
 *  @param {readonly [workload: string, metric: string, ours: string, theirs: string]} pair
 *  @returns {Goal} */
function difference(what, bound, [workload, metric, ours, theirs]) {
  const value = paired((our, their) => our - their, [workload, metric, ours], [workload, metric, theirs]);
  return { what, bound, atLeast: false, digits: 3, unit: 'ms', value };
}

/** @param {string} what
 *  @param {{ bound: number, atLeast?: boolean, digits: number, unit: string, figure: Figure }} how
 *  @returns {Goal} */
function absolute(what, { bound, atLeast = false, digits, unit, figure }) {
  return { what, bound, atLeast, digits, unit, value: alone(figure) };
}

/** @type {readonly Goal[]} */
export const GOALS = [
  ratio('1 KiB, 16 connections, to stock nginx', 1.4, ['hits', 'perSecond', 'larder', 'nginx']),
  ratio('1 KiB, 16 connections, to Varnish', 1.4, ['hits', 'perSecond', 'larder', 'varnish']),
  ratio('1 KiB, 16 connections, to tuned nginx', 0.75, ['hits', 'perSecond', 'larder', 'nginx-tuned']),
  ratio('1 KiB, 16 connections, to raw net', 0.7, ['hits', 'perSecond', 'larder', 'raw-net']),
  difference('1 connection, p50 over tuned nginx', 0.02, ['one-connection', 'p50', 'larder', 'nginx-tuned']),
  ratio('256 connections, to stock nginx', 1.3, ['many-connections', 'perSecond', 'larder', 'nginx']),
  ratio('100 KiB, to stock nginx', 0.95, ['large', 'perSecond', 'larder', 'nginx']),
  absolute('10,000 keys, to one key', {
    bound: 0.9,
    atLeast: true,
    digits: 2,
    unit: 'times',
    figure: ['keys', 'ratio', 'larder'],
  }),
  absolute('1,000,000 keys, to one key', {
    bound: 0.75,
    atLeast: true,
    digits: 2,
    unit: 'times',
    figure: ['million', 'ratio', 'larder-roomy'],
  }),
  ratio('In Electron with the window open, to the command line', 0.8, [
    'electron',
    'perSecond',
    'app-window',
    'larder-electron-node',
  ]),
  difference('Miss, added p50 over the origin', 0.25, ['misses', 'p50', 'larder', 'direct']),
  ratio('Misses a second, 16 connections, to stock nginx', 1, ['misses', 'perSecond', 'larder', 'nginx']),
  absolute('10 a second, p50, memory', {
    bound: 1.1,
    digits: 2,
    unit: 'ms',
    figure: ['arrivals', 'p50', 'larder'],
  }),
  absolute('10 a second, p99, memory', {
    bound: 3,
    digits: 2,
    unit: 'ms',
    figure: ['arrivals', 'p99', 'larder'],
  }),
  absolute('10 a second, p50, Redis', {
    bound: 1.6,
    digits: 2,
    unit: 'ms',
    figure: ['arrivals', 'p50', 'larder-redis'],
  }),
  ratio('Hits from Redis, to bare node:http', 0.5, ['hits', 'perSecond', 'larder-redis', 'node-http']),
  ratio('Hits from Redis, to the Flask stand-in', 5, ['hits', 'perSecond', 'larder-redis', 'flask']),
  ratio('CPU per hit, to stock nginx', 1.2, ['hits', 'cpu', 'larder', 'nginx'], false),
  absolute('Memory per stored 1 KiB, over the body, accounted', {
    bound: 1024,
    digits: 0,
    unit: 'bytes',
    figure: ['memory', 'accounted', 'larder'],
  }),
  absolute('Memory per stored 1 KiB, over the body, resident', {
    bound: 1024,
    digits: 0,
    unit: 'bytes',
    figure: ['memory', 'resident', 'larder'],
  }),
  ratio('20,000 exchanges a second, window and log open, to no window', 0.9, [
    'events',
    'perSecond',
    'app-window',
    'app-windowless',
  ]),
];

/** What is not bounded, and good to know.
 *  @type {readonly { what: string, digits: number, value: Goal['value'] }[]} */
export const ASIDES = [
  ratio('1 KiB, 16 connections: lines printed, to --quiet', 1, [
    'hits',
    'perSecond',
    'larder-printing',
    'larder',
  ]),
  ratio('1 KiB, 16 connections: fast path, to without', 1, ['hits', 'perSecond', 'larder', 'larder-careful']),
  ratio('256 connections: fast path, to without', 1, [
    'many-connections',
    'perSecond',
    'larder',
    'larder-careful',
  ]),
  ratio('100 KiB: fast path, to without', 1, ['large', 'perSecond', 'larder', 'larder-careful']),
  ratio('In Electron: window open, to no window', 1, [
    'electron',
    'perSecond',
    'app-window',
    'app-windowless',
  ]),
];
