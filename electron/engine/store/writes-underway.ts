/**
 * Responses on their way into a store: whoever asks meanwhile finds them as if they were there. A write
 * begins when the client has its answer and ends when the store has it, which with Redis takes a round trip.
 */
import type { StoredResponse } from '../semantics/stored-response';
import type { ResponseStore } from './response-store';

export interface Write {
  readonly store: ResponseStore;
  readonly stored: StoredResponse;
  /** Null: freshened; the body is that of `validated`. */
  readonly body: Uint8Array | null;
  readonly validated: StoredResponse | null;
  /** Cleared or invalidated meanwhile. */
  readonly isInvalidated: () => boolean;
}

/** A lookup that is under way itself: what ended meanwhile it may or may not have seen. */
interface Lookup {
  readonly key: string;
  wroteMeanwhile: boolean;
}

export class WritesUnderway {
  readonly #byKey = new Map<string, Set<Write>>();
  readonly #lookups = new Set<Lookup>();

  /** Returns the function that ends it. */
  begin(write: Write): () => void {
    const { key } = write.stored;
    const writes = this.#byKey.get(key) ?? new Set<Write>();
    writes.add(write);
    this.#byKey.set(key, writes);
    return () => {
      for (const lookup of this.#lookups) lookup.wroteMeanwhile ||= lookup.key === key;
      writes.delete(write);
      if (writes.size === 0 && this.#byKey.get(key) === writes) this.#byKey.delete(key);
    };
  }

  /** As `merged`, of a lookup that takes its time: once more where a write under `key` ended meanwhile. */
  async mergedLater(
    store: ResponseStore,
    key: string,
    finding: Promise<readonly StoredResponse[]>,
  ): Promise<readonly StoredResponse[]> {
    const lookup: Lookup = { key, wroteMeanwhile: false };
    this.#lookups.add(lookup);
    try {
      const found = await finding;
      return this.merged(store, key, lookup.wroteMeanwhile ? await store.lookup(key) : found);
    } finally {
      this.#lookups.delete(lookup);
    }
  }

  /** What the store says under `key`, and in place of it what is underway. */
  merged(store: ResponseStore, key: string, found: readonly StoredResponse[]): readonly StoredResponse[] {
    const writes = this.#byKey.get(key);
    if (writes === undefined) return found;
    const byId = new Map(found.map((stored) => [stored.id, stored]));
    for (const write of writes) {
      if (write.store === store && !write.isInvalidated()) byId.set(write.stored.id, write.stored);
    }
    return [...byId.values()];
  }

  /** The write that brought `stored` to who looked it up. */
  of(stored: StoredResponse): Write | undefined {
    const writes = this.#byKey.get(stored.key);
    if (writes === undefined) return undefined;
    for (const write of writes) if (write.stored === stored) return write;
    return undefined;
  }
}
