// Small hits while large ones run beside them, both at a steady rate: how long do the small ones wait?
import { Agent } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { ask } from '../faults/client.mjs';
import { phaseOf } from '../faults/figures.mjs';

const TICK_MS = 2;

/** @typedef {{ targets: readonly string[], perSecond: number }} Stream */

/** @param {string} url
 *  @param {{ small: Stream, large: Stream, seconds: number }} load
 *  @returns {Promise<{ small: import('../faults/figures.mjs').Phase, large: import('../faults/figures.mjs').Phase }>} */
export async function mixedHits(url, { small, large, seconds }) {
  const agent = new Agent({ keepAlive: true, maxSockets: Infinity });
  const ends = performance.now() + seconds * 1000;
  const answers = await Promise.all([small, large].map((one) => stream(url, one, ends, agent)));
  agent.destroy();
  const failed = answers.flat().find(({ failure, hit }) => failure !== null || !hit);
  if (failed !== undefined) throw new Error(failed.failure ?? 'not a hit');
  const [ofSmall, ofLarge] = answers.map((some) =>
    phaseOf(some.map((answer) => ({ at: 0, kind: /** @type {const} */ ('hot'), ...answer }))),
  );
  if (ofSmall === undefined || ofLarge === undefined) throw new Error('nothing was asked');
  return { small: ofSmall, large: ofLarge };
}

/** @param {string} url
 *  @param {Stream} stream
 *  @param {number} ends by performance.now()
 *  @param {Agent} agent */
async function stream(url, { targets, perSecond }, ends, agent) {
  const started = performance.now();
  /** @type {Promise<import('../faults/client.mjs').Answer>[]} */
  const answers = [];
  while (performance.now() < ends) {
    const due = ((performance.now() - started) / 1000) * perSecond;
    while (answers.length < due)
      answers.push(ask(url, targets[answers.length % targets.length] ?? '/', agent));
    await pause(TICK_MS);
  }
  return Promise.all(answers);
}
