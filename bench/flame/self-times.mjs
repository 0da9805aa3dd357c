// A profile of V8's as time spent in each function and each file itself, not in what they call.
import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from '../../scripts/run.mjs';

/** Microseconds of the monotonic clock.
 *  @typedef {{ from: number, to: number }} Span */
/** Most first.
 *  @typedef {readonly { name: string, ms: number }[]} Times */
/** @typedef {{ busyMs: number, idleMs: number, byFunction: Times, byFile: Times }} SelfTimes */
/** @typedef {{ functionName: string, url: string, lineNumber: number, columnNumber: number }} CallFrame */
/** @typedef {{ nodes: { id: number, callFrame: CallFrame }[], samples: number[], timeDeltas: number[], startTime: number }} Profile */

/** @param {string} file a .cpuprofile
 *  @param {Span} span what is looked at
 *  @returns {SelfTimes} */
export function selfTimes(file, { from, to }) {
  /** @type {Profile} */
  const { nodes, samples, timeDeltas, startTime } = JSON.parse(readFileSync(file, 'utf8'));
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  /** @type {Map<CallFrame, number>} */
  const times = new Map();
  let at = startTime;
  for (const [place, id] of samples.entries()) {
    at += timeDeltas[place] ?? 0;
    const frame = frames.get(id);
    if (at < from || at > to || frame === undefined) continue;
    // What a sample stands for lasts until the next one.
    times.set(frame, (times.get(frame) ?? 0) + (timeDeltas[place + 1] ?? 0) / 1000);
  }
  return summed(times);
}

/** @param {ReadonlyMap<CallFrame, number>} times ms
 *  @returns {SelfTimes} */
function summed(times) {
  /** @type {Map<string, number>} */
  const byFunction = new Map();
  /** @type {Map<string, number>} */
  const byFile = new Map();
  let busyMs = 0;
  let idleMs = 0;
  const add = (
    /** @type {Map<string, number>} */ sums,
    /** @type {string} */ name,
    /** @type {number} */ ms,
  ) => sums.set(name, (sums.get(name) ?? 0) + ms);
  for (const [frame, ms] of times) {
    if (frame.functionName === '(idle)') {
      idleMs += ms;
      continue;
    }
    busyMs += ms;
    const { file, line } = sourceOf(frame);
    add(byFile, file, ms);
    const name = frame.functionName === '' ? '(anonymous)' : frame.functionName;
    add(byFunction, line === null ? name : `${name} ${file}:${line}`, ms);
  }
  return { busyMs, idleMs, byFunction: sorted(byFunction), byFile: sorted(byFile) };
}

/** @param {ReadonlyMap<string, number>} sums
 *  @returns {Times} */
function sorted(sums) {
  return [...sums].map(([name, ms]) => ({ name, ms })).sort((one, other) => other.ms - one.ms);
}

/** @type {Map<string, SourceMap | null>} */
const maps = new Map();

/** @param {CallFrame} frame
 *  @returns {{ file: string, line: number | null }} */
function sourceOf({ functionName, url, lineNumber, columnNumber }) {
  if (url === '') return { file: functionName.startsWith('(') ? functionName : '(native)', line: null };
  if (!url.startsWith('file:')) return { file: url, line: lineNumber + 1 };
  const path = fileURLToPath(url);
  const entry = mapOf(path)?.findEntry(lineNumber, columnNumber);
  if (entry === undefined || !('originalSource' in entry)) return { file: shown(path), line: lineNumber + 1 };
  return { file: shown(resolve(dirname(path), entry.originalSource)), line: entry.originalLine + 1 };
}

/** @param {string} path */
function shown(path) {
  const packagePath = path.split('/node_modules/').at(-1);
  return path.includes('/node_modules/') && !path.includes('/.cache/')
    ? `${packagePath}`
    : relative(root, path);
}

/** @param {string} path */
function mapOf(path) {
  const known = maps.get(path);
  if (known !== undefined) return known;
  let map = null;
  try {
    map = new SourceMap(JSON.parse(readFileSync(`${path}.map`, 'utf8')));
  } catch {
    // A package as it came, without a map.
  }
  maps.set(path, map);
  return map;
}
