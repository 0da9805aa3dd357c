// An engine in a process of its own, whose settings are changed while it serves.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { bundleEngine } from './engine-bundle.mjs';

const host = fileURLToPath(new URL('engine-host.mjs', import.meta.url));

/** `error`: why the change was not applied; `url`: where it listens then.
 *  @typedef {{ error: string | null, url: string | null }} Applied */
/** @typedef {{ pid: number, url: () => string, apply: (changes: object) => Promise<Applied> }} EngineProcess */

/** @param {import('./scene.mjs').Scene} scene
 *  @param {object} settings
 *  @returns {Promise<EngineProcess>} */
export async function startEngine(scene, settings) {
  const { folder, dispose } = await bundleEngine();
  scene.add(dispose);
  const child = fork(host, [folder]);
  scene.add(async () => {
    const exited = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : null;
    child.kill('SIGKILL');
    await exited;
  });
  /** @type {Map<number, (applied: Applied) => void>} */
  const waiting = new Map();
  let ids = 0;
  let url = '';
  child.on('message', (message) => {
    const { id, ...applied } = /** @type {{ id: number } & Applied} */ (message);
    url = applied.url ?? url;
    waiting.get(id)?.(applied);
    waiting.delete(id);
  });
  const apply = (/** @type {object} */ changes) =>
    new Promise((/** @type {(applied: Applied) => void} */ resolve) => {
      ids += 1;
      waiting.set(ids, resolve);
      child.send({ id: ids, changes });
    });
  const { error } = await apply(settings);
  if (error !== null) throw new Error(`the engine did not start: ${error}`);
  return { pid: child.pid ?? 0, url: () => url, apply };
}
