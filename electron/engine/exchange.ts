/** One exchange on its way through the pipeline: the request, the settings it started with, and what is to be reported of it. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import type { LarderError } from '../../shared/error-codes';
import type {
  ExchangeDetails,
  ExchangeSummary,
  ForwardReason,
  NotStoredReason,
  Outcome,
  ReasonCode,
  ReasonFacts,
} from '../../shared/exchange-summary';
import type { EpochMs } from '../../shared/units';
import type { EngineConfig } from './engine-config';
import { exchangeTiming } from './exchange-timing';
import { OBSERVED_BODY_BYTES, type LoggedBody, type LoggedExchange } from './events/exchange-log';
import type { ClientRequest } from './http/client-request';
import { fieldPairs } from './http/field-pairs';
import { fieldValue, type RawFields } from './http/raw-fields';
import type { OriginTimes } from './origin/origin-response';
import type { StoredResponse } from './semantics/stored-response';

/** What the pipeline learns on the way; the summary is made from it when the exchange ends. */
export interface ExchangeReport {
  outcome: Outcome;
  reason: ReasonCode;
  facts: ReasonFacts;
  forward: ForwardReason | null;
  stored: boolean;
  notStored: NotStoredReason | null;
  collapsed: boolean;
  ttlSeconds: number | null;
  ageSeconds: number | null;
  cacheStatus: string;
  entry: StoredResponse | null;
  error: LarderError | null;
  status: number | null;
  statusText: string;
  responseFields: RawFields;
  firstByteMs: number | null;
  /** Of the request to the origin that answered it; null: none was needed. */
  origin: Readonly<OriginTimes> | null;
  bodyBytes: number;
}

export interface ExchangeStart {
  readonly id: number;
  readonly config: EngineConfig;
  readonly request: ClientRequest;
  readonly message: IncomingMessage;
  readonly response: ServerResponse;
  readonly expectsContinue: boolean;
  /** To be called where the response will not end by itself. */
  readonly isEndless: () => void;
  /** Keeps `config` in use beyond the exchange. Returns the function that lets go of it. */
  readonly holdConfig: () => () => void;
  readonly now: EpochMs;
}

export class Exchange {
  readonly id: number;
  readonly config: EngineConfig;
  readonly request: ClientRequest;
  readonly message: IncomingMessage;
  readonly response: ServerResponse;
  readonly expectsContinue: boolean;
  readonly isEndless: () => void;
  readonly holdConfig: () => () => void;
  /** The exchange's one reading of the wall clock when it began. */
  readonly startedAt: EpochMs;
  readonly report: ExchangeReport;
  /** Primary cache key, and what keeps users apart; set by the pipeline. */
  key = '';
  partition = '';
  /** Completes the report once, when the exchange ends. Not a function: exchanges with one in a field were seen to
   *  outlive many collections, with all that they hold. */
  beforeReport: { complete(): void } | null = null;
  readonly #started = performance.now();
  readonly #observed: Uint8Array[] = [];
  #observedBytes = 0;

  constructor(start: ExchangeStart) {
    this.id = start.id;
    this.config = start.config;
    this.request = start.request;
    this.message = start.message;
    this.response = start.response;
    this.expectsContinue = start.expectsContinue;
    this.isEndless = start.isEndless;
    this.holdConfig = start.holdConfig;
    this.startedAt = start.now;
    this.report = emptyReport();
  }

  get clientLeft(): boolean {
    return this.response.destroyed;
  }

  elapsedMs(): number {
    return performance.now() - this.#started;
  }

  /** Keeps the beginning of a body that is not in the store, for whoever looks. */
  observe(chunk: Uint8Array): void {
    this.report.bodyBytes += chunk.byteLength;
    const room = OBSERVED_BODY_BYTES - this.#observedBytes;
    if (room <= 0) return;
    const kept = chunk.byteLength <= room ? chunk : chunk.subarray(0, room);
    this.#observed.push(kept);
    this.#observedBytes += kept.byteLength;
  }

  summary(): ExchangeSummary {
    const { report, request } = this;
    const durationMs = this.elapsedMs();
    const hit = report.outcome === 'HIT' || report.outcome === 'STALE';
    const saved = hit && report.entry !== null ? Math.max(0, report.entry.originMs - durationMs) : null;
    return {
      id: this.id,
      startedAt: this.startedAt,
      method: request.method,
      target: request.target,
      status: report.status,
      outcome: report.outcome,
      reason: report.reason,
      facts: report.facts,
      forward: report.forward,
      stored: report.stored,
      notStored: report.notStored,
      collapsed: report.collapsed,
      ttlSeconds: report.ttlSeconds,
      ageSeconds: report.ageSeconds,
      contentType: fieldValue(report.responseFields, 'content-type') ?? null,
      bodyBytes: report.bodyBytes,
      durationMs,
      savedMs: saved,
      entryId: report.entry?.id ?? null,
      error: report.error?.report() ?? null,
    };
  }

  /** What is kept of it afterwards: no reference to sockets or messages. */
  logged(summary: ExchangeSummary): LoggedExchange {
    const { report, request, key } = this;
    const startedAt = this.#started;
    return {
      summary,
      request,
      key,
      partition: this.partition,
      details: (body) => exchangeDetails({ summary, report, request, key, body, startedAt }),
      body: this.#loggedBody(),
      contentEncoding: fieldValue(report.responseFields, 'content-encoding') ?? null,
    };
  }

  #loggedBody(): LoggedBody {
    const { entry, bodyBytes } = this.report;
    if (entry !== null) return { kind: 'stored', entryId: entry.id, storedAt: entry.responseTime };
    if (bodyBytes === 0) return { kind: 'none' };
    return {
      kind: 'observed',
      chunks: this.#observed,
      totalBytes: bodyBytes,
      keptBytes: this.#observedBytes,
    };
  }
}

interface DetailsInput {
  readonly summary: ExchangeSummary;
  readonly report: Pick<
    ExchangeReport,
    'statusText' | 'responseFields' | 'cacheStatus' | 'firstByteMs' | 'origin'
  >;
  readonly request: ClientRequest;
  readonly key: string;
  readonly body: LoggedBody;
  /** By the monotonic clock. */
  readonly startedAt: number;
}

export function exchangeDetails({
  summary,
  report,
  request,
  key,
  body,
  startedAt,
}: DetailsInput): ExchangeDetails {
  const cut = body.kind === 'observed' && body.keptBytes < body.totalBytes;
  return {
    summary,
    originUrl: key,
    requestFields: fieldPairs(request.fields),
    statusText: report.statusText,
    responseFields: fieldPairs(report.responseFields),
    cacheKey: `${request.method} ${key}`,
    cacheStatus: report.cacheStatus,
    timing: exchangeTiming({ summary, firstByteMs: report.firstByteMs, origin: report.origin, startedAt }),
    body: body.kind === 'none' ? 'none' : cut ? 'too-large' : 'whole',
  };
}

function emptyReport(): ExchangeReport {
  return {
    outcome: 'ERROR',
    reason: 'request-error',
    facts: {},
    forward: null,
    stored: false,
    notStored: null,
    collapsed: false,
    ttlSeconds: null,
    ageSeconds: null,
    cacheStatus: '',
    entry: null,
    error: null,
    status: null,
    statusText: '',
    responseFields: [],
    firstByteMs: null,
    origin: null,
    bodyBytes: 0,
  };
}
