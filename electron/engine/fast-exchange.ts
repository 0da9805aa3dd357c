/** One exchange on the fast path: what is written for it, and how it is reported and kept in the log when that has gone out. */
import { performance } from 'node:perf_hooks';
import type { ExchangeDetails, ExchangeSummary } from '../../shared/exchange-summary';
import type { EpochMs, Milliseconds } from '../../shared/units';
import type { LoggedBody, LoggedExchange } from './events/exchange-log';
import { exchangeDetails } from './exchange';
import type { ClientRequest } from './http/client-request';
import type { FrontAnswer } from './http/front/front';
import type { ReadHead } from './http/front/read-head';
import { fieldValue } from './http/raw-fields';
import { ageFields } from './http/stored-writer';
import type { HitContent, PreparedHit } from './prepared-hits';
import { currentAge } from './semantics/age';
import { cacheStatus } from './semantics/cache-status';

export interface FastExchangeStart {
  readonly id: number;
  readonly head: ReadHead;
  readonly clientAddress: string;
  readonly startedAt: EpochMs;
  /** By the monotonic clock. */
  readonly started: Milliseconds;
  readonly report: (exchange: LoggedExchange) => void;
}

export class FastExchange implements FrontAnswer {
  readonly firstPart: string;
  readonly lastPart: string;
  readonly body: Uint8Array;
  readonly #start: FastExchangeStart;
  readonly #content: HitContent;
  readonly #sentAt = performance.now();

  constructor(start: FastExchangeStart, hit: PreparedHit, lastPart: string, body: Uint8Array) {
    this.#start = start;
    this.#content = hit.content;
    this.firstPart = hit.firstPart;
    this.lastPart = lastPart;
    this.body = body;
  }

  ended(clientLeft: boolean): void {
    this.#start.report(new EndedExchange(this.#start, this.#content, this.#sentAt, clientLeft));
  }
}

/** As Exchange.logged() of the careful way: the same facts in the same form. */
class EndedExchange implements LoggedExchange {
  readonly summary: ExchangeSummary;
  readonly #start: FastExchangeStart;
  readonly #content: HitContent;
  readonly #sentAt: Milliseconds;

  constructor(start: FastExchangeStart, content: HitContent, sentAt: Milliseconds, clientLeft: boolean) {
    const { head, startedAt } = start;
    const { stored } = content;
    const ageSeconds = currentAge(stored, startedAt);
    const durationMs = performance.now() - start.started;
    this.#start = start;
    this.#content = content;
    this.#sentAt = sentAt;
    this.summary = {
      id: start.id,
      startedAt,
      method: head.method,
      target: head.target,
      status: stored.status,
      outcome: 'HIT',
      reason: clientLeft ? 'client-left' : 'fresh',
      facts: content.facts,
      forward: null,
      stored: false,
      notStored: null,
      collapsed: false,
      ttlSeconds: stored.lifetimeSeconds - ageSeconds,
      ageSeconds,
      contentType: content.contentType,
      bodyBytes: head.method === 'HEAD' ? 0 : stored.bodyBytes,
      durationMs,
      savedMs: Math.max(0, stored.originMs - durationMs),
      entryId: stored.id,
      error: null,
    };
  }

  get request(): ClientRequest {
    const { head, clientAddress } = this.#start;
    const { lines: fields, host } = head.fields;
    const common = { httpVersion: '1.1', hasBody: false, wantsKey: false };
    return { ...common, method: head.method, target: head.target, fields, clientAddress, host };
  }

  get key(): string {
    return this.#content.key;
  }

  get partition(): string {
    return this.#content.partition;
  }

  get body(): LoggedBody {
    const { id, responseTime } = this.#content.stored;
    return { kind: 'stored', entryId: id, storedAt: responseTime };
  }

  get contentEncoding(): string | null {
    return fieldValue(this.#content.fields, 'content-encoding') ?? null;
  }

  details(body: LoggedBody): ExchangeDetails {
    const { stored, fields } = this.#content;
    const { started } = this.#start;
    const { summary, request, key } = this;
    const status = cacheStatus({ hit: true, ttlSeconds: summary.ttlSeconds });
    const report = {
      statusText: stored.statusText,
      responseFields: [...fields, ...ageFields(summary.ageSeconds ?? 0, status)],
      cacheStatus: status,
      firstByteMs: this.#sentAt - started,
      origin: null,
    };
    return exchangeDetails({ summary, report, request, key, body, startedAt: started });
  }
}
