/** A persistence in memory, for the memory store's tests: it outlives the store, and does what a disk does. */
import type { PersistenceStatus } from '../../../../../shared/engine-status';
import type { StoredRecord } from '../../codec';
import type { Persistence } from '../../persistence';

interface Kept {
  readonly record: StoredRecord;
  readonly kept: Uint8Array;
}

export class KeptElsewhere implements Persistence {
  readonly secret = new Uint8Array(32).fill(7);
  bodies = new Map<string, Kept>();
  cleared = new Map<string, Kept>();
  /** As a full disk does. */
  refuses = false;
  closed = false;
  #listener: (ids: readonly string[]) => void = () => undefined;

  restored(): readonly StoredRecord[] {
    return [...this.bodies.values()].map(({ record }) => record);
  }

  put(record: StoredRecord, kept: Uint8Array): boolean {
    const { id } = record.stored;
    this.remove([id]);
    if (this.refuses) return false;
    this.bodies.set(id, { record: structuredClone(record), kept: Uint8Array.from(kept) });
    return true;
  }

  freshen(record: StoredRecord): boolean {
    const { id } = record.stored;
    const before = this.bodies.get(id);
    if (before?.record.body.version !== record.body.version) return false;
    this.bodies.set(id, { record: structuredClone(record), kept: before.kept });
    return true;
  }

  remove(ids: readonly string[]): void {
    for (const id of ids) {
      this.bodies.delete(id);
      this.cleared.delete(id);
    }
  }

  clear(isKept = false): void {
    this.cleared = isKept ? this.bodies : new Map();
    this.bodies = new Map();
  }

  undoClear(): void {
    this.bodies = new Map([...this.cleared, ...this.bodies]);
    this.cleared = new Map();
  }

  dropCleared(): void {
    this.cleared = new Map();
  }

  has(id: string, version: string): boolean {
    return this.bodies.get(id)?.record.body.version === version;
  }

  async body(id: string, version: string): Promise<Uint8Array | null> {
    await new Promise((resolve) => setImmediate(resolve));
    return this.has(id, version) ? (this.bodies.get(id)?.kept ?? null) : null;
  }

  onDropped(listener: (ids: readonly string[]) => void): void {
    this.#listener = listener;
  }

  /** As a disk over its budget does. */
  drop(id: string): void {
    if (this.bodies.delete(id) || this.cleared.delete(id)) this.#listener([id]);
  }

  damage(id: string): void {
    const { kept } = this.bodies.get(id) ?? this.cleared.get(id) ?? {};
    if (kept !== undefined && kept.length > 0) kept[kept.length >> 1] = (kept[kept.length >> 1] ?? 0) ^ 1;
  }

  setBudget(): void {
    // It has no end.
  }

  status(): PersistenceStatus {
    let bytes = 0;
    for (const { kept } of this.bodies.values()) bytes += kept.byteLength;
    return { state: 'on', message: null, bytes, budgetBytes: Infinity };
  }

  onStatus(): void {
    // Its state never changes.
  }

  flushed(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
}
