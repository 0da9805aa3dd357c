/** Takes requests from the listener: to Larder's endpoints, into the pipeline or into a tunnel; reports each when it ends. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { LarderError } from '../../shared/error-codes';
import type { ConfigSlot } from './config-slot';
import type { Counters } from './events/counters';
import type { EventBus } from './events/event-bus';
import type { ExchangeLog, LoggedExchange } from './events/exchange-log';
import type { Insights } from './events/insights';
import { Exchange, type ExchangeStart } from './exchange';
import type { ExchangePipeline } from './exchange-pipeline';
import type { ExpectedExchanges } from './expected-exchanges';
import { FastPath } from './fast-path';
import { readClientRequest, requestProblem } from './http/client-request';
import { closeWithConnection } from './http/ending';
import { answerEndpoint, isEndpoint, isEventStream } from './http/endpoints';
import type { ListenerHandlers } from './http/listener';
import { writeError } from './http/response-writer';
import { responseOn, tunnel } from './http/upgrade-tunnel';
import type { LarderEngine } from './larder-engine';
import { cacheStatus } from './semantics/cache-status';
import { watchBody } from './origin/request-body';
import type { WritesUnderway } from './store/writes-underway';

interface ReceptionOptions {
  readonly slot: ConfigSlot;
  readonly underway: WritesUnderway;
  readonly pipeline: ExchangePipeline;
  readonly api: LarderEngine;
  readonly events: EventBus;
  readonly counters: Counters;
  readonly log: ExchangeLog;
  readonly insights: Insights;
  readonly expected: ExpectedExchanges;
  readonly now: () => number;
}

export interface Reception {
  readonly handlers: Omit<ListenerHandlers, 'limits'>;
  /** Tunnels and streams of events have no end of their own: they are cut when the listener stops. */
  endEndless(): void;
}

export function createReception(options: ReceptionOptions): Reception {
  const endless = new Set<Endless>();
  const receiveEndpoint = (message: IncomingMessage, response: ServerResponse): void => {
    response.on('error', () => response.destroy());
    answerAtEndpoint(options, message, response);
    if (isEventStream(message)) keepUntilClosed(endless, response);
  };
  let lastId = 0;
  const nextId = (socket: Socket): number => {
    lastId += 1;
    options.expected.begun(socket, lastId);
    return lastId;
  };
  const begin = (message: IncomingMessage, response: ServerResponse, expectsContinue: boolean): Exchange => {
    const id = nextId(message.socket);
    const isEndless = (): void => keepUntilClosed(endless, response);
    return beginExchange(options, { id, message, response, expectsContinue, isEndless });
  };

  const handlers: Reception['handlers'] = {
    front: new FastPath({
      slot: options.slot,
      underway: options.underway,
      now: options.now,
      begin: ({ socket }) => nextId(socket),
      report: (exchange) => {
        options.counters.countFastHit();
        publish(options, exchange);
      },
    }),
    request: (message, response, expectsContinue) => {
      if (isEndpoint(message.url ?? '')) {
        receiveEndpoint(message, response);
        return;
      }
      const exchange = begin(message, response, expectsContinue);
      if (message.url === '*') refuseAsterisk(exchange);
      else options.pipeline.handle(exchange);
    },
    upgrade: (message, socket, head) => {
      socket.on('error', () => socket.destroy());
      const response = responseOn(message, socket);
      if (response === null) return;
      keepUntilClosed(endless, socket);
      if (isEndpoint(message.url ?? '')) receiveEndpoint(message, response);
      else tunnel(begin(message, response, false), socket, head);
    },
    refuse: (message, response, error) => {
      const exchange = begin(message, response, false);
      response.shouldKeepAlive = false;
      writeError(exchange, error, cacheStatus({ detail: error.code }));
    },
  };
  return {
    handlers,
    endEndless: () => {
      for (const one of endless) one.destroy();
    },
  };
}

/** With the settings of this moment, and a report when its response has closed. */
function beginExchange(
  options: ReceptionOptions,
  start: Pick<ExchangeStart, 'id' | 'message' | 'response' | 'expectsContinue' | 'isEndless'>,
): Exchange {
  const { message, response } = start;
  response.on('error', () => response.destroy());
  closeWithConnection(response, message.socket);
  const { config, release, holdLonger } = options.slot.take();
  const request = readClientRequest(message);
  const exchange = new Exchange({ ...start, config, request, holdConfig: holdLonger, now: options.now() });
  if (request.hasBody) watchBody(exchange);
  response.once('close', () => {
    release();
    report(options, exchange);
  });
  return exchange;
}

interface Endless {
  destroy(): void;
  once(event: 'close', listener: () => void): void;
}

function keepUntilClosed(all: Set<Endless>, one: Endless): void {
  all.add(one);
  one.once('close', () => all.delete(one));
}

/** Own endpoints are not exchanges: they do not show in the log they serve. */
function answerAtEndpoint(
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
  const { request, response, report, config } = exchange;
  const problem = requestProblem({ ...request, target: '/' }, config.settings.limits);
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

function report(options: ReceptionOptions, exchange: Exchange): void {
  exchange.beforeReport?.complete();
  const { report: facts, response } = exchange;
  if (!response.writableFinished && facts.status !== 101) {
    const failed = facts.error !== null;
    facts.reason = failed ? 'origin-error' : 'client-left';
    if (failed) facts.outcome = 'ERROR';
    else if (facts.status === null) facts.outcome = 'PASS';
  }
  publish(options, exchange.logged(exchange.summary()));
}

/** An exchange that has ended, to all who keep account. */
function publish({ events, counters, log, insights }: ReceptionOptions, exchange: LoggedExchange): void {
  const { summary } = exchange;
  counters.count(summary);
  insights.count(summary);
  log.add(exchange);
  events.publish({ kind: 'exchange', exchange: summary });
  events.statusChanged();
}
