/** Reads from the store on the request's path: a failure is a value, never an exception that costs a response. */
import type { Exchange } from './exchange';
import type { StoredResponse } from './semantics/stored-response';
import type { MaybePromise } from './store/response-store';

/** The store failed at once; a promise of it rejects. Its health tells the window. */
export const FAILED = Symbol('failed');

export function candidatesFor({
  config,
  key,
}: Exchange): MaybePromise<readonly StoredResponse[]> | typeof FAILED {
  try {
    return config.store.lookup(key);
  } catch {
    return FAILED;
  }
}

/** Null: gone since the lookup. */
export function bodyOrFailure(
  { config }: Exchange,
  stored: StoredResponse,
): MaybePromise<Uint8Array | null> | typeof FAILED {
  try {
    return config.store.body(stored);
  } catch {
    return FAILED;
  }
}

/** Null: gone, or the store failed. */
export async function bodyOf({ config }: Exchange, stored: StoredResponse): Promise<Uint8Array | null> {
  try {
    return await config.store.body(stored);
  } catch {
    return null;
  }
}
