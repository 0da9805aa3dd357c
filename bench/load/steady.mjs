// So many requests a second, whatever the answers take; in a process of its own, so that what asks does not measure
// itself. Run by `steadily`, which forks this very file.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { RawConnection } from './raw-client.mjs';

const CONNECTIONS = 32;

/** @typedef {{ port: number, target: string, perSecond: number, seconds: number }} Order */

/** @param {Order} order
 *  @returns {Promise<{ perSecond: number }>} how many were answered a second */
export async function steadily(order) {
  const child = fork(fileURLToPath(import.meta.url), ['steady']);
  const exited = once(child, 'exit');
  child.send(order);
  const [result] = await once(child, 'message');
  child.kill();
  await exited;
  if (result.failure !== null) throw new Error(result.failure);
  return { perSecond: result.perSecond };
}

/** @param {Order} order */
async function send({ port, target, perSecond, seconds }) {
  const started = performance.now();
  const ends = started + seconds * 1000;
  let taken = 0;
  let answered = 0;
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      const connection = new RawConnection(port);
      while (performance.now() < ends) {
        if (taken >= ((performance.now() - started) / 1000) * perSecond) {
          await pause(1);
          continue;
        }
        taken += 1;
        const { status } = await connection.ask(target);
        if (status !== 200) throw new Error(`${target} was answered with ${status}`);
        answered += 1;
      }
      connection.close();
    }),
  );
  return (answered / (performance.now() - started)) * 1000;
}

if (process.argv[2] === 'steady') {
  process.once('message', (/** @type {Order} */ order) => {
    send(order).then(
      (perSecond) => process.send?.({ perSecond, failure: null }),
      (error) => process.send?.({ perSecond: 0, failure: String(error) }),
    );
  });
}
