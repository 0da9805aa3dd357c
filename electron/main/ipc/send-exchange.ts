/** A request through the proxy's own door, as any client would send it. */
import http from 'node:http';
import net from 'node:net';
import {
  composedRequestProblem,
  type ComposedRequest,
  type SentExchange,
} from '../../../shared/composed-request';
import { LarderError } from '../../../shared/error-codes';
import type { LarderEngine } from '../../engine/larder-engine';

/** Endless answers are let go after this long. */
const LONGEST_MS = 60_000;

export interface SendOptions {
  readonly engine: Pick<LarderEngine, 'expectExchange'>;
  /** Gives the request up. */
  readonly signal?: AbortSignal;
}

/**
 * Sends the request and drops the answer's body as it comes.
 * @returns once the answer has ended, however it ended
 * @throws LarderError `bad_request` where it cannot be sent, `not_running` where the proxy does not take it,
 *  `request_timeout` where there is no answer within a minute or the signal gave it up
 */
export async function sendExchange(
  proxyUrl: string,
  request: ComposedRequest,
  { engine, signal }: SendOptions,
): Promise<SentExchange> {
  const target = asciiTarget(request.target);
  const problem = composedRequestProblem({ ...request, target });
  if (problem !== null) throw new LarderError('bad_request', `Not sent: ${problem}`);
  const socket = await connect(new URL(proxyUrl));
  let exchangeId: number | null = null;
  const forget = engine.expectExchange(socket.localPort ?? 0, (id) => (exchangeId = id));
  socket.once('close', forget);
  const giveUp = () => socket.destroy();
  const timer = setTimeout(giveUp, LONGEST_MS);
  signal?.addEventListener('abort', giveUp, { once: true });
  try {
    const status = await exchange(socket, { ...request, target }, new URL(proxyUrl).host);
    return { status, exchangeId };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', giveUp);
    socket.destroy();
  }
}

function connect({ hostname, port, href }: URL): Promise<net.Socket> {
  const socket = net.connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) });
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(socket));
    socket.once('error', (cause) => {
      reject(new LarderError('not_running', `The proxy does not answer on ${href}; start it`, { cause }));
    });
  });
}

/** One request on a connection of its own. @returns the status, once the answer has ended */
function exchange(socket: net.Socket, request: ComposedRequest, host: string): Promise<number> {
  const body = Buffer.from(request.body);
  return new Promise((resolve, reject) => {
    const message = http.request({
      createConnection: () => socket,
      method: request.method,
      path: request.target,
      headers: sentFields(request, body, host),
    });
    message.once('response', (response) => {
      response.on('error', () => response.destroy());
      response.once('close', () => resolve(response.statusCode ?? 0));
      response.resume();
    });
    // An upgrade that nobody asked for ends here; so does a connection that closes without an answer.
    message.once('close', () => reject(unanswered()));
    message.on('error', (cause) => reject(unanswered(cause)));
    message.end(body);
  });
}

const unanswered = (cause?: unknown) =>
  new LarderError('request_timeout', 'The request was given up: there was no answer', { cause });

/** What was asked for, in its order, and what every message needs; as an array, so that names keep their case. */
function sentFields({ method, fields }: ComposedRequest, body: Buffer, host: string): string[] {
  const lines: string[] = ['Host', host];
  const has = (wanted: string) => fields.some(([name]) => name.toLowerCase() === wanted);
  if (!has('accept')) lines.push('Accept', '*/*');
  for (const [name, value] of fields) lines.push(name, value.trim());
  const expectsBody = method === 'POST' || method === 'PUT' || method === 'PATCH';
  if (body.byteLength > 0 || expectsBody) lines.push('Content-Length', String(body.byteLength));
  lines.push('Connection', 'close');
  return lines;
}

/** What a person typed, with everything that may not stand in a request line percent-encoded. */
export function asciiTarget(target: string): string {
  return target.replace(/[^\x21-\x7e]+/gu, (characters) =>
    [...Buffer.from(characters)]
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
      .join(''),
  );
}
