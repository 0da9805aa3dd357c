/**
 * Answers, at once and without node:http, what is in memory: requests that http/front has read whole. Nothing is
 * decided here that the careful way decides otherwise: the same key, the same decision function, the same fields, the
 * same event. Whatever is not a plain hit is null, and goes the careful way.
 */
import type { ConfigSlot } from './config-slot';
import type { EngineConfig } from './engine-config';
import type { LoggedExchange } from './events/exchange-log';
import { FastExchange } from './fast-exchange';
import { requestProblem, type ClientRequest } from './http/client-request';
import { isEndpoint } from './http/endpoints';
import type { FrontAnswer, FrontClient, FrontHandlers, FrontRequest } from './http/front/front';
import type { HeadFields } from './http/front/read-head';
import { PreparedHits, type PreparedHit } from './prepared-hits';
import { partitionFor } from './request-partition';
import { requestCacheControl } from './semantics/cache-control';
import { cacheKey } from './semantics/cache-key';
import { passReason } from './semantics/pass-reason';
import { hasOwnConditions } from './semantics/preconditions';
import { asksForRange } from './semantics/stored-answer';
import type { StoredResponse } from './semantics/stored-response';
import type { MaybePromise } from './store/response-store';
import type { WritesUnderway } from './store/writes-underway';

const NOTHING = new Uint8Array(0);

interface FastPathOptions {
  readonly slot: Pick<ConfigSlot, 'current' | 'take'>;
  readonly underway: WritesUnderway;
  readonly now: () => number;
  /** A request has become an exchange. Returns its id. */
  readonly begin: (client: FrontClient) => number;
  readonly report: (exchange: LoggedExchange) => void;
}

/** A request on its way to being answered. */
interface Asked {
  readonly request: FrontRequest;
  readonly config: EngineConfig;
  readonly key: string;
  readonly partition: string;
  readonly now: number;
}

/** What the field lines of a request mean with some settings. */
interface ReadFields {
  readonly config: EngineConfig;
  /** Null: for the careful way. */
  readonly partition: string | null;
}

export class FastPath implements FrontHandlers {
  readonly #options: FastPathOptions;
  readonly #prepared = new PreparedHits();
  readonly #readFields = new WeakMap<HeadFields, ReadFields>();

  constructor(options: FastPathOptions) {
    this.#options = options;
  }

  get isOn(): boolean {
    return this.#options.slot.current()?.settings.fastPath === true;
  }

  answer(request: FrontRequest): MaybePromise<FrontAnswer | null> {
    try {
      return this.#answer(request);
    } catch {
      // What fails here fails on the careful way too, which answers and tells.
      return null;
    }
  }

  #answer(request: FrontRequest): MaybePromise<FrontAnswer | null> {
    const { head } = request;
    const config = this.#options.slot.current();
    if (config === null || isEndpoint(head.target)) return null;
    const partition = this.#partitionOf(head.fields, config);
    if (partition === null) return null;
    const key = cacheKey(config.origin.base, head.target);
    const asked: Asked = { request, config, key, partition, now: this.#options.now() };
    const found = config.store.lookupNow(key);
    // The store keeps what it holds elsewhere; where it fails, the careful way finds out for itself.
    if (found === null) return this.#askStore(asked).catch(() => null);
    const hit = this.#hit(asked, this.#options.underway.merged(config.store, key, found));
    const body = hit === null ? null : config.store.bodyNow(hit.content.stored, found);
    return hit === null || body === null ? null : this.#answerWith(asked, hit, body);
  }

  async #askStore(asked: Asked): Promise<FrontAnswer | null> {
    const { config, release } = this.#options.slot.take();
    const { store } = config;
    try {
      const finding = Promise.resolve(store.lookup(asked.key));
      const hit = this.#hit(asked, await this.#options.underway.mergedLater(store, asked.key, finding));
      const body = hit === null ? null : await store.body(hit.content.stored);
      return hit === null || body === null ? null : this.#answerWith(asked, hit, body);
    } finally {
      release();
    }
  }

  #answerWith({ request, config, now }: Asked, hit: PreparedHit, body: Uint8Array): FrontAnswer {
    const { head, client, started, closes } = request;
    const { begin, report } = this.#options;
    const idleSeconds = closes ? null : Math.floor(config.settings.limits.idleTimeoutMs / 1000);
    const lastPart = this.#prepared.lastPart(hit, now, idleSeconds);
    const start = { id: begin(client), head, clientAddress: client.address, startedAt: now, started, report };
    return new FastExchange(start, hit, lastPart, head.method === 'HEAD' ? NOTHING : body);
  }

  /** Null too where it is on its way into the store: the careful way knows its body. */
  #hit(asked: Asked, candidates: readonly StoredResponse[]): PreparedHit | null {
    if (candidates.length === 0) return null;
    const { request, key, partition, config, now } = asked;
    const hit = this.#prepared.hit({ key, head: request.head, candidates, partition, config }, now);
    return hit === null || this.#options.underway.of(hit.content.stored) !== undefined ? null : hit;
  }

  #partitionOf(fields: HeadFields, config: EngineConfig): string | null {
    const known = this.#readFields.get(fields);
    if (known?.config === config) return known.partition;
    const partition = partitionIfSound(fields, config);
    this.#readFields.set(fields, { config, partition });
    return partition;
  }
}

/** Null: the request has a problem, or asks for more than what is stored. */
function partitionIfSound(fields: HeadFields, config: EngineConfig): string | null {
  const { lines, host } = fields;
  // The target and the head's length are checked where they are read.
  const line = { method: 'GET', target: '/', httpVersion: '1.1' };
  const request = { ...line, fields: lines, host, hasBody: false, clientAddress: '', wantsKey: false };
  const isSound = requestProblem(request, config.settings.limits) === null;
  return isSound && isPlainRequest(request) ? partitionFor(request, config) : null;
}

/** Whether nothing of its fields but what a stored response varies on can change what is decided. */
function isPlainRequest(request: ClientRequest): boolean {
  const control = requestCacheControl(request.fields);
  if (control.size > 0 || passReason(request, control) !== null) return false;
  return !hasOwnConditions(request.fields) && !asksForRange(request);
}
