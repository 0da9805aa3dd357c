// The other side of bench/window.mjs, in a process of its own: an origin, and clients that send a steady number
// of requests a second through the proxy, whatever the answers take. Mostly hits, some misses, a few others.
import { Agent, createServer, request } from 'node:http';

const PATHS = 400;
const TICK_MS = 4;
const CONNECTIONS = 32;
const BODY = JSON.stringify({ items: Array.from({ length: 24 }, (_, id) => ({ id, name: `Jar ${id}` })) });

/** Listens for what bench/window.mjs asks, and answers it. */
export function serveLoad() {
  const origin = createServer(answer);
  origin.keepAliveTimeout = 60_000;
  origin.listen(0, '127.0.0.1', () => {
    const address = origin.address();
    if (address !== null && typeof address === 'object') tell({ origin: `http://127.0.0.1:${address.port}` });
  });
  process.on('message', (/** @type {{ proxy: string, rate: number, seconds: number }} */ order) => {
    void sendSteadily(order).then(tell);
  });
  process.on('disconnect', () => process.exit(0));
}

/** @param {object} message */
function tell(message) {
  process.send?.(message);
}

/**
 * @param {import('node:http').IncomingMessage} asked
 * @param {import('node:http').ServerResponse} response
 */
function answer(asked, response) {
  const status = asked.url?.startsWith('/missing') === true ? 404 : 200;
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'max-age=86400' });
  response.end(BODY);
}

/** What the n-th request is: 93 in 100 hits, 5 reloaded, one error of the origin, one POST.
 *  @param {number} n */
function requestOf(n) {
  const kind = n % 100;
  const path = `/v2/products/${(n * 7) % PATHS}?page=${n % 3}`;
  if (kind === 50) return { path: `/missing/${n % 10}`, method: 'GET', headers: {} };
  if (kind === 75) return { path: '/v2/cart/items', method: 'POST', headers: {} };
  const reloaded = kind % 20 === 0;
  return { path, method: 'GET', headers: reloaded ? { 'cache-control': 'no-cache' } : {} };
}

/** @param {{ proxy: string, rate: number, seconds: number }} order */
async function sendSteadily({ proxy, rate, seconds }) {
  const { hostname, port } = new URL(proxy);
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  /** @type {number[]} */
  const times = [];
  const count = { sent: 0, answered: 0, failed: 0 };
  const send = () => {
    const start = performance.now();
    const asked = request(
      { agent, hostname: hostname.replace(/^\[|\]$/g, ''), port, ...requestOf(count.sent) },
      (response) => {
        response.resume();
        response.on('end', () => {
          count.answered += 1;
          times.push(performance.now() - start);
        });
      },
    );
    asked.on('error', () => (count.failed += 1));
    asked.end();
    count.sent += 1;
  };
  const start = performance.now();
  await new Promise((resolve) => {
    const timer = setInterval(() => {
      const due = Math.min(seconds * rate, Math.floor(((performance.now() - start) / 1000) * rate));
      while (count.sent < due) send();
      if (count.sent < seconds * rate) return;
      clearInterval(timer);
      resolve(undefined);
    }, TICK_MS);
  });
  const took = (performance.now() - start) / 1000;
  const patience = performance.now() + 10_000;
  while (count.answered + count.failed < count.sent && performance.now() < patience) {
    await new Promise((resolve) => void setTimeout(resolve, 20));
  }
  agent.destroy();
  times.sort((one, other) => one - other);
  const at = (/** @type {number} */ share) => times[Math.floor((times.length - 1) * share)] ?? null;
  return { ...count, perSecond: count.sent / took, p50Ms: at(0.5), p99Ms: at(0.99) };
}
