/** Answers one exchange: from the store, with what the origin sent, or with an error; and says so in Cache-Status and the report. */
import { LarderError } from '../../shared/error-codes';
import type { ReasonCode } from '../../shared/exchange-summary';
import type { Asked } from './ask-step';
import type { NotModified, PassedOn } from './collapse/fill-outcome';
import type { Fill } from './collapse/fill';
import type { Exchange } from './exchange';
import { reportStoring } from './fill-step';
import { filterFields, type RawFields } from './http/raw-fields';
import { writeError, writeStreamed } from './http/response-writer';
import { writeStored, type StoredSending } from './http/stored-writer';
import { isClientFault } from './origin/request-body';
import { currentAge } from './semantics/age';
import type { Asking, Refuse, Reuse } from './semantics/cache-decision';
import { cacheStatus, type CacheStatusInput } from './semantics/cache-status';
import { isOriginError } from './semantics/stale-serving';
import { unvalidatedFields } from './semantics/storable';
import { storedAnswer } from './semantics/stored-answer';
import type { StoredResponse } from './semantics/stored-response';
import type { StoreReading } from './store-reading';

type Sending = Omit<StoredSending, 'cacheStatus'> & { readonly status: CacheStatusInput };

export class AnswerStep {
  readonly #reading: StoreReading;
  readonly #now: () => number;

  constructor(reading: StoreReading, now: () => number) {
    this.#reading = reading;
    this.#now = now;
  }

  reuse(exchange: Exchange, decision: Reuse, body: Uint8Array): void {
    const { stored, answer, ageSeconds, ttlSeconds } = decision;
    exchange.report.reason = decision.reason;
    exchange.report.facts = decision.facts;
    exchange.report.outcome = ttlSeconds > 0 ? 'HIT' : 'STALE';
    const status = { hit: true, ttlSeconds };
    sendStored(exchange, { stored, answer, body, ageSeconds, validated: false, status });
  }

  /** @returns false where a stored body is needed that is gone: the origin is to be asked for the whole */
  async answer(exchange: Exchange, asked: Asked): Promise<boolean> {
    const { decision, outcome, collapsed, fill } = asked;
    const { report } = exchange;
    report.forward = decision.forward;
    report.collapsed = collapsed;
    report.origin = fill.times;
    if (exchange.clientLeft) return true;
    switch (outcome.kind) {
      case 'failed':
        if (decision.ifError === null || isClientFault(outcome.error)) this.fail(exchange, outcome.error);
        else await this.#sendStale(exchange, decision.ifError, outcome.error);
        return true;
      case 'not-modified':
        return this.#sendRevalidated(exchange, decision, outcome);
      case 'response': {
        const { status } = outcome.head;
        const { ifError } = decision;
        if (ifError !== null && isOriginError(status, ifError, exchange.config.settings)) {
          const message = `${exchange.config.origin.origin} answered ${status}`;
          await this.#sendStale(exchange, ifError, new LarderError('origin_unreachable', message));
          if (!collapsed) fill.abandonIfUnread();
        } else passOn(exchange, decision, { fill, outcome, collapsed });
        return true;
      }
    }
  }

  fail(exchange: Exchange, error: LarderError): void {
    exchange.report.outcome = 'ERROR';
    exchange.report.reason = isClientFault(error) ? 'request-error' : 'origin-error';
    writeError(exchange, error, statusOf(exchange, { forward: exchange.report.forward, detail: error.code }));
  }

  refuse(exchange: Exchange, { forward }: Refuse): void {
    const message =
      'Nothing usable is stored, and the request asks not to contact the origin (only-if-cached)';
    const error = new LarderError('not_stored', message);
    exchange.report.forward = forward;
    writeError(exchange, error, statusOf(exchange, { forward, detail: error.code }));
  }

  async #sendRevalidated(
    exchange: Exchange,
    decision: Asking,
    { stored, validated }: NotModified,
  ): Promise<boolean> {
    const answer = storedAnswer(exchange.request, stored);
    const body = answer === null ? null : await this.#reading.bodyOf(exchange, validated);
    if (answer === null || body === null) return false;
    const { report } = exchange;
    report.outcome = 'HIT';
    if (report.reason !== 'reload') report.reason = 'revalidated';
    const ageSeconds = currentAge(stored, this.#now());
    const status = { forward: decision.forward, forwardStatus: 304, collapsed: report.collapsed };
    sendStored(exchange, { stored, answer, body, ageSeconds, validated: true, status });
    return true;
  }

  async #sendStale(exchange: Exchange, stored: StoredResponse, error: LarderError): Promise<void> {
    const answer = storedAnswer(exchange.request, stored);
    const body = answer === null ? null : await this.#reading.bodyOf(exchange, stored);
    if (answer === null || body === null) {
      this.fail(exchange, error);
      return;
    }
    const { report } = exchange;
    report.outcome = 'STALE';
    report.reason = 'stale-if-error';
    const ageSeconds = currentAge(stored, this.#now());
    const status = { hit: true, ttlSeconds: stored.lifetimeSeconds - ageSeconds, detail: error.code };
    sendStored(exchange, { stored, answer, body, ageSeconds, validated: false, status });
  }
}

function sendStored(exchange: Exchange, sending: Sending): void {
  const { stored, ageSeconds } = sending;
  const { report } = exchange;
  report.ageSeconds = ageSeconds;
  report.ttlSeconds = stored.lifetimeSeconds - ageSeconds;
  report.entry = stored;
  report.cacheStatus = statusOf(exchange, sending.status);
  writeStored(exchange, { ...sending, cacheStatus: report.cacheStatus });
}

function passOn(
  exchange: Exchange,
  decision: Asking,
  asked: { fill: Fill; outcome: PassedOn; collapsed: boolean },
): void {
  const { fill, outcome, collapsed } = asked;
  const { report } = exchange;
  const { storing, head } = outcome;
  const passes = decision.kind === 'forward' && decision.pass;
  const storeFailed = decision.reason === 'store-unavailable';
  report.outcome = passes ? 'PASS' : 'MISS';
  report.reason = passedReason(decision);
  report.notStored = passes ? null : outcome.notStored;
  report.cacheStatus = statusOf(exchange, {
    forward: decision.forward,
    forwardStatus: outcome.forwardStatus,
    stored: storing !== null && !collapsed && !storeFailed,
    collapsed,
    ttlSeconds: storing === null ? null : storing.lifetimeSeconds - storing.initialAgeSeconds,
    detail: storeFailed ? 'store-unavailable' : null,
  });
  if (storing !== null) reportStoring(exchange, fill, storing);
  if (outcome.notStored === 'endless') exchange.isEndless();
  writeStreamed(
    exchange,
    {
      status: head.status,
      statusText: head.statusText,
      fields: collapsed && storing !== null ? sharedFields(exchange, outcome, storing) : outcome.fields,
      cacheStatus: report.cacheStatus,
    },
    fill.body,
  );
}

/** Who waited for another's response gets what a hit would have: fields that are for one, the first has had. */
function sharedFields({ config }: Exchange, { fields }: PassedOn, storing: StoredResponse): RawFields {
  const withheld = unvalidatedFields(storing.fields, config.settings);
  const age = filterFields(fields, (name) => name === 'age');
  return [...filterFields(storing.fields, (name) => !withheld.has(name)), ...age];
}

/** With the cache key where the client asks for it. */
export function statusOf({ request, key }: Exchange, input: CacheStatusInput): string {
  return cacheStatus(request.wantsKey && key !== '' ? { ...input, key } : input);
}

/** What was asked about by `validate` turned out to have changed; of variants, only that none of them fits. */
function passedReason(decision: Asking): ReasonCode {
  const { kind, reason } = decision;
  return kind === 'validate' && (reason === 'expired' || reason === 'must-validate') ? 'changed' : reason;
}
