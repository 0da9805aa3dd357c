/**
 * What the origin's answers do to the store: what is complete is put there, parts are put together, what was
 * confirmed is freshened, what is outdated goes. Runs after the client has its bytes; a failing store fails no exchange.
 */
import type { Fill } from './collapse/fill';
import type { NotModified, PassedOn } from './collapse/fill-outcome';
import type { FillServices, OriginAsker } from './fill-step';
import { filterFields, hasField, type RawFields } from './http/raw-fields';
import type { OriginHead } from './origin/origin-response';
import { withDate } from './origin/passed-fields';
import { PartStoring } from './part-storing';
import type { ReceivedResponse } from './semantics/age';
import type { Asking, Validate } from './semantics/cache-decision';
import { freshen, freshenByHead } from './semantics/freshening';
import { withoutHopByHop } from './semantics/hop-by-hop';
import { invalidatedTargets } from './semantics/invalidation';
import { receivedPart } from './semantics/partial-content';
import { enclosedRange } from './semantics/range';
import { storable } from './semantics/storable';
import { asksForRange } from './semantics/stored-answer';
import type { StoredResponse } from './semantics/stored-response';
import { isFreshenedWith } from './semantics/validation';
import { strongValidator } from './semantics/validator';
import { matchesVary, variantId, varyingFields, varyNames } from './semantics/vary';

interface Confirmation {
  readonly decision: Validate;
  readonly confirmed: StoredResponse;
  readonly update: ReceivedResponse;
  readonly fill: Fill;
}

interface Received {
  readonly decision: Asking;
  readonly head: OriginHead;
  readonly storing: StoredResponse;
}

export class StoreStep {
  readonly #services: FillServices;
  readonly #parts = new PartStoring();

  constructor(services: FillServices) {
    this.#services = services;
  }

  /** Where the request `invalidates` (RFC 9111 §4.4): what is stored goes, and what is under way is not stored. */
  async invalidate(asker: OriginAsker, fill: Fill, head: OriginHead): Promise<void> {
    const { request, key, config } = asker;
    const keys = invalidatedTargets(key, head.fields);
    this.#services.inFlight.invalidate(keys, fill);
    this.#services.invalidations.record(keys, `${request.method} ${request.target}`);
    await attempt(async () => {
      await config.store.invalidate(keys);
      this.#services.events.statusChanged();
    });
  }

  /** A response that is no 304: stored when it has ended, where it is to be. Resolves when that is done. */
  async receive(asker: OriginAsker, decision: Asking, fill: Fill, outcome: PassedOn): Promise<void> {
    const { storing, head } = outcome;
    const { requestTime, responseTime } = fill;
    const outdated = outdatedBy(asker, decision, outcome);
    if (storing === null) fill.body.stopCollecting('not-asked');
    if (asker.request.method === 'HEAD' && head.status === 200) {
      await this.#freshenByHead(asker, decision, fill, { fields: head.fields, requestTime, responseTime });
    }
    // What broke off replaces nothing.
    const replaces =
      storing === null || (await this.#storeWhenEnded(asker, fill, { decision, head, storing }));
    if (replaces && outdated.length > 0 && !fill.invalidated) await this.#drop(asker, outdated);
    this.#services.inFlight.remove(fill);
    fill.body.stopCollecting();
  }

  /** A 304 (RFC 9111 §4.3.4). Another variant than the request's, or one with another Vary now, is stored for this request too. */
  confirm(
    asker: OriginAsker,
    { decision, confirmed, update, fill }: Confirmation,
  ): { readonly outcome: NotModified; readonly stored: Promise<void> } {
    const policy = asker.config.settings;
    const freshened = dated(freshen(confirmed, update, policy), update);
    const stored = forRequest(asker, freshened);
    const others = decision.matching.filter((other) => isFreshenedWith(other, confirmed));
    const storing = this.#confirmed(asker, fill, async () => {
      if (stored === 'for-one-user') return;
      if (stored === 'not-to-be-kept') await this.#drop(asker, [confirmed.id]);
      else await this.#keep(asker, fill, stored, confirmed);
      for (const other of others)
        await this.#freshen(asker, fill, dated(freshen(other, update, policy), update), other);
    });
    const served = typeof stored === 'string' ? freshened : stored;
    const outcome = { kind: 'not-modified', stored: served, validated: confirmed } as const;
    return { outcome, stored: storing };
  }

  async #keep(
    asker: OriginAsker,
    fill: Fill,
    stored: StoredResponse,
    confirmed: StoredResponse,
  ): Promise<void> {
    if (stored.id === confirmed.id) await this.#freshen(asker, fill, stored, confirmed);
    else await this.#putVariant(asker, fill, stored, confirmed);
  }

  async #drop({ config }: OriginAsker, ids: readonly string[]): Promise<void> {
    await this.#later(async () => void (await config.store.delete(ids)));
  }

  async #confirmed(asker: OriginAsker, fill: Fill, action: () => Promise<void>): Promise<void> {
    if (!fill.invalidated) await attempt(action);
    this.#services.events.statusChanged();
    this.#services.inFlight.remove(fill);
  }

  /** Found as freshened at once, written after what can be answered at once. */
  async #freshen(
    { config: { store } }: OriginAsker,
    fill: Fill,
    stored: StoredResponse,
    validated: StoredResponse,
  ): Promise<void> {
    const isInvalidated = (): boolean => fill.invalidated;
    const end = this.#services.underway.begin({ store, stored, body: null, validated, isInvalidated });
    await this.#later(async () => {
      if (!fill.invalidated) await store.freshen(stored, validated);
    });
    end();
  }

  async #freshenByHead(
    asker: OriginAsker,
    decision: Asking,
    fill: Fill,
    update: ReceivedResponse,
  ): Promise<void> {
    const { settings } = asker.config;
    const gets = decision.matching.filter(({ method }) => method === 'GET');
    await Promise.all(
      gets.map((get) => this.#freshen(asker, fill, dated(freshenByHead(get, update, settings), update), get)),
    );
  }

  async #putVariant(
    { config: { store }, request }: OriginAsker,
    fill: Fill,
    stored: StoredResponse,
    confirmed: StoredResponse,
  ): Promise<void> {
    const isInvalidated = (): boolean => fill.invalidated;
    const end = this.#services.underway.begin({
      store,
      stored,
      body: null,
      validated: confirmed,
      isInvalidated,
    });
    await this.#later(async () => {
      const body = await store.body(confirmed);
      if (body === null || fill.invalidated) return;
      await store.put(stored, body);
      // Its Vary has changed: the form in which it was stored is no longer what the origin says.
      if (matchesVary(confirmed.vary, request.fields)) await store.delete([confirmed.id]);
    });
    end();
  }

  /** @returns whether the response was whole, so that it takes the place of what was stored */
  async #storeWhenEnded(asker: OriginAsker, fill: Fill, received: Received): Promise<boolean> {
    const trailers = await fill.ended;
    const body = fill.body.collected();
    if (trailers === null || fill.invalidated) return false;
    // Too large to be kept, but the origin has another response now.
    if (body === null) return true;
    const stored = asReceived(received, withoutHopByHop(trailers), body);
    if (stored === null) return false;
    const { store } = asker.config;
    const isInvalidated = (): boolean => fill.invalidated;
    const end = this.#services.underway.begin({ store, stored, body, validated: null, isInvalidated });
    await this.#later(async () => {
      if (fill.invalidated) return;
      if (stored.partial === null) await store.put(stored, body);
      else await this.#storePart(asker, fill, received, { stored, body });
      this.#services.invalidations.forget(asker.key);
    });
    end();
    return true;
  }

  /** A part of what is stored whole says that the whole still holds; any other is put together with what is there. */
  async #storePart(
    { config: { store, settings } }: OriginAsker,
    fill: Fill,
    { decision, head }: Received,
    part: { stored: StoredResponse; body: Uint8Array },
  ): Promise<void> {
    const whole = decision.matching.find((stored) => isSameRepresentation(stored, part.stored));
    if (whole === undefined) {
      const { maxBodyBytes } = settings;
      await this.#parts.store(store, part, { maxBodyBytes, isInvalidated: () => fill.invalidated });
      return;
    }
    const { requestTime, responseTime } = fill;
    const update = { fields: head.fields, requestTime, responseTime };
    await store.freshen(dated(freshen(whole, update, settings), update), whole);
  }

  /** After what can be answered at once. */
  async #later(action: () => Promise<void>): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    await attempt(action);
    this.#services.events.statusChanged();
  }
}

/** What a 304 confirmed, as it is kept for this request from now on; or that the origin says now that it must not be, or
 *  that this 304, to a request with Authorization, is for its user alone (RFC 9111 §3.5) and changes nothing. */
function forRequest(
  { config, request }: OriginAsker,
  freshened: StoredResponse,
): StoredResponse | 'not-to-be-kept' | 'for-one-user' {
  const { method, partial, status, fields, requestTime, responseTime, forOneUser, url } = freshened;
  const kept = storable({
    request: { method, fields: request.fields, hasBody: false },
    // A part has been found usable when it came.
    response: { status: partial === null ? status : 200, fields, requestTime, responseTime },
    policy: config.settings,
    credentials: forOneUser,
    url,
  });
  const names = varyNames(fields);
  if (!kept.store) return kept.reason === 'authorization' ? 'for-one-user' : 'not-to-be-kept';
  if (names === '*') return 'not-to-be-kept';
  const stored = { ...freshened, vary: varyingFields(names, request.fields) };
  return { ...stored, id: variantId(stored) };
}

/** With what is known at the end. Null: a part that is not what it says. */
function asReceived(
  { head, storing }: Received,
  trailers: RawFields,
  body: Uint8Array,
): StoredResponse | null {
  const stored = { ...storing, trailers, bodyBytes: body.byteLength };
  if (storing.partial === null) return stored;
  const content = enclosedRange(head.fields);
  const partial = content === null ? null : receivedPart(content, body.byteLength);
  return partial === null ? null : { ...stored, partial };
}

/** Ids of what a GET could have got and the origin has now replaced (RFC 9111 §4.3.3). Errors and parts replace nothing. */
function outdatedBy({ request }: OriginAsker, decision: Asking, { storing, head }: PassedOn): string[] {
  const passes = decision.kind === 'forward' && decision.pass;
  if (request.method !== 'GET' || passes || head.status === 206) return [];
  // Who asks for a range that is not there is told nothing of the rest.
  if (storing === null && (asksForRange(request) || !replacesStored(head.status))) return [];
  return decision.matching.map(({ id }) => id).filter((id) => id !== storing?.id);
}

function replacesStored(status: number): boolean {
  return (status >= 200 && status < 400 && status !== 304) || status === 404 || status === 410;
}

function isSameRepresentation(stored: StoredResponse, received: StoredResponse): boolean {
  const validator = strongValidator(received.fields);
  const isWholeGet = stored.partial === null && stored.method === 'GET' && stored.status === 200;
  return isWholeGet && validator !== null && validator === strongValidator(stored.fields);
}

/** RFC 9110 §6.6.1: without a Date of its own the update counts from when it was received. */
function dated(stored: StoredResponse, { fields, responseTime }: ReceivedResponse): StoredResponse {
  if (hasField(fields, 'date')) return stored;
  const others = filterFields(stored.fields, (name) => name !== 'date');
  return { ...stored, fields: withDate(others, responseTime) };
}

/** A store's failure is told by its health; the exchange has had its response. */
async function attempt(action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch {
    // See above: health and the next lookup report it.
  }
}
