/**
 * The path of a request, top to bottom: check, look up, decide, act. The only
 * file that knows all steps; each step is a module of its own. README.md in
 * this folder draws the path with the failure exit of each step.
 */
import { LarderError } from '../../shared/error-codes';
import type { ReasonCode } from '../../shared/exchange-summary';
import type { Fill } from './collapse/fill';
import type { FillOutcome, NotModified, PassedOn } from './collapse/fill-outcome';
import type { InFlight } from './collapse/fills-in-flight';
import type { Exchange } from './exchange';
import {
  cameThroughLarder,
  mayCollapse,
  shareKeyOf,
  storedInTransit,
  waitForOutcome,
  withoutConditions,
  type Asking,
  type InTransit,
} from './collapse/sharing';
import { FillStep, type FillServices } from './fill-step';
import { brokenBy } from './http/unsendable';
import { requestProblem } from './http/client-request';
import { hostName, isLoopbackName } from './http/endpoint-guard';
import { writeError, writeStored, writeStreamed } from './http/response-writer';
import { cacheKey, partitionOf } from './semantics/cache-key';
import type { CacheDecision, Reuse } from './semantics/cache-decision';
import { cacheStatus } from './semantics/cache-status';
import { decideReuse } from './semantics/decide-reuse';
import { currentAge } from './semantics/age';
import type { StoredResponse } from './semantics/stored-response';
import { bodyOf, bodyOrFailure, candidatesFor, FAILED } from './store-reading';
import { hasOwnConditions, isNotModified } from './semantics/validation';
import { matchesVary, variantId, varyingFields } from './semantics/vary';

/** Answers of a gateway or an overloaded server: the origin itself could not be asked. */
const ORIGIN_DOWN = new Set([502, 503, 504]);

export class ExchangePipeline {
  readonly #services: FillServices;
  readonly #fills: FillStep;

  constructor(services: FillServices) {
    this.#services = services;
    this.#fills = new FillStep(services);
  }

  /** Never throws; a hit in memory is answered before this returns. */
  handle(exchange: Exchange): void {
    try {
      const problem = requestProblem(exchange.request);
      if (problem === null) this.#lookup(exchange);
      else this.#refuse(exchange, problem);
    } catch (error) {
      this.#broken(exchange, error);
    }
  }

  #lookup(exchange: Exchange): void {
    const { request, config } = exchange;
    const { settings, store, origin } = config;
    exchange.key = cacheKey(origin.base, request.target);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      this.#decide(exchange, []);
      return;
    }
    exchange.partition = partitionOf({
      fields: request.fields,
      policy: settings.policy,
      cookiePatterns: settings.credentialCookies,
      secret: store.keySecret(),
      forwardedHost: foreignHost(request.host),
    });
    const candidates = candidatesFor(exchange);
    if (candidates instanceof Promise) {
      candidates
        .then(
          (found) => this.#decide(exchange, found),
          () => this.#actWithoutStore(exchange),
        )
        .catch((error: unknown) => this.#broken(exchange, error));
    } else if (candidates === FAILED) this.#actWithoutStore(exchange);
    else this.#decide(exchange, candidates);
  }

  #decide(exchange: Exchange, candidates: readonly StoredResponse[]): void {
    this.#act(exchange, this.#decision(exchange, candidates));
  }

  #actWithoutStore(exchange: Exchange): void {
    const decision = this.#decision(exchange, []);
    if (decision.kind !== 'forward' || !decision.mayStore) this.#act(exchange, decision);
    else this.#act(exchange, { ...decision, forward: 'miss', reason: 'store-unavailable', facts: {} });
  }

  #decision(exchange: Exchange, candidates: readonly StoredResponse[]): CacheDecision {
    const { request, partition, config, key, startedAt } = exchange;
    const invalidatedBy = this.#services.invalidations.by(key);
    return decideReuse({
      request,
      candidates,
      partition,
      policy: config.settings,
      now: startedAt,
      ...(invalidatedBy === undefined ? {} : { invalidatedBy }),
    });
  }

  #act(exchange: Exchange, decision: CacheDecision): void {
    exchange.report.reason = decision.reason;
    exchange.report.facts = decision.facts;
    switch (decision.kind) {
      case 'reuse':
        this.#reuse(exchange, decision);
        return;
      case 'validate':
      case 'forward':
        this.#ask(exchange, decision, null).catch((error: unknown) => this.#broken(exchange, error));
        return;
      case 'refuse': {
        const error = new LarderError(
          'not_stored',
          'Nothing usable is stored, and the request asks not to contact the origin (only-if-cached)',
        );
        exchange.report.forward = decision.forward;
        writeError(exchange, error, cacheStatus({ forward: decision.forward, detail: error.code }));
      }
    }
  }

  #reuse(exchange: Exchange, decision: Reuse): void {
    const body = bodyOrFailure(exchange, decision.stored);
    if (body instanceof Promise) {
      body
        .then(
          (bytes) => this.#sendReused(exchange, decision, bytes),
          () => this.#actWithoutStore(exchange),
        )
        .catch((error: unknown) => this.#broken(exchange, error));
    } else if (body === FAILED) this.#actWithoutStore(exchange);
    else this.#sendReused(exchange, decision, body);
  }

  #sendReused(exchange: Exchange, decision: Reuse, body: Uint8Array | null): void {
    if (body === null) {
      this.#act(exchange, {
        kind: 'forward',
        reason: 'no-stored-response',
        facts: {},
        forward: 'uri-miss',
        mayStore: true,
        mayCollapse: !hasOwnConditions(exchange.request.fields),
        ifError: null,
      });
      return;
    }
    const { stored, ageSeconds, ttlSeconds } = decision;
    exchange.report.outcome = ttlSeconds > 0 ? 'HIT' : 'STALE';
    this.#sendStored(exchange, {
      stored,
      body,
      ageSeconds,
      ttlSeconds,
      status: cacheStatus({ hit: true, ttlSeconds }),
    });
  }

  #sendStored(
    exchange: Exchange,
    answer: {
      stored: StoredResponse;
      body: Uint8Array;
      ageSeconds: number;
      ttlSeconds: number;
      status: string;
    },
  ): void {
    const { report, request } = exchange;
    const { stored, body, ageSeconds, ttlSeconds, status } = answer;
    report.ageSeconds = ageSeconds;
    report.ttlSeconds = ttlSeconds;
    report.entry = stored;
    report.cacheStatus = status;
    const notModified = hasOwnConditions(request.fields) && isNotModified(request.fields, stored);
    writeStored(exchange, { stored, body, ageSeconds, cacheStatus: status, notModified });
  }

  /** Asks the origin, or waits with those who ask the same. `variant` narrows what is the same after a Vary. */
  async #ask(exchange: Exchange, decision: Asking, variant: string | null): Promise<void> {
    const shared = mayCollapse(decision) && !cameThroughLarder(exchange);
    const shareKey = shared ? shareKeyOf(exchange, variant) : null;
    const inFlight = shareKey === null ? undefined : this.#services.inFlight.find(shareKey);
    if (inFlight?.fill.body.joinable !== true || inFlight.config !== exchange.config) {
      await this.#lead(exchange, decision, shareKey);
      return;
    }
    const inTransit = decision.kind === 'forward' ? await storedInTransit(inFlight) : null;
    if (inTransit === null || !this.#reuseInTransit(exchange, inTransit)) {
      await this.#follow(exchange, decision, inFlight, variant);
    }
  }

  /** What is whole but not in the store yet is decided on as if it were. @returns false where it cannot be used */
  #reuseInTransit(exchange: Exchange, { stored, body }: InTransit): boolean {
    const decision = this.#decision(exchange, [stored]);
    if (decision.kind !== 'reuse') return false;
    exchange.report.reason = decision.reason;
    exchange.report.facts = decision.facts;
    if (!exchange.clientLeft) this.#sendReused(exchange, decision, body);
    return true;
  }

  async #lead(exchange: Exchange, decision: Asking, shareKey: string | null): Promise<void> {
    const inFlight = this.#fills.start(exchange, decision, shareKey);
    const outcome = await waitForOutcome(exchange, inFlight);
    if (outcome.kind === 'not-identified') await this.#lead(exchange, withoutConditions(decision), null);
    else await this.#answer(exchange, decision, { fill: inFlight.fill, outcome, collapsed: false });
  }

  async #follow(
    exchange: Exchange,
    decision: Asking,
    inFlight: InFlight,
    variant: string | null,
  ): Promise<void> {
    const outcome = await waitForOutcome(exchange, inFlight);
    switch (outcome.kind) {
      case 'failed':
        await this.#answer(exchange, decision, { fill: inFlight.fill, outcome, collapsed: true });
        return;
      case 'not-modified':
        if (matchesVary(outcome.stored.vary, exchange.request.fields)) {
          await this.#answer(exchange, decision, { fill: inFlight.fill, outcome, collapsed: true });
        } else await this.#lead(exchange, decision, null);
        return;
      case 'not-identified':
        await this.#lead(exchange, withoutConditions(decision), null);
        return;
      case 'response':
        await this.#followResponse(exchange, decision, { inFlight, outcome, variant });
    }
  }

  async #followResponse(
    exchange: Exchange,
    decision: Asking,
    followed: { inFlight: InFlight; outcome: PassedOn; variant: string | null },
  ): Promise<void> {
    const { inFlight, outcome, variant } = followed;
    const { storing } = outcome;
    const { fields } = exchange.request;
    const { fill } = inFlight;
    if (storing === null || !fill.body.joinable || fill.invalidated)
      await this.#lead(exchange, decision, null);
    else if (!matchesVary(storing.vary, fields)) {
      if (variant !== null) await this.#lead(exchange, decision, null);
      else {
        const names = storing.vary.map(([name]) => name);
        const vary = varyingFields(names, fields);
        await this.#ask(exchange, decision, variantId({ ...storing, vary }));
      }
    } else await this.#answer(exchange, decision, { fill, outcome, collapsed: true });
  }

  async #answer(
    exchange: Exchange,
    decision: Asking,
    asked: { fill: Fill; outcome: Exclude<FillOutcome, { kind: 'not-identified' }>; collapsed: boolean },
  ): Promise<void> {
    const { outcome, collapsed, fill } = asked;
    const { report } = exchange;
    report.forward = decision.forward;
    report.collapsed = collapsed;
    if (exchange.clientLeft) return;
    switch (outcome.kind) {
      case 'failed':
        if (decision.ifError === null) this.#fail(exchange, outcome.error);
        else await this.#sendStale(exchange, decision.ifError, outcome.error);
        return;
      case 'not-modified':
        await this.#sendRevalidated(exchange, decision, outcome);
        return;
      case 'response':
        if (decision.ifError !== null && ORIGIN_DOWN.has(outcome.head.status)) {
          const message = `${exchange.config.origin.origin} answered ${outcome.head.status}`;
          await this.#sendStale(exchange, decision.ifError, new LarderError('origin_unreachable', message));
          fill.abandonIfUnread();
        } else this.#passOn(exchange, decision, { ...asked, outcome });
    }
  }

  async #sendRevalidated(
    exchange: Exchange,
    decision: Asking,
    { stored, validated }: NotModified,
  ): Promise<void> {
    const body = await bodyOf(exchange, validated);
    if (body === null) {
      await this.#lead(exchange, withoutConditions(decision), null);
      return;
    }
    const { report } = exchange;
    report.outcome = 'HIT';
    if (report.reason !== 'reload') report.reason = 'revalidated';
    const ageSeconds = currentAge(stored, this.#services.now());
    const status = cacheStatus({
      forward: decision.forward,
      forwardStatus: 304,
      collapsed: report.collapsed,
    });
    this.#sendStored(exchange, {
      stored,
      body,
      ageSeconds,
      ttlSeconds: stored.lifetimeSeconds - ageSeconds,
      status,
    });
  }

  async #sendStale(exchange: Exchange, stored: StoredResponse, error: LarderError): Promise<void> {
    const body = await bodyOf(exchange, stored);
    if (body === null) {
      this.#fail(exchange, error);
      return;
    }
    const { report } = exchange;
    report.outcome = 'STALE';
    report.reason = 'stale-if-error';
    const ageSeconds = currentAge(stored, this.#services.now());
    const ttlSeconds = stored.lifetimeSeconds - ageSeconds;
    const status = cacheStatus({ hit: true, ttlSeconds, detail: error.code });
    this.#sendStored(exchange, { stored, body, ageSeconds, ttlSeconds, status });
  }

  #passOn(
    exchange: Exchange,
    decision: Asking,
    asked: { fill: Fill; outcome: PassedOn; collapsed: boolean },
  ): void {
    const { fill, outcome, collapsed } = asked;
    const { report } = exchange;
    const { storing, head } = outcome;
    const cacheable = decision.kind === 'validate' || decision.mayStore;
    const storeFailed = decision.reason === 'store-unavailable';
    report.outcome = cacheable ? 'MISS' : 'PASS';
    report.reason = passedReason(decision);
    report.notStored = cacheable ? outcome.notStored : null;
    report.cacheStatus = cacheStatus({
      forward: decision.forward,
      forwardStatus: head.status,
      stored: storing !== null && !collapsed && !storeFailed,
      collapsed,
      ...(storing === null ? {} : { ttlSeconds: storing.lifetimeSeconds - storing.initialAgeSeconds }),
      ...(storeFailed ? { detail: 'store-unavailable' } : {}),
    });
    if (storing !== null) this.#fills.reportStoring(exchange, fill, storing);
    if (outcome.notStored === 'endless') exchange.isEndless();
    writeStreamed(
      exchange,
      {
        status: head.status,
        statusText: head.statusText,
        fields: outcome.fields,
        cacheStatus: report.cacheStatus,
      },
      fill.body,
    );
  }

  #fail(exchange: Exchange, error: LarderError): void {
    exchange.report.outcome = 'ERROR';
    exchange.report.reason = 'origin-error';
    writeError(exchange, error, cacheStatus({ forward: exchange.report.forward, detail: error.code }));
  }

  #refuse(exchange: Exchange, problem: LarderError): void {
    exchange.response.shouldKeepAlive = false;
    writeError(exchange, problem, cacheStatus({ detail: problem.code }));
  }

  #broken(exchange: Exchange, error: unknown): void {
    const known = error instanceof LarderError ? error : brokenBy(error);
    exchange.report.outcome = 'ERROR';
    exchange.report.reason = 'origin-error';
    writeError(exchange, known, cacheStatus({ detail: known.code }));
  }
}

function passedReason(decision: Asking): ReasonCode {
  return decision.kind === 'validate' && decision.reason !== 'reload' ? 'changed' : decision.reason;
}

/** The Host where it is not the loopback's: the origin hears it, so it keeps responses apart. */
function foreignHost(host: string): string | null {
  return host === '' || isLoopbackName(hostName(host)) ? null : host.toLowerCase();
}
