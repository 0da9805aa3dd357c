// How fast is a hit? Larder beside a bare node:http server that sends the same bytes, in one run on one machine,
// alternating, so that a noisy machine is noisy for both. Needs wrk. Run: npm run bench
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROUNDS = 5;
const SECONDS = 4;
const CONNECTIONS = 32;
const BODY_BYTES = 1024;
const larderProgram = fileURLToPath(new URL('../out/cli/larder.mjs', import.meta.url));

if (process.argv[2] === 'peer') servePeer();
else await compare();

/** The peer: nothing but node:http and one prepared body. */
function servePeer() {
  const body = Buffer.alloc(BODY_BYTES, 'x');
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Length': BODY_BYTES, ETag: '"1"' });
    response.end(body);
  });
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    if (address !== null && typeof address === 'object') print(`http://127.0.0.1:${address.port}`);
  });
}

async function compare() {
  const dataDir = mkdtempSync(join(tmpdir(), 'larder-bench-'));
  const peer = await start([fileURLToPath(import.meta.url), 'peer'], dataDir);
  const larder = await start([larderProgram, '--origin', peer.url, '--port', '0', '--ttl', '86400'], dataDir);
  try {
    const ratios = [];
    for (let round = 1; round <= ROUNDS; round += 1) {
      const ours = measure(`${larder.url}/hit`);
      const theirs = measure(`${peer.url}/hit`);
      const ratio = ours.perSecond / theirs.perSecond;
      ratios.push(ratio);
      print(`round ${round}: larder ${shown(ours)}, node:http ${shown(theirs)}, ratio ${ratio.toFixed(2)}`);
    }
    const median = [...ratios].sort((left, right) => left - right)[Math.floor(ROUNDS / 2)] ?? NaN;
    print(`median ratio of requests a second, hits of Larder to bare node:http: ${median.toFixed(2)}`);
  } finally {
    larder.child.kill();
    peer.child.kill();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/**
 * Starts a server and waits for the URL in its first line; later output is thrown away.
 *
 * @param {string[]} args
 * @param {string} dataDir
 * @returns {Promise<{ child: import('node:child_process').ChildProcess, url: string }>}
 */
function start(args, dataDir) {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, LARDER_DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${args[0]} ended with ${code}`)));
    child.stdout.once('data', (text) => {
      child.stdout.resume();
      resolve({ child, url: /http:\/\/127\.0\.0\.1:\d+/.exec(String(text))?.[0] ?? '' });
    });
  });
}

/**
 * One run of wrk; any failure ends the comparison.
 *
 * @param {string} url
 */
function measure(url) {
  const args = ['-t1', `-c${CONNECTIONS}`, `-d${SECONDS}s`, '--latency', url];
  const { error, stdout } = spawnSync('wrk', args, { encoding: 'utf8' });
  if (error) throw new Error('wrk is not installed; on Debian: apt-get install wrk', { cause: error });
  if (/Non-2xx|Socket errors/.test(stdout)) throw new Error(`failures while measuring ${url}:\n${stdout}`);
  return {
    perSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]),
    p99: /99%\s+(\S+)/.exec(stdout)?.[1] ?? '?',
  };
}

/** @param {{ perSecond: number, p99: string }} result */
function shown({ perSecond, p99 }) {
  return `${perSecond.toFixed(0)}/s p99 ${p99}`;
}

/** @param {string} line */
function print(line) {
  process.stdout.write(`${line}\n`);
}
