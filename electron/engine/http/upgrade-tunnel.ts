/**
 * WebSocket and other upgrades: asks the origin with the client's fields; on
 * 101 the two connections are joined, on any other answer that answer is sent.
 * Nothing is relayed before the origin has said 101.
 */
import { ServerResponse } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { LarderError } from '../../../shared/error-codes';
import { Fill } from '../collapse/fill';
import type { Exchange } from '../exchange';
import type { OriginExchange, OriginSink } from '../origin/origin-response';
import type { UpgradeResult } from '../origin/origin-client';
import { upstreamFields } from '../origin/upstream-fields';
import { cacheKey } from '../semantics/cache-key';
import { cacheStatus } from '../semantics/cache-status';
import { withoutHopByHop } from '../semantics/hop-by-hop';
import { lingerThenDestroy } from './client-error';
import { requestProblem } from './client-request';
import { fieldPairs } from './field-pairs';
import { passedFields } from '../origin/passed-fields';
import { fieldValue } from './raw-fields';
import { writeError, writeStreamed } from './response-writer';
import { brokenBy } from './unsendable';

/** A response for a request that came with Upgrade, where node gives only the socket.
 *  Null where the connection is still taken by an earlier request: it is closed then. */
export function responseOn(message: IncomingMessage, socket: Duplex): ServerResponse | null {
  const response = new ServerResponse(message);
  response.shouldKeepAlive = false;
  try {
    response.assignSocket(socket as Socket);
  } catch {
    // The client did not wait for the answers to what it sent before (RFC 9110 §7.8 has it wait).
    socket.destroy();
    return null;
  }
  // From here on it is what node does for every other response.
  socket.on('drain', () => response.emit('drain'));
  response.on('finish', () => {
    response.detachSocket(socket as Socket);
    socket.end();
    lingerThenDestroy(socket);
    response.emit('close');
  });
  return response;
}

/** Never throws. @param early what the client sent after the request */
export function tunnel(exchange: Exchange, socket: Duplex, early: Buffer): void {
  const { report, request } = exchange;
  report.reason = 'upgrade';
  report.forward = 'bypass';
  const protocol = fieldValue(request.fields, 'upgrade') ?? '';
  report.facts = { protocol };
  const problem =
    requestProblem(request, exchange.config.settings.limits) ?? protocolProblem(protocol, request.hasBody);
  if (problem !== null) {
    writeError(exchange, problem, cacheStatus({ detail: problem.code }));
    return;
  }
  exchange.key = cacheKey(exchange.config.origin.base, request.target);
  ask(exchange, protocol, (result) => join({ exchange, socket, early, result })).catch((error: unknown) => {
    fail(exchange, error instanceof LarderError ? error : brokenBy(error));
  });
}

function fail(exchange: Exchange, error: LarderError): void {
  exchange.report.outcome = 'ERROR';
  exchange.report.reason = 'origin-error';
  writeError(exchange, error, cacheStatus({ forward: 'bypass', detail: error.code }));
}

function protocolProblem(protocol: string, hasBody: boolean): LarderError | null {
  if (/^h2c?$/i.test(protocol.trim()))
    return new LarderError('not_implemented', 'HTTP/2 is not spoken here; use HTTP/1.1');
  return hasBody ? new LarderError('bad_request', 'An upgrade request must not carry a body') : null;
}

async function ask(
  exchange: Exchange,
  protocol: string,
  onUpgrade: (result: UpgradeResult) => void,
): Promise<void> {
  const { config, request, report } = exchange;
  const fields = upstreamFields(request.fields, {
    originHost: config.origin.host,
    clientAddress: request.clientAddress,
    clientHost: request.host,
    httpVersion: request.httpVersion,
  });
  const send = (sink: OriginSink): OriginExchange =>
    config.client.upgrade(
      {
        method: request.method,
        origin: config.origin.origin,
        path: config.origin.prefix + request.target,
        fields,
        body: null,
        protocol,
      },
      {
        ...sinkMethods(sink),
        onUpgrade: (result) => {
          exchange.response.off('close', abandon);
          onUpgrade(result);
        },
      },
    );
  const fill = new Fill({ key: exchange.key, collect: null, now: () => exchange.startedAt, send });
  report.origin = fill.times;
  const abandon = (): void => fill.abandonIfUnread();
  exchange.response.once('close', abandon);
  // After an upgrade no head comes, and nothing follows here.
  const result = await fill.head;
  if (result.kind === 'failed') {
    if (!exchange.clientLeft) fail(exchange, result.error);
    return;
  }
  const { head } = result;
  report.outcome = 'PASS';
  report.cacheStatus = cacheStatus({ forward: 'bypass', forwardStatus: head.status });
  const answer = {
    status: head.status,
    statusText: head.statusText,
    fields: passedFields(head, exchange.startedAt),
    cacheStatus: report.cacheStatus,
  };
  writeStreamed(exchange, answer, fill.body);
}

function sinkMethods(sink: OriginSink): OriginSink {
  return {
    onInterim: (head) => sink.onInterim(head),
    onHead: (head) => sink.onHead(head),
    onData: (chunk) => sink.onData(chunk),
    onEnd: (trailers) => sink.onEnd(trailers),
    onError: (error) => sink.onError(error),
  };
}

interface Joined {
  readonly exchange: Exchange;
  readonly socket: Duplex;
  readonly early: Buffer;
  readonly result: UpgradeResult;
}

function join({ exchange, socket, early, result }: Joined): void {
  const { report, response } = exchange;
  const { head, socket: upstream } = result;
  report.outcome = 'PASS';
  report.status = 101;
  report.statusText = 'Switching Protocols';
  report.firstByteMs = exchange.elapsedMs();
  report.cacheStatus = cacheStatus({ forward: 'bypass', forwardStatus: 101 });
  report.responseFields = [
    ...withoutHopByHop(head.fields),
    'Connection',
    'Upgrade',
    'Upgrade',
    fieldValue(head.fields, 'upgrade') ?? report.facts.protocol ?? '',
    'Via',
    '1.1 larder',
    'X-Cache',
    'MISS',
    'Cache-Status',
    report.cacheStatus,
  ];
  response.detachSocket(socket as Socket);
  const lines = fieldPairs(report.responseFields).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('')}\r\n`, 'latin1');
  if (early.length > 0) upstream.write(early);
  relay(socket, upstream);
  relay(upstream, socket);
  closeWhenIdle(socket as Socket, upstream, exchange.config.settings.limits.upgradeIdleMs);
  response.emit('close');
}

/** What passes comes from the client or goes to it, so its connection tells for both. */
function closeWhenIdle(socket: Socket, upstream: Duplex, idleMs: number): void {
  socket.setTimeout(idleMs, () => {
    socket.destroy();
    upstream.destroy();
  });
}

/** One side's end is passed on, and the other may still speak; when one is gone, the other goes once it has what came. */
function relay(from: Duplex, to: Duplex): void {
  from.on('error', () => from.destroy());
  from.on('close', () => (to as Socket).destroySoon());
  from.pipe(to);
}
