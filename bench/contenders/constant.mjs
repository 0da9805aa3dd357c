// Servers that keep nothing and always send the same: what there is to be reached at most.
import { fileURLToPath } from 'node:url';
import { freePort, launch, untilAnswering } from './process.mjs';

/** @type {import('./contender.mjs').Contender} */
export const rawNet = contender('raw-net', 'raw net, constant', 'constant-net.mjs');

/** @type {import('./contender.mjs').Contender} */
export const nodeHttp = contender('node-http', 'node:http, constant', 'constant-http.mjs');

/** @param {string} id
 *  @param {string} name
 *  @param {string} file in servers/
 *  @returns {import('./contender.mjs').Contender} */
function contender(id, name, file) {
  return {
    id,
    name,
    missing: () => null,
    start: async () => {
      const [small, large] = [await freePort(), await freePort()];
      const program = fileURLToPath(new URL(`../servers/${file}`, import.meta.url));
      const server = launch(process.execPath, [program, String(small), String(large)]);
      for (const port of [small, large]) await untilAnswering(server, port, '/');
      const port = (/** @type {number} */ bytes) => (bytes > 1024 ? large : small);
      return { id, port, pid: server.pid, asksOrigin: false, status: null, stop: server.stop };
    },
  };
}
