// What every row of a soak has: the load beside the fault, in three thirds, and the memory of the process under load.
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { phasesOf } from '../faults/figures.mjs';
import { HOT, startLoad, warm } from '../faults/load.mjs';

const PER_SECOND = 200;
const MEMORY_EVERY_MS = 250;
const MEBIBYTE_KIB = 1024;

/** `seconds` of load; `share`: of the full number of whatever is counted; `add`: closed with the row, last first.
 *  @typedef {{ seconds: number, share: number, add: (close: () => unknown) => void }} Scene */

/** MiB resident; null: cannot be seen on this system.
 *  @typedef {{ first: number, most: number, last: number } | null} Memory */

/** What is true of the row, and whether it is as it must be; null: only told.
 *  @typedef {[what: string, passed: boolean | null]} Fact */

/** What a row came to. `phases`: null where there is no steady load.
 *  @typedef {{
 *    phases: Omit<ReturnType<typeof phasesOf>, 'settledP99'> | null,
 *    failures: string[],
 *    memory: Memory,
 *    facts: Fact[],
 *  }} Findings */

/** A row that this machine cannot run. */
export class LeftOut extends Error {}

/** The fault comes after a third of the load and goes after two.
 *  @param {Scene} scene
 *  @param {{
 *    url: string | (() => string),
 *    pid: number,
 *    onlyHot?: boolean,
 *    begin: () => Promise<Fact[]>,
 *    end?: () => Promise<Fact[]>,
 *  }} what
 *  @returns {Promise<Findings>} */
export async function underLoad(scene, { url, pid, onlyHot = false, begin, end = async () => [] }) {
  await warm(typeof url === 'string' ? url : url(), HOT);
  const third = (scene.seconds * 1000) / 3;
  const load = startLoad(url, PER_SECOND, { onlyHot });
  scene.add(load.stop);
  const memory = watchMemory(pid);
  scene.add(memory.end);
  await pause(third);
  const began = performance.now();
  const facts = await begin();
  await pause(Math.max(began + third - performance.now(), 0));
  facts.push(...(await end()));
  const ended = performance.now();
  await pause(third);
  await load.stop();
  const { before, during, after } = phasesOf(load.samples, { began, ended });
  return {
    phases: { before, during, after },
    failures: load.samples.flatMap(({ failure }) => failure ?? []),
    memory: memory.end(),
    facts,
  };
}

/** @param {number} pid
 *  @returns {{ end: () => Memory }} */
export function watchMemory(pid) {
  /** @type {number[]} */
  const seen = [];
  const look = () => {
    const now = residentMib(pid);
    if (now !== null) seen.push(now);
  };
  look();
  const timer = setInterval(look, MEMORY_EVERY_MS);
  return {
    end: () => {
      clearInterval(timer);
      look();
      const [first] = seen;
      return first === undefined ? null : { first, most: Math.max(...seen), last: seen.at(-1) ?? first };
    },
  };
}

/** @param {number} pid
 *  @returns {number | null} */
export function residentMib(pid) {
  try {
    const [, kib] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kib === undefined ? null : Number(kib) / MEBIBYTE_KIB;
  } catch {
    // It has ended, or this is not Linux.
    return null;
  }
}

/** @param {readonly number[]} figures
 *  @param {number} part 0.5: the median */
export function quantileOf(figures, part) {
  const sorted = [...figures].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}
