/** Asks the origin for one exchange: alone, or together with those who ask the same, until there is an outcome to answer with. */
import type { Completion } from './collapse/completion';
import type { Fill } from './collapse/fill';
import type { FillOutcome, NotIdentified, PassedOn } from './collapse/fill-outcome';
import type { FillsInFlight, InFlight } from './collapse/fills-in-flight';
import {
  cameThroughLarder,
  mayCollapse,
  shareKeyOf,
  storedInTransit,
  waitForOutcome,
  withoutConditions,
} from './collapse/sharing';
import type { Exchange } from './exchange';
import { ExchangeAsker, type FillStep, type Question } from './fill-step';
import type { Asking, CacheDecision, Completing, Forward, Reuse } from './semantics/cache-decision';
import { isOriginError } from './semantics/stale-serving';
import { asksForRange } from './semantics/stored-answer';
import type { StoredResponse } from './semantics/stored-response';
import { matchesVary, variantId, varyingFields } from './semantics/vary';
import type { StoreReading } from './store-reading';

export interface Asked {
  readonly kind: 'asked';
  readonly decision: Asking;
  readonly fill: Fill;
  readonly outcome: Exclude<FillOutcome, NotIdentified>;
  readonly collapsed: boolean;
}

/** Another's response that is whole but not in the store yet, used as if it were there. */
interface FoundInTransit {
  readonly kind: 'in-transit';
  readonly reuse: Reuse;
  readonly body: Uint8Array;
}

type CompletingForward = Forward & { readonly completing: Completing };

interface AskServices {
  readonly inFlight: FillsInFlight;
  readonly fills: FillStep;
  readonly reading: StoreReading;
  readonly decide: (exchange: Exchange, candidates: readonly StoredResponse[]) => CacheDecision;
}

export class AskStep {
  readonly #services: AskServices;

  constructor(services: AskServices) {
    this.#services = services;
  }

  /** Leads a fill, or waits with those who ask the same. */
  ask(exchange: Exchange, decision: Asking): Promise<Asked | FoundInTransit> {
    return this.#ask(exchange, decision, null);
  }

  /** For the whole, whatever is stored. */
  askAnew(exchange: Exchange, decision: Asking): Promise<Asked> {
    return this.#lead(exchange, { decision: withoutConditions(decision), completion: null }, null);
  }

  /** `variant` narrows what is the same after a Vary. */
  async #ask(exchange: Exchange, decision: Asking, variant: string | null): Promise<Asked | FoundInTransit> {
    // Awaited only where there is a part to read: who asks the same meanwhile must find the fill.
    const completion = isCompleting(decision) ? await this.#readPart(exchange, decision) : null;
    const shared = mayCollapse(decision) && !cameThroughLarder(exchange) && !asksForRange(exchange.request);
    const shareKey = shared ? shareKeyOf(exchange, variant) : null;
    const inFlight = shareKey === null ? undefined : this.#services.inFlight.find(shareKey);
    if (inFlight?.fill.body.joinable !== true || inFlight.config !== exchange.config)
      return this.#lead(exchange, { decision, completion }, shareKey);
    if (!inFlight.fill.body.ended) return this.#follow(exchange, decision, inFlight, variant);
    // It ended before this request came: it may be used as a stored response is, but is no answer to this request.
    const found = await this.#findInTransit(exchange, inFlight);
    return found ?? this.#lead(exchange, { decision, completion }, null);
  }

  async #findInTransit(exchange: Exchange, inFlight: InFlight): Promise<FoundInTransit | null> {
    const inTransit = await storedInTransit(inFlight);
    if (inTransit === null) return null;
    const reuse = this.#services.decide(exchange, [inTransit.stored]);
    return reuse.kind === 'reuse' ? { kind: 'in-transit', reuse, body: inTransit.body } : null;
  }

  async #lead(exchange: Exchange, question: Question, shareKey: string | null): Promise<Asked> {
    const { decision } = question;
    const inFlight = this.#services.fills.start(new ExchangeAsker(exchange), question, shareKey);
    const outcome = await waitForOutcome(exchange, inFlight);
    if (outcome.kind === 'not-identified') return this.askAnew(exchange, decision);
    return { kind: 'asked', decision, fill: inFlight.fill, outcome, collapsed: false };
  }

  /** Null: the part is gone, so that the whole is asked for. */
  async #readPart(exchange: Exchange, { completing }: CompletingForward): Promise<Completion | null> {
    const body = await this.#services.reading.bodyOf(exchange, completing.stored);
    return body === null ? null : { asked: completing, body };
  }

  async #follow(
    exchange: Exchange,
    decision: Asking,
    inFlight: InFlight,
    variant: string | null,
  ): Promise<Asked | FoundInTransit> {
    const outcome = await waitForOutcome(exchange, inFlight);
    const together = { kind: 'asked', decision, fill: inFlight.fill, collapsed: true } as const;
    switch (outcome.kind) {
      case 'failed':
        return { ...together, outcome };
      case 'not-modified':
        return matchesVary(outcome.stored.vary, exchange.request.fields)
          ? { ...together, outcome }
          : this.#lead(exchange, { decision, completion: null }, null);
      case 'not-identified':
        return this.askAnew(exchange, decision);
      case 'response':
        return this.#followResponse(exchange, { ...together, outcome }, variant);
    }
  }

  async #followResponse(
    exchange: Exchange,
    together: Asked & { readonly outcome: PassedOn },
    variant: string | null,
  ): Promise<Asked | FoundInTransit> {
    const { decision, fill, outcome } = together;
    const { storing, head } = outcome;
    const { fields } = exchange.request;
    const { ifError } = decision;
    // What is stale stands in for everybody: who waits does not ask a failing origin once more.
    if (ifError !== null && isOriginError(head.status, ifError, exchange.config.settings)) return together;
    if (storing === null || !fill.body.joinable || fill.invalidated)
      return this.#lead(exchange, { decision, completion: null }, null);
    if (matchesVary(storing.vary, fields)) return together;
    if (variant !== null) return this.#lead(exchange, { decision, completion: null }, null);
    const vary = varyingFields(
      storing.vary.map(([name]) => name),
      fields,
    );
    return this.#ask(exchange, decision, variantId({ ...storing, vary }));
  }
}

function isCompleting(decision: Asking): decision is CompletingForward {
  return decision.kind === 'forward' && decision.completing !== null;
}
