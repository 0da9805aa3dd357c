// One run of wrk over some targets in turn.
import { measure as measureScript } from '../load/wrk.mjs';

/** Rejects where any request failed.
 *  @param {{ url: string, targets: readonly string[], connections: number, seconds: number }} load
 *  @returns {Promise<import('../load/wrk.mjs').Measured>} */
export function measure({ url, targets, connections, seconds }) {
  const port = Number(new URL(url).port);
  return measureScript({ port, script: scriptOver(targets), connections, seconds });
}

/** @param {readonly string[]} targets */
function scriptOver(targets) {
  const prepared = targets.map((target) => `wrk.format('GET', ${JSON.stringify(target)})`);
  return [
    'local requests = {}',
    `init = function() requests = { ${prepared.join(', ')} } end`,
    'local turn = 0',
    'request = function() turn = turn % #requests + 1; return requests[turn] end',
  ].join('\n');
}
