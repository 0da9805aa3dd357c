/**
 * The path of a request, top to bottom: check, look up, decide, act. The only
 * file that knows all steps; each step is a module of its own. README.md in
 * this folder draws the path with the failure exit of each step.
 */
import { LarderError } from '../../shared/error-codes';
import { AnswerStep, statusOf } from './answer-step';
import { AskStep } from './ask-step';
import { BackgroundValidations } from './background-validation';
import type { Exchange } from './exchange';
import { FillStep, type FillServices } from './fill-step';
import { brokenBy } from './http/unsendable';
import { requestProblem } from './http/client-request';
import { writeError } from './http/response-writer';
import { partitionFor } from './request-partition';
import { cacheKey } from './semantics/cache-key';
import type { Asking, CacheDecision, Reuse } from './semantics/cache-decision';
import { decideReuse } from './semantics/decide-reuse';
import type { StoredResponse } from './semantics/stored-response';
import { FAILED, StoreReading } from './store-reading';

export class ExchangePipeline {
  readonly #services: FillServices;
  readonly #asking: AskStep;
  readonly #answers: AnswerStep;
  readonly #background: BackgroundValidations;
  readonly #reading: StoreReading;

  constructor(services: FillServices) {
    const { inFlight, underway, now } = services;
    const fills = new FillStep(services);
    const reading = new StoreReading(underway);
    this.#services = services;
    this.#reading = reading;
    this.#asking = new AskStep({
      inFlight,
      fills,
      reading,
      decide: (exchange, candidates) => this.#decision(exchange, candidates),
    });
    this.#answers = new AnswerStep(reading, now);
    this.#background = new BackgroundValidations(fills, inFlight);
  }

  /** Never throws; a hit in memory is answered before this returns. */
  handle(exchange: Exchange): void {
    try {
      const problem = requestProblem(exchange.request, exchange.config.settings.limits);
      if (problem === null) this.#lookup(exchange);
      else this.#refuse(exchange, problem);
    } catch (error) {
      this.#broken(exchange, error);
    }
  }

  #lookup(exchange: Exchange): void {
    const { request, config } = exchange;
    exchange.key = cacheKey(config.origin.base, request.target);
    exchange.partition = partitionFor(request, config);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      this.#decide(exchange, []);
      return;
    }
    const candidates = this.#reading.candidatesFor(exchange);
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
    if (decision.kind !== 'forward' || decision.pass) this.#act(exchange, decision);
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
        this.#askOrigin(exchange, decision).catch((error: unknown) => this.#broken(exchange, error));
        return;
      case 'refuse':
        this.#answers.refuse(exchange, decision);
    }
  }

  #reuse(exchange: Exchange, decision: Reuse): void {
    const body = this.#reading.bodyOrFailure(exchange, decision.stored);
    if (body instanceof Promise) {
      body
        .then(
          (bytes) => this.#reuseBody(exchange, decision, bytes),
          () => this.#actWithoutStore(exchange),
        )
        .catch((error: unknown) => this.#broken(exchange, error));
    } else if (body === FAILED) this.#actWithoutStore(exchange);
    else this.#reuseBody(exchange, decision, body);
  }

  /** A body that is gone since the lookup makes it a request for which nothing is stored. */
  #reuseBody(exchange: Exchange, decision: Reuse, body: Uint8Array | null): void {
    if (body === null) {
      this.#decide(exchange, []);
      return;
    }
    this.#answers.reuse(exchange, decision, body);
    if (decision.background !== null) this.#background.start(exchange, decision.stored, decision.background);
  }

  async #askOrigin(exchange: Exchange, decision: Asking): Promise<void> {
    const result = await this.#asking.ask(exchange, decision);
    if (result.kind === 'in-transit') {
      if (!exchange.clientLeft) this.#answers.reuse(exchange, result.reuse, result.body);
    } else if (!(await this.#answers.answer(exchange, result))) {
      await this.#answers.answer(exchange, await this.#asking.askAnew(exchange, decision));
    }
  }

  #refuse(exchange: Exchange, problem: LarderError): void {
    exchange.response.shouldKeepAlive = false;
    writeError(exchange, problem, statusOf(exchange, { detail: problem.code }));
  }

  #broken(exchange: Exchange, error: unknown): void {
    const known = error instanceof LarderError ? error : brokenBy(error);
    exchange.report.outcome = 'ERROR';
    exchange.report.reason = 'origin-error';
    writeError(exchange, known, statusOf(exchange, { detail: known.code }));
  }
}
