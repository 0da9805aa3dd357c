/**
 * What of the memory store has been looked up of late, as objects: the variants of a key in an array that a lookup
 * hands out, and bodies as a response needs them. A hit on the request's path finds all it needs here. Least recently
 * used keys go; their responses stay, packed, in ColdResponses.
 */
import type { StoredResponse } from '../../semantics/stored-response';
import { accountedBytes } from '../memory-accounting';
import { RecencyList, type RecencyNode } from '../recency-list';

/** What one put has brought, for whoever has an object of it: lookups after it went cold have others. */
export class HeldResponse {
  readonly row: number;
  readonly sequence: number;
  /** Null: not hot. */
  family: HotFamily | null = null;
  /** As the origin sent it. Null: to be fetched first. */
  body: Uint8Array | null = null;
  /** Whether the body is kept in no other place in this form. */
  ownsBody = false;
  loading: Promise<Uint8Array | null> | null = null;

  constructor(row: number, sequence: number) {
    this.row = row;
    this.sequence = sequence;
  }
}

/** All variants of one key. */
interface HotFamily extends RecencyNode<HotFamily> {
  readonly key: string;
  /** Replaced, never changed: a caller may hold one. Most recent first. */
  variants: readonly StoredResponse[];
  /** Of each variant, by id. */
  readonly held: Map<string, HeldResponse>;
  bytes: number;
}

/** What the only variant of a key that is not hot stands for: on the array itself, which nobody else remembers. */
const HELD = Symbol('held response');

interface Variants extends ReadonlyArray<StoredResponse> {
  [HELD]?: HeldResponse;
}

export function onlyVariant(stored: StoredResponse, held: HeldResponse): readonly StoredResponse[] {
  const variants: Variants = [stored];
  variants[HELD] = held;
  return variants;
}

/** Undefined: the array is not of one variant, or was not made by `onlyVariant`. */
export function heldIn(variants: Variants): HeldResponse | undefined {
  return variants[HELD];
}

export class HotResponses {
  readonly #byKey = new Map<string, HotFamily>();
  readonly #recency = new RecencyList<HotFamily>();
  readonly #known = new WeakMap<StoredResponse, HeldResponse>();
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  /** Undefined: not hot. */
  variants(key: string): readonly StoredResponse[] | undefined {
    return this.#byKey.get(key)?.variants;
  }

  /** What this object was looked up or stored as, whatever became of it since. */
  heldBy(stored: StoredResponse): HeldResponse | undefined {
    return this.#known.get(stored);
  }

  /** Of a response that is hot. */
  held(key: string, id: string): HeldResponse | undefined {
    return this.#byKey.get(key)?.held.get(id);
  }

  /** Remembers what an object stands for, and has it among its key's variants, where the key is hot. */
  put(stored: StoredResponse, row: number, sequence: number): void {
    const family = this.#byKey.get(stored.key);
    const held = family?.held.get(stored.id) ?? new HeldResponse(row, sequence);
    this.#known.set(stored, held);
    if (family === undefined) return;
    held.family = family;
    family.held.set(stored.id, held);
    const others = family.variants.filter(({ id }) => id !== stored.id);
    family.variants = others.length === 0 ? [stored] : [stored, ...others].sort(mostRecentFirst);
    this.#recount(family);
  }

  /** Makes a key hot that is not. `variants`: all of them, the last stored first. */
  warm(
    key: string,
    variants: readonly (readonly [StoredResponse, HeldResponse])[],
  ): readonly StoredResponse[] {
    const held = new Map<string, HeldResponse>();
    const stored = variants.map(([each]) => each);
    if (stored.length > 1) stored.sort(mostRecentFirst);
    const family: HotFamily = { key, variants: stored, held, bytes: 0, older: null, newer: null };
    for (const [each, one] of variants) {
      one.family = family;
      held.set(each.id, one);
      this.#known.set(each, one);
    }
    this.#byKey.set(key, family);
    this.#recency.add(family);
    this.#recount(family);
    return stored;
  }

  touch({ family }: HeldResponse): void {
    if (family !== null) this.#recency.touch(family);
  }

  /** `owned`: kept in no other place in this form. */
  setBody(held: HeldResponse, body: Uint8Array, owned: boolean): void {
    if (held.family === null) return;
    held.body = body;
    held.ownsBody = owned;
    this.#recount(held.family);
  }

  remove(key: string, id: string): void {
    const family = this.#byKey.get(key);
    const held = family?.held.get(id);
    if (family === undefined || held === undefined) return;
    coolDown(held);
    family.held.delete(id);
    family.variants = family.variants.filter((variant) => variant.id !== id);
    if (family.held.size === 0) this.#drop(family);
    else this.#recount(family);
  }

  /** Least recently used keys go until no more than this is left. */
  trim(bytes: number): void {
    let oldest = this.#recency.oldest;
    while (this.#bytes > bytes && oldest !== null) {
      this.#drop(oldest);
      oldest = this.#recency.oldest;
    }
  }

  /** The bytes, counted anew from what is there. `isKept`: whether the row's body is kept as these very bytes. */
  recount(isKept: (row: number, body: Uint8Array) => boolean): number {
    let bytes = 0;
    for (const { variants, held } of this.#byKey.values()) {
      for (const stored of variants) {
        const { row, body } = held.get(stored.id) ?? { row: 0, body: null };
        bytes += accountedBytes(stored, body === null || isKept(row, body) ? 0 : body.byteLength);
      }
    }
    return bytes;
  }

  #drop(family: HotFamily): void {
    for (const held of family.held.values()) coolDown(held);
    this.#byKey.delete(family.key);
    this.#recency.remove(family);
    this.#bytes -= family.bytes;
  }

  #recount(family: HotFamily): void {
    const bytes = familyBytes(family);
    this.#bytes += bytes - family.bytes;
    family.bytes = bytes;
  }
}

function coolDown(held: HeldResponse): void {
  held.family = null;
  held.body = null;
  held.ownsBody = false;
}

function familyBytes({ variants, held }: HotFamily): number {
  let bytes = 0;
  for (const stored of variants) {
    const { body, ownsBody } = held.get(stored.id) ?? {};
    bytes += accountedBytes(stored, ownsBody === true ? (body?.byteLength ?? 0) : 0);
  }
  return bytes;
}

function mostRecentFirst(one: StoredResponse, other: StoredResponse): number {
  return other.responseTime - one.responseTime;
}
