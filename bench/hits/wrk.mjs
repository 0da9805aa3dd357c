// One run of wrk over some targets in turn.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** @typedef {{ perSecond: number, p99: number }} Measured `p99` in ms */

const MS = /** @type {Readonly<Record<string, number>>} */ ({ us: 0.001, ms: 1, s: 1000, m: 60_000 });

/** Rejects where any request failed.
 *  @param {{ url: string, targets: readonly string[], connections: number, seconds: number }} load
 *  @returns {Promise<Measured>} */
export async function measure({ url, targets, connections, seconds }) {
  const folder = mkdtempSync(join(tmpdir(), 'larder-wrk-'));
  const script = join(folder, 'targets.lua');
  writeFileSync(script, scriptOver(targets));
  try {
    const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--latency', '-s', script, url];
    const child = spawn('wrk', args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (piece) => (text += piece));
    await once(child, 'close');
    if (child.exitCode !== 0 || /Non-2xx|Socket errors/.test(text))
      throw new Error(`wrk on ${url}:\n${text}`);
    const [, value = '', unit = ''] = /99%\s+([\d.]+)(us|ms|s|m)/.exec(text) ?? [];
    return {
      perSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(text)?.[1]),
      p99: Number(value) * (MS[unit] ?? Number.NaN),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
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
