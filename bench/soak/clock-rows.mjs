// The wall clock jumps, to and fro: T01.
import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { targetOf } from '../faults/answers.mjs';
import { startLarder } from '../faults/larder.mjs';
import { startOrigin } from '../faults/origin.mjs';
import { askOnce } from './asking.mjs';
import { underLoad } from './scene.mjs';

const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 24 * HOUR_MS;
const MINUTE_MS = 60_000;
const SETTLED_MS = 300;
/** Where the clock stands, and whether what was stored before is stale then, its TTL being five minutes. */
const JUMPS = [
  { name: 'an hour on', shiftMs: HOUR_MS, stale: true },
  { name: 'a year on', shiftMs: YEAR_MS, stale: true },
  { name: 'back by a year', shiftMs: 0, stale: null },
  { name: 'ten minutes on', shiftMs: 10 * MINUTE_MS, stale: true },
  { name: 'back by an hour', shiftMs: -HOUR_MS, stale: null },
  { name: 'on by two hours', shiftMs: HOUR_MS, stale: true },
];

/** @typedef {import('./scene.mjs').Scene} Scene */
/** @typedef {import('./scene.mjs').Findings} Findings */
/** @typedef {import('./scene.mjs').Fact} Fact */

/** T01.
 *  @param {Scene} scene
 *  @returns {Promise<Findings>} */
export async function clockJumps(scene) {
  const origin = await startOrigin();
  scene.add(origin.close);
  const file = join(tmpdir(), `larder-soak-clock-${process.pid}`);
  writeFileSync(file, '0');
  scene.add(() => rmSync(file));
  const larder = await startLarder({
    flags: ['--origin', origin.url],
    env: { LARDER_SOAK_CLOCK: file },
    nodeFlags: ['--import', new URL('shifted-clock.mjs', import.meta.url).href],
  });
  scene.add(larder.stop);
  const url = `${larder.url}${targetOf('clock', 1)}`;
  const isHit = async () => (await askOnce(url)).fields['x-cache'] === 'HIT';
  return underLoad(scene, {
    url: larder.url,
    pid: larder.pid,
    begin: async () => {
      /** @type {Fact[]} */
      const facts = [];
      await isHit();
      for (const { name, shiftMs, stale } of JUMPS) {
        writeFileSync(file, String(shiftMs));
        larder.send('SIGUSR2');
        await pause(SETTLED_MS);
        const first = await isHit();
        const again = await isHit();
        facts.push([
          `${name}: what was stored before is ${first ? 'a hit' : 'a miss'}, then ${again ? 'a hit' : 'a miss'}`,
          (stale === null || first === !stale) && again,
        ]);
      }
      return facts;
    },
  });
}
