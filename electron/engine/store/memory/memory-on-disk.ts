/**
 * The memory store's side of its persistence: what is stored becomes records for the disk, and what the disk has
 * becomes stored responses without a body in memory. Behind the request's path.
 */
import type { PersistenceStatus } from '../../../../shared/engine-status';
import { nextTurn } from './body-encoding';
import type { BodyRecord, StoredRecord } from '../codec';
import { pack, type ColdResponses } from './cold-responses';
import { NO_ROW } from './columns';
import type { PackedResponse } from './packed-response';
import type { Persistence } from '../persistence';
import { keepMs } from '../keep-time';

/** What is restored before anything else happens: some thousand responses. */
const FIRST_TURN_MS = 15;
const TURN_MS = 5;

/** While responses are being restored. */
interface RemovedMeanwhile {
  readonly ids: Set<string>;
  readonly keys: Set<string>;
}

export const NOT_PERSISTED: PersistenceStatus = { state: 'off', message: null, bytes: 0, budgetBytes: 0 };

export class MemoryOnDisk {
  readonly #persistence: Persistence;
  readonly #now: () => number;
  /** Null: nothing is being restored. */
  #removed: RemovedMeanwhile | null = null;

  constructor(persistence: Persistence, now: () => number) {
    this.#persistence = persistence;
    this.#now = now;
  }

  /**
   * Adds what was found at the start and is still worth keeping, in short turns: `current` is what is held by then,
   * `added` is called after each. What was stored or removed since is newer.
   */
  async restore(current: () => ColdResponses, added: () => void): Promise<void> {
    const found = this.#persistence.restored();
    const removed: RemovedMeanwhile = { ids: new Set(), keys: new Set() };
    this.#removed = removed;
    let turnEnds = performance.now() + FIRST_TURN_MS;
    for (const record of found) {
      if (this.#removed !== removed) return;
      this.#restoreOne(record, current(), removed);
      if (performance.now() < turnEnds) continue;
      added();
      await nextTurn();
      turnEnds = performance.now() + TURN_MS;
    }
    this.#removed = null;
    added();
  }

  #restoreOne(
    { stored, body, keepUntil }: StoredRecord,
    cold: ColdResponses,
    removed: RemovedMeanwhile,
  ): void {
    const { id, key } = stored;
    const isOutdated = keepUntil <= this.#now() || removed.keys.has(key);
    if (removed.ids.has(id) || cold.rowOf(id) !== NO_ROW) return;
    if (isOutdated) this.#persistence.remove([id]);
    else cold.add(pack(stored, { ...body, onDisk: true, kept: false }, null));
  }

  get isRestoring(): boolean {
    return this.#removed !== null;
  }

  /** Of what may be on disk and not be restored yet. */
  forget(id: string): void {
    if (this.#removed === null) return;
    this.#removed.ids.add(id);
    this.#persistence.remove([id]);
  }

  forgetKeys(keys: readonly string[]): void {
    for (const key of keys) this.#removed?.keys.add(key);
  }

  /** False: not on disk. */
  put(record: PackedResponse, body: BodyRecord, kept: Uint8Array): boolean {
    return this.#persistence.put(this.#record(record, body), kept);
  }

  /** False: it was on disk, but is no longer. */
  freshen(record: PackedResponse): boolean {
    if (!record.onDisk) return true;
    const { version, checksum, encoding, bytes, storedBytes } = record.facts();
    return this.#persistence.freshen(
      this.#record(record, { version, checksum, encoding, bytes, storedBytes }),
    );
  }

  #record(record: PackedResponse, body: BodyRecord): StoredRecord {
    const stored = record.stored();
    const now = this.#now();
    return { stored, body, keepUntil: now + keepMs(stored, now) };
  }

  remove(id: string): void {
    this.#persistence.remove([id]);
  }

  clear(isKept = false): void {
    this.#removed = null;
    this.#persistence.clear(isKept);
  }

  undoClear(): void {
    this.#persistence.undoClear();
  }

  dropCleared(): void {
    this.#persistence.dropCleared();
  }

  body(id: string, version: string): Promise<Uint8Array | null> {
    return this.#persistence.body(id, version);
  }

  status(): PersistenceStatus {
    return this.#persistence.status();
  }

  close(): Promise<void> {
    this.#removed = null;
    return this.#persistence.close();
  }
}
