// An open-loop load: requests are sent when they are due, whether or not the ones before were answered.
import { Agent } from 'node:http';
import { targetOf } from './answers.mjs';
import { ask } from './client.mjs';

const HOT_TARGETS = 40;
const TICK_MS = 5;
const MOST_TRIES = 500;
/** Of ten requests in turn: two for what nobody asked before, one for what was asked so many requests ago. */
const NEW_SLOTS = [4, 9];
const AGAIN_SLOT = 2;
export const AGAIN_AFTER = 98;

/** `at`: when it was sent, by performance.now(). `again`: a new target for the second time, half a second later at
 *  200 requests a second: a hit means that it was stored.
 *  @typedef {{ at: number, kind: 'hot' | 'new' | 'again' } & import('./client.mjs').Answer} Sample */

/** @typedef {{ samples: Sample[], stop: () => Promise<void> }} Load */

const agent = () => new Agent({ keepAlive: true, maxSockets: Infinity });

/** What the load asks for again and again. */
export const HOT = Array.from({ length: HOT_TARGETS }, (_, number) => targetOf('hot', number));

/** Every target is stored when this resolves.
 *  @param {string} url
 *  @param {readonly string[]} targets */
export async function warm(url, targets) {
  const connections = agent();
  for (const target of targets) {
    let tries = 0;
    while (!(await ask(url, target, connections)).hit) {
      tries += 1;
      if (tries > MOST_TRIES) throw new Error(`${target} is never a hit, before anything was measured`);
    }
  }
  connections.destroy();
}

/** @param {string | (() => string)} url of Larder; a function where it changes
 *  @param {number} perSecond
 *  @param {{ onlyHot?: boolean }} [mix] `onlyHot`: for an origin that does not answer
 *  @returns {Load} */
export function startLoad(url, perSecond, { onlyHot = false } = {}) {
  const base = typeof url === 'string' ? () => url : url;
  const connections = agent();
  /** @type {Sample[]} */
  const samples = [];
  /** @type {Set<Promise<void>>} */
  const underWay = new Set();
  const started = performance.now();
  let sent = 0;
  let hot = 0;

  /** @param {Sample['kind']} kind
   *  @param {string} target */
  const send = (kind, target) => {
    const at = performance.now();
    const answered = ask(base(), target, connections).then((answer) => {
      samples.push({ at, kind, ...answer });
      underWay.delete(answered);
    });
    underWay.add(answered);
  };
  const sendDue = () => {
    const due = ((performance.now() - started) / 1000) * perSecond;
    for (; sent < due; sent += 1) {
      const slot = onlyHot ? 0 : sent % 10;
      if (NEW_SLOTS.includes(slot)) send('new', targetOf('new', sent));
      else if (slot === AGAIN_SLOT && sent >= AGAIN_AFTER) send('again', targetOf('new', sent - AGAIN_AFTER));
      else send('hot', HOT[(hot += 1) % HOT.length] ?? '/');
    }
  };
  const timer = setInterval(sendDue, TICK_MS);
  return {
    samples,
    stop: async () => {
      // Stopped once more where the run ends otherwise than it should.
      clearInterval(timer);
      await Promise.all(underWay);
      connections.destroy();
      samples.sort((one, other) => one.at - other.at);
    },
  };
}
