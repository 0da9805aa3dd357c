/**
 * Makes hot what was packed: the variants of a key for a lookup, a body for a hit. On the request's path of the memory
 * store, where something was not asked for of late.
 */
import type { StoredResponse } from '../../semantics/stored-response';
import { decodeBody } from '../codec';
import type { ColdResponses } from './cold-responses';
import { HeldResponse, onlyVariant, type HotResponses } from './hot-responses';
import type { MemoryOnDisk } from './memory-on-disk';
import type { MaybePromise } from '../response-store';

const NONE: readonly StoredResponse[] = Object.freeze([]);

interface WarmingOptions {
  /** What is held by now, and where. */
  readonly cold: () => ColdResponses;
  readonly hot: () => HotResponses;
  readonly disk: () => MemoryOnDisk | null;
  /** More is hot than before. */
  readonly grown: () => void;
  /** The row's body is not to be had any more. */
  readonly lost: (row: number) => void;
}

/** So many keys that are not hot are remembered; a power of two. */
const MET_KEYS = 65_536;

export class Warming {
  readonly #options: WarmingOptions;
  /** Hashes of keys, each in its place. */
  readonly #met = new Int32Array(MET_KEYS);

  constructor(options: WarmingOptions) {
    this.#options = options;
  }

  /** The variants of a key that is not hot. */
  variants(key: string): readonly StoredResponse[] {
    const cold = this.#options.cold();
    const rows = cold.rowsOf(key);
    if (rows.length === 0) return NONE;
    if (rows.length > 1) rows.sort((one, other) => cold.sequence(other) - cold.sequence(one));
    return this.#options.hot().warm(
      key,
      rows.map((row) => [cold.record(row).stored(), new HeldResponse(row, cold.sequence(row))]),
    );
  }

  /** The key becomes hot, and this body with it. */
  body({ key, id }: StoredResponse, row: number): MaybePromise<Uint8Array | null> {
    const { cold, hot, grown } = this.#options;
    if (hot().variants(key) === undefined) this.variants(key);
    const held = hot().held(key, id);
    if (held === undefined) return this.read(row);
    const body = held.body ?? held.loading ?? this.read(row);
    if (body instanceof Promise) held.loading ??= this.#heated(held, body);
    else if (body !== null) hot().setBody(held, body, !cold().isBeside(row, body));
    grown();
    return body instanceof Promise ? held.loading : body;
  }

  /** As `body`, where nothing has to be read or decoded for it; its bytes are to be used at once. */
  bodyNow(stored: StoredResponse, { row, family }: HeldResponse): Uint8Array | null {
    const cold = this.#options.cold();
    const record = cold.record(row);
    if (!record.kept || record.isGzip) return null;
    const body = family === null ? cold.view(row) : this.body(stored, row);
    return body instanceof Promise ? null : body;
  }

  /**
   * The only variant of a key that was not asked for of late: nothing becomes hot with it, since who reads through
   * all there is would make everything hot once. Null: more variants, or not the first time.
   */
  only(key: string): readonly StoredResponse[] | null {
    const cold = this.#options.cold();
    const rows = cold.rowsOf(key);
    const [row] = rows;
    if (row === undefined) return NONE;
    if (rows.length > 1 || this.#wasMet(cold.keyHash(row))) return null;
    return onlyVariant(cold.record(row).stored(), new HeldResponse(row, cold.sequence(row)));
  }

  /** By hash: two keys that share a place forget each other. */
  #wasMet(hash: number): boolean {
    const place = hash & (MET_KEYS - 1);
    if (this.#met[place] === hash) return true;
    this.#met[place] = hash;
    return false;
  }

  /** As the origin sent it: at once where it is in memory in that form. */
  read(row: number): MaybePromise<Uint8Array | null> {
    const cold = this.#options.cold();
    const record = cold.record(row);
    if (!record.kept || record.isGzip) return this.#decoded(row);
    return cold.kept(row);
  }

  async #heated(held: HeldResponse, reading: Promise<Uint8Array | null>): Promise<Uint8Array | null> {
    const { cold, hot, grown } = this.#options;
    const then = hot();
    try {
      const body = await reading;
      const isCurrent = then === hot() && cold().sequence(held.row) === held.sequence;
      if (body !== null && isCurrent) then.setBody(held, body, true);
      grown();
      return body;
    } finally {
      held.loading = null;
    }
  }

  async #decoded(row: number): Promise<Uint8Array | null> {
    const { cold, disk, lost } = this.#options;
    const record = cold().record(row);
    const sequence = cold().sequence(row);
    const facts = record.facts();
    const kept = cold().kept(row) ?? (await disk()?.body(record.id(), facts.version)) ?? null;
    const body = kept === null ? null : await decodeBody(facts, kept);
    if (body === null && cold().sequence(row) === sequence) lost(row);
    return body;
  }
}
