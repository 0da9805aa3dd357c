/**
 * Asks the origin and settles what its answer means: starts the fill, decides
 * on its head once for all who wait, invalidates, and hands what is complete
 * to the store after the client has it.
 */
import { LarderError } from '../../shared/error-codes';
import type { EpochMs, Milliseconds } from '../../shared/units';
import { Fill } from './collapse/fill';
import { declaredBytes, type FillOutcome, type PassedOn } from './collapse/fill-outcome';
import type { FillsInFlight, InFlight } from './collapse/fills-in-flight';
import type { CollectBudget } from './collapse/shared-body';
import type { Counters } from './events/counters';
import type { EventBus } from './events/event-bus';
import type { Exchange } from './exchange';
import { filterFields, hasField, type RawFields } from './http/raw-fields';
import { brokenBy } from './http/unsendable';
import type { Invalidations } from './invalidations';
import type { OriginHealthWatch } from './origin/origin-health';
import type { OriginHead } from './origin/origin-response';
import { passedFields, withDate } from './origin/passed-fields';
import { requestBody } from './origin/request-body';
import { upstreamFields } from './origin/upstream-fields';
import { initialAge } from './semantics/age';
import type { Forward, Validate } from './semantics/cache-decision';
import { hasCredentials } from './semantics/cache-key';
import { withoutHopByHop } from './semantics/hop-by-hop';
import { invalidatedTargets, invalidates } from './semantics/invalidation';
import { storable, storableFields } from './semantics/storable';
import type { StoredResponse } from './semantics/stored-response';
import { freshen, identifies, withConditions } from './semantics/validation';
import { variantId, varyingFields, varyNames } from './semantics/vary';
import { writeInterim } from './http/interim-responses';

export interface FillServices {
  readonly inFlight: FillsInFlight;
  readonly budget: CollectBudget;
  readonly invalidations: Invalidations;
  readonly events: EventBus;
  readonly counters: Counters;
  readonly originHealth: OriginHealthWatch;
  readonly now: () => Milliseconds;
}

export class FillStep {
  readonly #services: FillServices;

  constructor(services: FillServices) {
    this.#services = services;
  }

  start(exchange: Exchange, decision: Forward | Validate, shareKey: string | null): InFlight {
    const { config, request } = exchange;
    const mayStore = decision.kind === 'validate' || decision.mayStore;
    this.#services.counters.countUpstream();
    const fill = new Fill({
      key: exchange.key,
      collect: mayStore ? { limitBytes: config.settings.maxBodyBytes, budget: this.#services.budget } : null,
      now: this.#services.now,
      onInterim: (head) => writeInterim(exchange.response, request.httpVersion, head),
      send: (sink) =>
        config.client.send(
          {
            method: request.method,
            origin: config.origin.origin,
            path: config.origin.prefix + request.target,
            fields: fieldsFor(exchange, decision),
            body: requestBody(exchange),
          },
          sink,
        ),
    });
    const outcome = this.#settle(exchange, decision, fill).catch((error: unknown) => {
      this.#services.inFlight.remove(fill);
      fill.abort();
      return { kind: 'failed', error: error instanceof LarderError ? error : brokenBy(error) } as const;
    });
    const inFlight = { fill, outcome, config };
    this.#services.inFlight.add(inFlight, shareKey);
    return inFlight;
  }

  /** When the exchange is reported, says whether what it fetched went to the store. */
  reportStoring(exchange: Exchange, fill: Fill, storing: StoredResponse): void {
    exchange.beforeReport = () => {
      const { report } = exchange;
      const stop = fill.body.collectStop;
      if (fill.invalidated) report.notStored = 'invalidated-meanwhile';
      else if (stop === 'too-large' || stop === 'memory-busy') report.notStored = stop;
      else if (!fill.body.ended) report.notStored = 'incomplete';
      else if (report.reason === 'store-unavailable') report.notStored = 'store-unavailable';
      else {
        report.stored = true;
        report.entry = storing;
        report.ttlSeconds = storing.lifetimeSeconds - storing.initialAgeSeconds;
      }
    };
  }

  async #settle(exchange: Exchange, decision: Forward | Validate, fill: Fill): Promise<FillOutcome> {
    const { inFlight, originHealth } = this.#services;
    const result = await fill.head;
    if (result.kind === 'failed') {
      inFlight.remove(fill);
      if (!exchange.clientLeft) originHealth.failed(exchange.config.origin.origin, result.error);
      return result;
    }
    originHealth.answered(exchange.config.origin.origin);
    await this.#invalidate(exchange, result.head);
    if (result.head.status === 304 && decision.kind === 'validate')
      return this.#freshen(exchange, decision, fill, result.head);
    const outcome = planResponse(exchange, decision, fill, result.head);
    if (outcome.storing === null) {
      fill.body.stopCollecting('not-asked');
      inFlight.remove(fill);
    } else {
      void this.#storeWhenEnded(exchange, fill, outcome.storing);
    }
    return outcome;
  }

  async #invalidate({ request, key, config }: Exchange, head: OriginHead): Promise<void> {
    if (!invalidates(request.method, head.status)) return;
    const keys = invalidatedTargets(key, head.fields);
    this.#services.inFlight.invalidate(keys);
    this.#services.invalidations.record(keys, `${request.method} ${request.target}`);
    try {
      await config.store.invalidate(keys);
      this.#services.events.statusChanged();
    } catch {
      // The store's health tells the window; what it holds is validated or expires.
    }
  }

  #freshen(exchange: Exchange, decision: Validate, fill: Fill, head: OriginHead): FillOutcome {
    const { inFlight, events } = this.#services;
    inFlight.remove(fill);
    fill.body.stopCollecting('not-asked');
    if (!identifies(head.fields, decision.stored)) return { kind: 'not-identified' };
    const received = { fields: head.fields, requestTime: fill.requestTime, responseTime: fill.responseTime };
    const freshened = freshen(decision.stored, received, exchange.config.settings);
    const stored = hasField(head.fields, 'date')
      ? freshened
      : { ...freshened, fields: redated(freshened.fields, fill.responseTime) };
    if (!fill.invalidated) {
      setImmediate(() => {
        void attempt(async () => {
          await exchange.config.store.freshen(stored, decision.stored);
          events.statusChanged();
        });
      });
    }
    return { kind: 'not-modified', stored, validated: decision.stored };
  }

  async #storeWhenEnded(exchange: Exchange, fill: Fill, storing: StoredResponse): Promise<void> {
    const trailers = await fill.ended;
    if (trailers !== null) {
      await new Promise((resolve) => setImmediate(resolve));
      await attempt(() => this.#store(exchange, fill, { ...storing, trailers: withoutHopByHop(trailers) }));
    }
    this.#services.inFlight.remove(fill);
    fill.body.stopCollecting();
  }

  async #store(exchange: Exchange, fill: Fill, storing: StoredResponse): Promise<void> {
    const body = fill.body.collected();
    if (body === null || fill.invalidated) return;
    const putting = exchange.config.store.put({ ...storing, bodyBytes: body.byteLength }, body);
    if (putting instanceof Promise) await putting;
    this.#services.invalidations.forget(fill.key);
    this.#services.events.statusChanged();
  }
}

function fieldsFor(exchange: Exchange, decision: Forward | Validate): RawFields {
  const { request, config } = exchange;
  const facts = {
    originHost: config.origin.host,
    clientAddress: request.clientAddress,
    clientHost: request.host,
    httpVersion: request.httpVersion,
  };
  const fields =
    decision.kind === 'validate' ? withConditions(request.fields, decision.conditions) : request.fields;
  return upstreamFields(fields, facts);
}

/** Decides once, for the client and for all who wait, what the origin's response is. */
function planResponse(
  exchange: Exchange,
  decision: Forward | Validate,
  fill: Fill,
  head: OriginHead,
): PassedOn {
  const { config, request, partition } = exchange;
  const { policy, credentialCookies } = config.settings;
  const credentials = hasCredentials({ fields: request.fields, policy, cookiePatterns: credentialCookies });
  const fields = passedFields(head, fill.responseTime);
  const passed = { kind: 'response', head, fields } as const;
  if (decision.kind === 'forward' && !decision.mayStore) return { ...passed, storing: null, notStored: null };
  const received = { fields: head.fields, requestTime: fill.requestTime, responseTime: fill.responseTime };
  const verdict = storable({
    request,
    response: { ...received, status: head.status },
    policy: config.settings,
    credentials,
  });
  if (!verdict.store) return { ...passed, storing: null, notStored: verdict.reason };
  if ((declaredBytes(head.fields) ?? 0) > config.settings.maxBodyBytes && request.method !== 'HEAD') {
    return { ...passed, storing: null, notStored: 'too-large' };
  }
  if (fill.invalidated) return { ...passed, storing: null, notStored: 'invalidated-meanwhile' };
  const names = varyNames(head.fields);
  const vary = names === '*' ? [] : varyingFields(names, request.fields);
  const method = request.method === 'HEAD' ? 'HEAD' : 'GET';
  const storing: StoredResponse = {
    id: variantId({ method, key: exchange.key, partition, vary }),
    key: exchange.key,
    partition,
    vary,
    method,
    url: exchange.key,
    status: head.status,
    statusText: head.statusText,
    fields: withDate(storableFields(fields, config.settings), fill.responseTime),
    trailers: [],
    requestTime: fill.requestTime,
    responseTime: fill.responseTime,
    initialAgeSeconds: initialAge(received),
    lifetimeSeconds: verdict.lifetime.seconds,
    mustValidate: verdict.mustValidate,
    forOneUser: credentials,
    bodyBytes: 0,
    originMs: fill.responseTime - fill.requestTime,
  };
  return { ...passed, storing, notStored: null };
}

function redated(fields: RawFields, receivedAt: EpochMs): string[] {
  return withDate(
    filterFields(fields, (name) => name !== 'date'),
    receivedAt,
  );
}

/** A store's failure is told by its health; the exchange has had its response. */
async function attempt(action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch {
    // See above: health and the next lookup report it.
  }
}
