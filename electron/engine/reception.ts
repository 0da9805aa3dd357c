/** Takes requests from the listener: to Larder's endpoints, into the pipeline or into a tunnel; reports each when it ends. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { LarderError } from '../../shared/error-codes';
import type { ConfigSlot } from './config-slot';
import type { Counters } from './events/counters';
import type { EventBus } from './events/event-bus';
import type { ExchangeLog } from './events/exchange-log';
import { Exchange } from './exchange';
import type { ExchangePipeline } from './exchange-pipeline';
import { readClientRequest, requestProblem } from './http/client-request';
import { answerEndpoint, isEndpoint } from './http/endpoints';
import type { ListenerHandlers } from './http/listener';
import { writeError } from './http/response-writer';
import { responseOn, tunnel } from './http/upgrade-tunnel';
import type { LarderEngine } from './larder-engine';
import { cacheKey } from './semantics/cache-key';
import { cacheStatus } from './semantics/cache-status';

interface ReceptionOptions {
  readonly slot: ConfigSlot;
  readonly pipeline: ExchangePipeline;
  readonly api: LarderEngine;
  readonly events: EventBus;
  readonly counters: Counters;
  readonly log: ExchangeLog;
  readonly now: () => number;
}

export interface Reception {
  readonly handlers: ListenerHandlers;
  /** Tunnels have no end of their own: they are cut when the listener stops. */
  endTunnels(): void;
}

export function createReception(options: ReceptionOptions): Reception {
  const tunnels = new Set<Duplex>();
  let lastId = 0;

  const begin = (message: IncomingMessage, response: ServerResponse, expectsContinue: boolean): Exchange => {
    const { config, release } = options.slot.take();
    lastId += 1;
    const request = readClientRequest(message);
    const exchange = new Exchange({
      id: lastId,
      config,
      request,
      message,
      response,
      expectsContinue,
      now: options.now(),
    });
    response.once('close', () => {
      release();
      report(options, exchange);
    });
    return exchange;
  };

  const handlers: ListenerHandlers = {
    request: (message, response, expectsContinue) => {
      response.on('error', () => response.destroy());
      if (isEndpoint(message.url ?? '')) {
        receiveEndpoint(options, message, response);
        return;
      }
      const exchange = begin(message, response, expectsContinue);
      if (message.url === '*') refuseAsterisk(exchange);
      else options.pipeline.handle(exchange);
    },
    upgrade: (message, socket, head) => {
      socket.on('error', () => socket.destroy());
      const exchange = begin(message, responseOn(message, socket), false);
      exchange.key = cacheKey(exchange.config.origin.base, exchange.request.target);
      tunnels.add(socket);
      socket.once('close', () => tunnels.delete(socket));
      tunnel(exchange, socket, head);
    },
    refuse: (message, response, error) => {
      const exchange = begin(message, response, false);
      response.shouldKeepAlive = false;
      writeError(exchange, error, cacheStatus({ detail: error.code }));
    },
  };
  return {
    handlers,
    endTunnels: () => {
      for (const socket of tunnels) socket.destroy();
    },
  };
}

/** Own endpoints are not exchanges: they do not show in the log they serve. */
function receiveEndpoint(
  { slot, api }: ReceptionOptions,
  message: IncomingMessage,
  response: ServerResponse,
): void {
  const { config, release } = slot.take();
  response.once('close', release);
  const request = readClientRequest(message);
  const { allowedHosts, host } = config.settings;
  void answerEndpoint(request, response, api, host === null ? allowedHosts : [...allowedHosts, host]);
}

/** `OPTIONS *` asks about this server (RFC 9110 §9.3.7); nothing else may ask for `*`. */
function refuseAsterisk(exchange: Exchange): void {
  const { request, response, report } = exchange;
  const problem = requestProblem({ ...request, target: '/' });
  if (request.method !== 'OPTIONS' || problem !== null) {
    const error = problem ?? new LarderError('bad_request', 'The request target must start with /');
    response.shouldKeepAlive = false;
    writeError(exchange, error, cacheStatus({ detail: error.code }));
    return;
  }
  report.status = 204;
  report.outcome = 'PASS';
  report.reason = 'method-not-cached';
  report.responseFields = ['Via', '1.1 larder', 'X-Cache', 'MISS'];
  response.writeHead(204, ['Via', '1.1 larder', 'X-Cache', 'MISS']);
  response.end();
}

function report({ events, counters, log }: ReceptionOptions, exchange: Exchange): void {
  exchange.beforeReport();
  const { report: facts, response } = exchange;
  if (!response.writableFinished && facts.status !== 101) {
    const failed = facts.error !== null;
    facts.reason = failed ? 'origin-error' : 'client-left';
    if (failed) facts.outcome = 'ERROR';
    else if (facts.status === null) facts.outcome = 'PASS';
  }
  const summary = exchange.summary();
  counters.count(summary);
  log.add(exchange.logged(summary));
  events.publish({ kind: 'exchange', exchange: summary });
  events.statusChanged();
}
