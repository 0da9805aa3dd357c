/**
 * Hits of the fast path, ready to be sent: the decision once it was made, and what of the head stays. A decision to
 * reuse a fresh response depends on the request's fields, on what is stored under the key, on the settings and on the
 * time: it is taken again where one of them is another, and is over when the lifetime is.
 */
import type { EngineConfig } from './engine-config';
import { firstPart, isPlain, lastPart } from './http/front/hit-head';
import type { HeadFields, ReadHead } from './http/front/read-head';
import { fieldValue, type RawFields } from './http/raw-fields';
import { ageFields, sentFields } from './http/stored-writer';
import { currentAge } from './semantics/age';
import type { Reuse } from './semantics/cache-decision';
import { cacheStatus, wholeNumber } from './semantics/cache-status';
import { decideReuse } from './semantics/decide-reuse';
import type { StoredResponse } from './semantics/stored-response';

interface HitInput {
  readonly key: string;
  readonly head: ReadHead;
  /** What is stored under the key: another array where anything of it is another. */
  readonly candidates: readonly StoredResponse[];
  readonly partition: string;
  readonly config: EngineConfig;
}

/**
 * The hit that was prepared for them last; null: it was not kept. On the array itself: it is at hand whenever the
 * lookup's answer is.
 */
const PREPARED = Symbol('prepared hit');

type Candidates = readonly StoredResponse[] & { [PREPARED]?: PreparedHit | null };

/** So many are kept; the one prepared first goes. */
const MOST_HITS = 32_768;
const GENERATION_LAST_PARTS = 1024;
/** More than a lifetime can be, and an age up to which both make one number. */
const LONGEST_TTL = 2 ** 32;
const NAMED_SECONDS = 2 ** 20;

export class PreparedHits {
  readonly #lastParts = new LastParts();
  /** All that have one, in the order of preparing. */
  readonly #ring: Candidates[] = [];
  #next = 0;

  /** Null: not answered from the store, or not as plainly as the fast path does. */
  hit(input: HitInput, now: number): PreparedHit | null {
    const candidates: Candidates = input.candidates;
    const known = candidates[PREPARED];
    if (known?.isFor(input) === true && known.isFresh(now)) return known;
    const decision = decide(input, now);
    if (decision === null) return null;
    const fields = sentFields(decision.stored, input.config.settings);
    if (!isPlain(decision.stored, fields)) return null;
    const hit = new PreparedHit(input, decision, fields);
    // Kept from the second time on: much is asked for once.
    if (known === null) this.#makeRoomFor(candidates);
    candidates[PREPARED] = known === undefined ? null : hit;
    return hit;
  }

  /** What follows the hit's first part; `idleSeconds`: null: the connection closes. */
  lastPart({ content: { stored } }: PreparedHit, now: number, idleSeconds: number | null): string {
    const ageSeconds = currentAge(stored, now);
    return this.#lastParts.part(ageSeconds, stored.lifetimeSeconds - ageSeconds, idleSeconds);
  }

  #makeRoomFor(candidates: Candidates): void {
    const first = this.#ring[this.#next];
    if (first !== undefined) first[PREPARED] = null;
    this.#ring[this.#next] = candidates;
    this.#next = (this.#next + 1) % MOST_HITS;
  }
}

/** Only a fresh, whole response; anything else the careful way decides again, and does. */
function decide({ head, candidates, partition, config }: HitInput, now: number): Reuse | null {
  const request = { method: head.method, fields: head.fields.lines, hasBody: false };
  const decision = decideReuse({ request, candidates, partition, policy: config.settings, now });
  if (decision.kind !== 'reuse' || decision.background !== null) return null;
  if (decision.reason !== 'fresh' || decision.answer.kind !== 'whole') return null;
  return decision;
}

/** What a hit answers with, its body and the time aside: as much of it as the log keeps. */
export interface HitContent {
  readonly key: string;
  readonly partition: string;
  readonly stored: StoredResponse;
  readonly facts: Reuse['facts'];
  /** What is sent, but for Age, X-Cache and Cache-Status. */
  readonly fields: RawFields;
  readonly contentType: string | null;
}

export class PreparedHit {
  readonly content: HitContent;
  readonly firstPart: string;
  readonly #method: ReadHead['method'];
  readonly #config: EngineConfig;
  /** The request's fields chose among variants: it is for those alone. */
  readonly #chosenBy: HeadFields | null;

  constructor(
    { key, head, candidates, partition, config }: HitInput,
    { stored, facts }: Reuse,
    fields: RawFields,
  ) {
    const contentType = fieldValue(fields, 'content-type') ?? null;
    this.content = { key, partition, stored, facts, fields, contentType };
    this.firstPart = firstPart(stored, fields);
    this.#method = head.method;
    this.#config = config;
    this.#chosenBy = candidates.some(({ vary }) => vary.length > 0) ? head.fields : null;
  }

  /** Of a request with the same candidates. */
  isFor({ head, partition, config }: HitInput): boolean {
    return (
      config === this.#config &&
      partition === this.content.partition &&
      head.method === this.#method &&
      (this.#chosenBy === null || this.#chosenBy === head.fields)
    );
  }

  isFresh(now: number): boolean {
    const { stored } = this.content;
    return currentAge(stored, now) < stored.lifetimeSeconds;
  }
}

/** Last parts of heads, which all hits of the same age and lifetime share. */
class LastParts {
  #young = new Map<number, string>();
  #old = new Map<number, string>();
  #idleSeconds = -1;

  part(ageSeconds: number, ttlSeconds: number, idleSeconds: number | null): string {
    if (idleSeconds === null || ageSeconds >= NAMED_SECONDS)
      return partFor(ageSeconds, ttlSeconds, idleSeconds);
    if (idleSeconds !== this.#idleSeconds || this.#young.size >= GENERATION_LAST_PARTS)
      this.#age(idleSeconds);
    const name = Math.floor(ageSeconds) * LONGEST_TTL + wholeNumber(ttlSeconds);
    const known = this.#young.get(name) ?? this.#old.get(name);
    if (known !== undefined) return known;
    const part = partFor(ageSeconds, ttlSeconds, idleSeconds);
    this.#young.set(name, part);
    return part;
  }

  #age(idleSeconds: number): void {
    this.#old = idleSeconds === this.#idleSeconds ? this.#young : new Map();
    this.#young = new Map();
    this.#idleSeconds = idleSeconds;
  }
}

function partFor(ageSeconds: number, ttlSeconds: number, idleSeconds: number | null): string {
  return lastPart(ageFields(ageSeconds, cacheStatus({ hit: true, ttlSeconds })), idleSeconds);
}
