// Before anything is measured: what is asked for is stored, and every answer is the right one.
import { bodyOf } from '../servers/bodies.mjs';
import { RawConnection } from './raw-client.mjs';

const CONNECTIONS = 16;
const MOST_PASSES = 8;

/** @typedef {import('../contenders/contender.mjs').Running} Running */

/** Asks for all of them until that asks nothing of the origin; every answer is checked.
 *  @param {Running} running
 *  @param {readonly string[]} targets of one size
 *  @param {import('./origin.mjs').Origin} origin */
export async function warm(running, targets, origin) {
  for (let pass = 1; pass <= MOST_PASSES; pass += 1) {
    const before = await origin.settled();
    await askAll(running, targets);
    const asked = (await origin.asked()) - before;
    // The first pass of one that asks the origin has not shown yet that it stores.
    if (asked === 0 && (pass > 1 || !running.asksOrigin)) return;
  }
  throw new Error(`${targets[0]} and its like are asked of the origin again and again`);
}

/** @param {Running} running
 *  @param {readonly string[]} targets */
async function askAll(running, targets) {
  const bytes = bodyOf(targets[0] ?? '')?.length ?? 0;
  let next = 0;
  await Promise.all(
    Array.from({ length: Math.min(CONNECTIONS, targets.length) }, async () => {
      const connection = new RawConnection(running.port(bytes));
      try {
        while (next < targets.length) {
          const target = targets[next] ?? '';
          next += 1;
          checkAnswer(running, target, await connection.ask(target));
        }
      } finally {
        connection.close();
      }
    }),
  );
}

/** @param {Running} running
 *  @param {string} target
 *  @param {import('./raw-client.mjs').Answer} answer */
export function checkAnswer(running, target, { status, head, body }) {
  if (status !== 200) throw new Error(`${target} was answered with ${status}: ${head}`);
  const expected = bodyOf(target);
  const same = running.asksOrigin ? expected?.equals(body) : expected?.length === body.length;
  if (same !== true) throw new Error(`${target} came with a wrong body of ${body.length} bytes`);
}
