/** Puts a received part together with the stored one, one after another for each response (RFC 9111 §3.4). */
import { combinedFields } from './semantics/freshening';
import { combineRanges, isWhole, type Part } from './semantics/partial-content';
import type { StoredResponse } from './semantics/stored-response';
import { strongValidator } from './semantics/validator';
import { variantId } from './semantics/vary';
import type { ResponseStore } from './store/response-store';

/** A stored response of status 206, and its body. */
interface StoredPart {
  readonly stored: StoredResponse;
  readonly body: Uint8Array;
}

interface PartLimits {
  /** Parts that would be larger together stay apart: the last one counts. */
  readonly maxBodyBytes: number;
  readonly isInvalidated: () => boolean;
}

export class PartStoring {
  /** The last write of each id that is under way. */
  readonly #writing = new Map<string, Promise<void>>();

  /** Rejects where the store fails. */
  async store(store: ResponseStore, received: StoredPart, limits: PartLimits): Promise<void> {
    const { id } = received.stored;
    const write = (): Promise<void> => combineAndPut(store, received, limits);
    const before = this.#writing.get(id) ?? Promise.resolve();
    const done = before.then(write, write);
    this.#writing.set(id, done);
    try {
      await done;
    } finally {
      if (this.#writing.get(id) === done) this.#writing.delete(id);
    }
  }
}

async function combineAndPut(
  store: ResponseStore,
  received: StoredPart,
  { maxBodyBytes, isInvalidated }: PartLimits,
): Promise<void> {
  const combined = await combinedWithHeld(store, received);
  const { stored, body } = combined === null || combined.body.byteLength > maxBodyBytes ? received : combined;
  if (isInvalidated()) return;
  if (stored.partial === null || !isWhole(stored.partial)) await store.put(stored, body);
  else {
    await store.put(asWhole(stored), body);
    await store.delete([stored.id]);
  }
}

/** Null: nothing is held, or it is not of the same representation, for all that can be proven. */
async function combinedWithHeld(
  store: ResponseStore,
  { stored, body }: StoredPart,
): Promise<StoredPart | null> {
  const held = (await store.lookup(stored.key)).find(({ id }) => id === stored.id);
  const validator = strongValidator(stored.fields);
  if (held === undefined || validator === null || validator !== strongValidator(held.fields)) return null;
  if (held.partial === null || stored.partial === null) return null;
  const heldBody = await store.body(held);
  if (heldBody === null) return null;
  const heldPart: Part = { content: held.partial, body: heldBody };
  const combined = combineRanges(heldPart, { content: stored.partial, body });
  if (combined === null) return null;
  const fields = combinedFields(held.fields, stored.fields);
  const bodyBytes = combined.body.byteLength;
  return { stored: { ...stored, fields, bodyBytes, partial: combined.content }, body: combined.body };
}

/** Every byte is there: from now on a complete response. */
function asWhole(stored: StoredResponse): StoredResponse {
  const fields = [...stored.fields, 'Content-Length', String(stored.bodyBytes)];
  const whole = { ...stored, partial: null, status: 200, statusText: 'OK', fields };
  return { ...whole, id: variantId(whole) };
}
