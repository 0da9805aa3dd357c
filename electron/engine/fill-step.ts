/**
 * Asks the origin and settles what its answer means: starts the fill, decides
 * on its head once for all who wait, invalidates, and hands what is complete
 * to the store after the client has it.
 */
import type { ServerResponse } from 'node:http';
import { LarderError } from '../../shared/error-codes';
import type { Milliseconds } from '../../shared/units';
import { completingFields, completingSink, type Completion } from './collapse/completion';
import { Fill, type FillHead } from './collapse/fill';
import type { FillOutcome } from './collapse/fill-outcome';
import type { FillsInFlight, InFlight } from './collapse/fills-in-flight';
import type { CollectBudget } from './collapse/shared-body';
import type { EngineConfig } from './engine-config';
import type { Counters } from './events/counters';
import type { EventBus } from './events/event-bus';
import type { Exchange } from './exchange';
import type { ClientRequest } from './http/client-request';
import { writeInterim } from './http/interim-responses';
import type { RawFields } from './http/raw-fields';
import { brokenBy } from './http/unsendable';
import type { Invalidations } from './invalidations';
import type { OriginHealthWatch } from './origin/origin-health';
import type { OriginHead } from './origin/origin-response';
import { isClientFault, requestBody } from './origin/request-body';
import { upstreamFields } from './origin/upstream-fields';
import { planResponse } from './plan-response';
import type { Asking, Validate } from './semantics/cache-decision';
import { invalidates } from './semantics/invalidation';
import { receivedPart } from './semantics/partial-content';
import type { StoredResponse } from './semantics/stored-response';
import { confirmedBy, withConditions } from './semantics/validation';
import type { WritesUnderway } from './store/writes-underway';
import { StoreStep } from './store-step';

export interface FillServices {
  readonly inFlight: FillsInFlight;
  readonly underway: WritesUnderway;
  readonly budget: CollectBudget;
  readonly invalidations: Invalidations;
  readonly events: EventBus;
  readonly counters: Counters;
  readonly originHealth: OriginHealthWatch;
  readonly now: () => Milliseconds;
}

/** On whose behalf the origin is asked: an exchange, or nobody who waits. */
export interface OriginAsker {
  readonly config: EngineConfig;
  readonly request: ClientRequest;
  readonly key: string;
  readonly partition: string;
  readonly clientLeft: boolean;
  readonly body: AsyncIterable<Uint8Array> | null;
  onInterim(head: OriginHead): void;
}

export interface Question {
  readonly decision: Asking;
  /** Only what is missing of a stored part is asked for. */
  readonly completion: Completion | null;
}

/** A class for the sake of its getter: one in an object literal makes a hidden class of its own for each object,
 *  which outlives the exchange, and the exchange with it, until the next full collection. */
export class ExchangeAsker implements OriginAsker {
  readonly config: EngineConfig;
  readonly request: ClientRequest;
  readonly key: string;
  readonly partition: string;
  readonly body: AsyncIterable<Uint8Array> | null;
  readonly #response: ServerResponse;

  constructor(exchange: Exchange) {
    this.config = exchange.config;
    this.request = exchange.request;
    this.key = exchange.key;
    this.partition = exchange.partition;
    this.body = requestBody(exchange);
    this.#response = exchange.response;
  }

  get clientLeft(): boolean {
    return this.#response.destroyed;
  }

  onInterim(head: OriginHead): void {
    writeInterim(this.#response, this.request.httpVersion, head);
  }
}

/** When the exchange is reported, says whether what it fetched went to the store. */
export function reportStoring(exchange: Exchange, fill: Fill, storing: StoredResponse): void {
  exchange.beforeReport = new StoringReport(exchange, fill, storing);
}

class StoringReport {
  readonly #exchange: Exchange;
  readonly #fill: Fill;
  readonly #storing: StoredResponse;

  constructor(exchange: Exchange, fill: Fill, storing: StoredResponse) {
    this.#exchange = exchange;
    this.#fill = fill;
    this.#storing = storing;
  }

  complete(): void {
    const { report } = this.#exchange;
    const fill = this.#fill;
    const storing = this.#storing;
    const stop = fill.body.collectStop;
    if (fill.invalidated) report.notStored = 'invalidated-meanwhile';
    else if (stop === 'too-large' || stop === 'memory-busy') report.notStored = stop;
    else if (!fill.body.ended) report.notStored = 'incomplete';
    else if (report.reason === 'store-unavailable') report.notStored = 'store-unavailable';
    else if (isContradictory(storing, fill)) report.notStored = 'partial-content';
    else {
      report.stored = true;
      report.entry = storing;
      report.ttlSeconds = storing.lifetimeSeconds - storing.initialAgeSeconds;
    }
  }
}

/** A part that is not as long as it says: it could be told only at its end. */
function isContradictory({ partial }: StoredResponse, fill: Fill): boolean {
  const range = partial?.ranges[0];
  if (partial === null || range === undefined) return false;
  const { completeLength } = partial;
  return receivedPart({ range, completeLength }, fill.body.receivedBytes) === null;
}

export class FillStep {
  readonly #services: FillServices;
  readonly #storing: StoreStep;

  constructor(services: FillServices) {
    this.#services = services;
    this.#storing = new StoreStep(services);
  }

  start(asker: OriginAsker, question: Question, shareKey: string | null): InFlight {
    const { config, request } = asker;
    const { decision, completion } = question;
    const mayStore = decision.kind === 'validate' || decision.mayStore;
    this.#services.counters.countUpstream();
    const fill = new Fill({
      key: asker.key,
      collect: mayStore ? { limitBytes: config.settings.maxBodyBytes, budget: this.#services.budget } : null,
      now: this.#services.now,
      onInterim: (head) => asker.onInterim(head),
      send: (sink) =>
        config.client.send(
          {
            method: request.method,
            origin: config.origin.origin,
            path: config.origin.prefix + request.target,
            fields: fieldsFor(asker, question),
            body: asker.body,
          },
          completion === null ? sink : completingSink(sink, completion),
        ),
    });
    const settled = this.#settle(asker, question, fill);
    const outcome = settled.then((result) => result.outcome);
    const inFlight = { fill, outcome, config, stored: settled.then((result) => result.stored) };
    this.#services.inFlight.add(inFlight, shareKey);
    return inFlight;
  }

  /** Never rejects. */
  async #settle(asker: OriginAsker, question: Question, fill: Fill): Promise<Settled> {
    try {
      const settled = this.#settleHead(asker, question, fill, await fill.head);
      return settled instanceof Promise ? await settled : settled;
    } catch (error) {
      this.#services.inFlight.remove(fill);
      fill.abort();
      return failure(error instanceof LarderError ? error : brokenBy(error));
    }
  }

  #settleHead(
    asker: OriginAsker,
    question: Question,
    fill: Fill,
    result: FillHead,
  ): Settled | Promise<Settled> {
    const { inFlight, originHealth } = this.#services;
    if (result.kind === 'failed') {
      inFlight.remove(fill);
      if (!asker.clientLeft && !isClientFault(result.error))
        originHealth.failed(asker.config.origin.origin, result.error);
      return failure(result.error);
    }
    const { head } = result;
    originHealth.answered(asker.config.origin.origin);
    if (!invalidates(asker.request.method, head.status))
      return this.#settleAnswer(asker, question, fill, head);
    const invalidated = this.#storing.invalidate(asker, fill, head);
    return invalidated.then(() => this.#settleAnswer(asker, question, fill, head));
  }

  #settleAnswer(
    asker: OriginAsker,
    { decision, completion }: Question,
    fill: Fill,
    head: OriginHead,
  ): Settled {
    if (head.status === 304 && decision.kind === 'validate')
      return this.#notModified(asker, decision, fill, head);
    // Part of a whole that nobody asked for, or of another one: the client gets the whole.
    if (completion !== null && (head.status === 206 || head.status === 416)) return this.#unusable(fill);
    const outcome = planResponse(asker, decision, fill, head);
    return { outcome, stored: this.#storing.receive(asker, decision, fill, outcome) };
  }

  #notModified(asker: OriginAsker, decision: Validate, fill: Fill, head: OriginHead): Settled {
    fill.body.stopCollecting('not-asked');
    const confirmed = confirmedBy(head.fields, decision.asked);
    if (confirmed === null) {
      this.#services.inFlight.remove(fill);
      return NOT_IDENTIFIED;
    }
    const { requestTime, responseTime } = fill;
    const update = { fields: head.fields, requestTime, responseTime };
    return this.#storing.confirm(asker, { decision, confirmed, update, fill });
  }

  #unusable(fill: Fill): Settled {
    this.#services.inFlight.remove(fill);
    fill.abort();
    return NOT_IDENTIFIED;
  }
}

interface Settled {
  readonly outcome: FillOutcome;
  /** Resolves when what it fetched is stored, or is not going to be. */
  readonly stored: Promise<void>;
}

const NOTHING_TO_STORE = Promise.resolve();

const NOT_IDENTIFIED: Settled = { outcome: { kind: 'not-identified' }, stored: NOTHING_TO_STORE };

function failure(reason: LarderError): Settled {
  return { outcome: { kind: 'failed', error: reason }, stored: NOTHING_TO_STORE };
}

function fieldsFor({ config, request }: OriginAsker, { decision, completion }: Question): string[] {
  const facts = {
    originHost: config.origin.host,
    clientAddress: request.clientAddress,
    clientHost: request.host,
    httpVersion: request.httpVersion,
  };
  let fields: RawFields = request.fields;
  if (decision.kind === 'validate') fields = withConditions(fields, decision.conditions);
  if (completion !== null) fields = completingFields(fields, completion.asked);
  return upstreamFields(fields, facts);
}
