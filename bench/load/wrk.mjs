// One run of wrk with one thread; what it cannot do as it comes, small Lua scripts do.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atExit } from '../contenders/at-exit.mjs';

/** Milliseconds throughout; wrk counts in microseconds.
 *  @typedef {{ requests: number, perSecond: number, p50: number, p99: number }} Measured */

const MS = /** @type {Readonly<Record<string, number>>} */ ({ us: 0.001, ms: 1, s: 1000, m: 60_000 });

/** Why there is no load to be made; null where there is. */
export function wrkMissing() {
  const { error } = spawnSync('wrk', ['-v'], { stdio: 'ignore' });
  return error === undefined ? null : 'wrk is not installed; apt-get install wrk';
}

/** Rejects where any request failed.
 *  @param {{ port: number, target?: string, script?: string, connections: number, seconds: number }} load `script`:
 *    which targets are asked for, in place of the one
 *  @returns {Promise<Measured>} */
export async function measure({ port, target = '/', script, connections, seconds }) {
  const folder = mkdtempSync(join(tmpdir(), 'larder-wrk-'));
  try {
    const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s', '--latency'];
    if (script !== undefined) {
      writeFileSync(join(folder, 'targets.lua'), script);
      args.push('-s', join(folder, 'targets.lua'));
    }
    const child = spawn('wrk', [...args, `http://127.0.0.1:${port}${target}`], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const forget = atExit(() => child.kill('SIGKILL'));
    let text = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (piece) => (text += piece));
    await once(child, 'close');
    forget();
    if (child.exitCode !== 0 || /Non-2xx|Socket errors/.test(text)) throw new Error(`wrk: ${text.trim()}`);
    return {
      requests: Number(/(\d+) requests in/.exec(text)?.[1]),
      perSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(text)?.[1]),
      p50: percentile(text, 50),
      p99: percentile(text, 99),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string} text
 *  @param {number} percent */
function percentile(text, percent) {
  const [, value = '', unit = ''] = new RegExp(`${percent}%\\s+([\\d.]+)(us|ms|s|m)`).exec(text) ?? [];
  return Number(value) * (MS[unit] ?? Number.NaN);
}

/** `/BYTES/k0` to `/BYTES/k(different - 1)` at random, out of a table of `size` prepared requests: with the same size,
 *  wrk's own work is the same for one key as for many.
 *  @param {{ bytes: number, different: number, size: number, seed: number }} keys */
export function randomKeys({ bytes, different, size, seed }) {
  return [
    'local requests = {}',
    'init = function()',
    `  math.randomseed(${seed})`,
    '  local rest = " HTTP/1.1\\r\\nHost: " .. wrk.headers["Host"] .. "\\r\\n\\r\\n"',
    `  for n = 1, ${size} do requests[n] = "GET /${bytes}/k" .. (n % ${different}) .. rest end`,
    'end',
    `request = function() return requests[math.random(${size})] end`,
  ].join('\n');
}

/** `/BYTES/PREFIX(from)` and on, each once.
 *  @param {{ bytes: number, prefix: string, from: number }} keys */
export function keysInTurn({ bytes, prefix, from }) {
  return [
    `local turn = ${from - 1}`,
    'local rest',
    'init = function() rest = " HTTP/1.1\\r\\nHost: " .. wrk.headers["Host"] .. "\\r\\n\\r\\n" end',
    `request = function() turn = turn + 1; return "GET /${bytes}/${prefix}" .. turn .. rest end`,
  ].join('\n');
}
