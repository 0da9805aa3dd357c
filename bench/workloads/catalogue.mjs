// All workloads, in the order in which they run.
import { ARRIVALS } from './arrivals.mjs';
import { EVENTS } from './events.mjs';
import { ELECTRON, HITS } from './hits.mjs';
import { KEYS, MILLION } from './keys.mjs';
import { MEMORY } from './memory.mjs';
import { MISSES } from './misses.mjs';

/** @type {readonly import('./rounds.mjs').Workload[]} */
export const WORKLOADS = [...HITS, KEYS, MILLION, MISSES, ARRIVALS, MEMORY, ELECTRON, EVENTS];
