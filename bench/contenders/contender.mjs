// What every contender is to the benchmark, and how it is looked at from outside: its processes' time and memory.
import { readdirSync, readFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';

/**
 * `port`: where a body of so many bytes is asked for; most have one port for all. `asksOrigin`: false where every
 * answer is the same. `status`: Larder's own, null elsewhere.
 *
 * @typedef {{
 *   id: string,
 *   port: (bytes: number) => number,
 *   pid: number,
 *   asksOrigin: boolean,
 *   status: (() => Promise<LarderStatus>) | null,
 *   stop: () => Promise<void>,
 * }} Running
 */

/** Of `GET /.larder/status`.
 *  @typedef {{ entries: number, bytes: number, hits: number, fastHits: number, misses: number }} LarderStatus */

/** `missing`: why it is left out here; null where it can run.
 *  @typedef {{
 *   id: string,
 *   name: string,
 *   missing: () => string | null,
 *   start: (originPort: number) => Promise<Running>,
 *  }} Contender */

const TICKS_A_SECOND = 100;
const PAGE_BYTES = 4096;

/** A process and all that it has started.
 *  @param {number} pid
 *  @returns {number[]} */
export function processTree(pid) {
  /** @type {Map<number, number[]>} */
  const children = new Map();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const parent = Number(statOf(Number(name))[1] ?? 0);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const tree = [pid];
  for (const one of tree) tree.push(...(children.get(one) ?? []));
  return tree;
}

/** Seconds of user and system time that the processes have taken.
 *  @param {readonly number[]} pids */
export function cpuSeconds(pids) {
  let ticks = 0;
  for (const pid of pids) {
    const stat = statOf(pid);
    ticks += Number(stat[11] ?? 0) + Number(stat[12] ?? 0);
  }
  return ticks / TICKS_A_SECOND;
}

/** @param {number} pid
 *  @returns {number} bytes */
export function residentBytes(pid) {
  return Number(statOf(pid)[21] ?? 0) * PAGE_BYTES;
}

/** The fields of /proc/PID/stat from the state on; none where the process has ended.
 *  @param {number} pid
 *  @returns {string[]} */
function statOf(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name before may contain anything, spaces and brackets too.
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    // It has ended since.
    return [];
  }
}

/** Why a program cannot be used; null where it can.
 *  @param {string} command
 *  @param {readonly string[]} args
 *  @param {string} install what to do */
export function missingProgram(command, args, install) {
  const { error } = spawnSync(command, args, { stdio: 'ignore' });
  return error === undefined ? null : `${command} is not installed; ${install}`;
}
