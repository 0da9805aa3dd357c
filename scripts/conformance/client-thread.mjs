// The suite's client in a thread of its own: the suite keeps state, and a run is not to find that of the one before.
import { parentPort, workerData } from 'node:worker_threads';
import { runClient } from './client.mjs';
import { loadSuite } from './suite.mjs';

/** What the thread is given. `checkout` as `loadSuite` takes it, `chosen` as `runClient` does.
 *  @typedef {{ checkout: string | undefined, base: string, chosen: import('./client.mjs').Chosen | undefined }} Task */

/** @type {Task} */
const { checkout, base, chosen } = workerData;
const results = await runClient(await loadSuite(checkout), base, chosen);
parentPort?.postMessage(results, []);
