// The recording origin, started and asked how often it was asked.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const STILL_MS = 20;

/** `settled`: how often it was asked, once nothing comes any more: what a client left in the middle may come late.
 *  @typedef {{ port: number, asked: () => Promise<number>, settled: () => Promise<number>, stop: () => Promise<void> }} Origin */

/** @returns {Promise<Origin>} */
export async function startOrigin() {
  const child = fork(fileURLToPath(new URL('../servers/recording-origin.mjs', import.meta.url)));
  const [{ port }] = await once(child, 'message');
  const asked = async () => {
    child.send('asked');
    const [{ asked }] = await once(child, 'message');
    return Number(asked);
  };
  return {
    port,
    asked,
    settled: async () => {
      for (let before = await asked(); ;) {
        await pause(STILL_MS);
        const now = await asked();
        if (now === before) return now;
        before = now;
      }
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill();
      await exited;
    },
  };
}
