/**
 * The built-in demo API: an origin on a loopback port, so that Larder can be tried
 * without a network. It stands where a developer's own API will stand.
 */
import { setMaxListeners } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { DemoReply, DemoRequest } from './demo-reply';
import { problem } from './demo-reply';
import type { DemoRoute } from './demo-routes';
import { demoRoutes } from './demo-routes';

/** Where it is free: what is stored of the demo is then found again after a restart. */
const OWN_PORT = 31_300;
const LATENCY_MS = 300;
const EVENT_EVERY_MS = 1000;
const MOST_BODY_BYTES = 64 * 1024;
/** Longer than any client of ours keeps an idle connection, so that none is reset under a request. */
const KEEP_ALIVE_MS = 60_000;

export interface DemoOptions {
  /** Before each answer. Default 300; `/slow` takes 2000 unless this is 0. */
  readonly latencyMs?: number;
}

export interface DemoOrigin {
  readonly url: string;
  /** Ends requests in flight too. */
  close(): Promise<void>;
}

interface Demo {
  readonly routes: readonly DemoRoute[];
  readonly latencyMs: number;
  readonly closing: AbortSignal;
}

/** Reads the body whole; null where it is larger than the demo takes. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size <= MOST_BODY_BYTES) chunks.push(chunk);
  }
  return size <= MOST_BODY_BYTES ? Buffer.concat(chunks).toString('utf8') : null;
}

function write(response: ServerResponse, { status, fields, body }: DemoReply): void {
  const length = status === 204 || status === 304 ? {} : { 'Content-Length': Buffer.byteLength(body) };
  response.writeHead(status, { 'Access-Control-Allow-Origin': '*', ...fields, ...length });
  response.end(body);
}

function allowedMethods(route: DemoRoute): string {
  const methods = Object.keys(route.methods);
  return [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
}

function answer(route: DemoRoute, request: DemoRequest): DemoReply {
  const allow = allowedMethods(route);
  if (request.method === 'OPTIONS') {
    const cors = { 'Access-Control-Allow-Methods': allow, 'Access-Control-Allow-Headers': '*' };
    return { status: 204, fields: { Allow: allow, ...cors }, body: '' };
  }
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const handler = Object.hasOwn(route.methods, method) ? route.methods[method] : undefined;
  return handler?.(request) ?? problem(405, `This takes ${allow}`, { Allow: allow });
}

function find(routes: readonly DemoRoute[], path: string): { route: DemoRoute; captured: string[] } | null {
  for (const route of routes) {
    const match = route.path.exec(path);
    if (match !== null) return { route, captured: match.slice(1) };
  }
  return null;
}

async function respond(demo: Demo, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(incoming);
  // Joined as text: a target such as `//elsewhere/x` is a path here, never another host.
  const url = new URL(`http://demo.invalid${incoming.url?.startsWith('/') === true ? incoming.url : '/'}`);
  const found = find(demo.routes, url.pathname);
  const latency = demo.latencyMs === 0 ? 0 : (found?.route.latencyMs ?? demo.latencyMs);
  await delay(latency, undefined, { signal: demo.closing });
  if (body === null) return write(response, problem(413, 'The demo takes bodies up to 64 KiB'));
  if (url.pathname === '/events') return sendEvents(demo, incoming, response);
  if (found === null) return write(response, problem(404, 'There is nothing here; / lists what there is'));
  const { method = 'GET', headers: fields } = incoming;
  write(response, answer(found.route, { method, url, fields, captured: found.captured, body }));
}

/** Server-sent events until the client leaves. */
function sendEvents(demo: Demo, incoming: IncomingMessage, response: ServerResponse): void {
  if (incoming.method !== 'GET') {
    return write(response, problem(405, 'This takes GET', { Allow: 'GET' }));
  }
  let count = 0;
  const send = (): void => {
    count += 1;
    response.write(
      `id: ${count}\nevent: tick\ndata: {"count":${count},"at":"${new Date().toISOString()}"}\n\n`,
    );
  };
  response.writeHead(200, {
    'Content-Type': 'text/event-stream',
    'Cache-Control': 'no-cache',
    'Access-Control-Allow-Origin': '*',
  });
  send();
  const timer = setInterval(send, demo.latencyMs === 0 ? 10 : EVENT_EVERY_MS);
  const stop = (): void => clearInterval(timer);
  response.once('close', stop);
  demo.closing.addEventListener('abort', stop, { once: true });
}

function close(server: Server, closing: AbortController): Promise<void> {
  closing.abort();
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Starts the demo API on its own loopback port, or on any free one. */
export async function startDemoOrigin({ latencyMs = LATENCY_MS }: DemoOptions = {}): Promise<DemoOrigin> {
  const closing = new AbortController();
  // One for each request in flight.
  setMaxListeners(0, closing.signal);
  const demo: Demo = { routes: demoRoutes(), latencyMs, closing: closing.signal };
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    // A client that left, or this server closing, is not an error.
    respond(demo, request, response).catch(() => response.destroy());
  });
  await listen(server, OWN_PORT).catch(() => listen(server, 0));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => close(server, closing) };
}
