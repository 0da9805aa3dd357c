/** Reads from the store on the request's path, what is underway into it included: a failure is a value, never an exception that costs a response. */
import type { Exchange } from './exchange';
import type { StoredResponse } from './semantics/stored-response';
import type { MaybePromise } from './store/response-store';
import type { WritesUnderway } from './store/writes-underway';

/** The store failed at once; a promise of it rejects. Its health tells the window. */
export const FAILED = Symbol('failed');

export class StoreReading {
  readonly #underway: WritesUnderway;

  constructor(underway: WritesUnderway) {
    this.#underway = underway;
  }

  candidatesFor({
    config: { store },
    key,
  }: Exchange): MaybePromise<readonly StoredResponse[]> | typeof FAILED {
    try {
      const found = store.lookup(key);
      return found instanceof Promise
        ? this.#underway.mergedLater(store, key, found)
        : this.#underway.merged(store, key, found);
    } catch {
      return FAILED;
    }
  }

  /** Null: gone since the lookup. */
  bodyOrFailure(
    { config }: Exchange,
    stored: StoredResponse,
  ): MaybePromise<Uint8Array | null> | typeof FAILED {
    const write = this.#underway.of(stored);
    if (write !== undefined && write.body !== null) return write.body;
    try {
      return config.store.body(write?.validated ?? stored);
    } catch {
      return FAILED;
    }
  }

  /** Null: gone, or the store failed. */
  async bodyOf(exchange: Exchange, stored: StoredResponse): Promise<Uint8Array | null> {
    try {
      const body = await this.bodyOrFailure(exchange, stored);
      return body === FAILED ? null : body;
    } catch {
      return null;
    }
  }
}
