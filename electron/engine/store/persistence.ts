/**
 * What the memory store asks of its persistence: an own copy of what it stores, on disk, behind
 * the request's path. Writes are queued and never fail the caller; what the disk refuses is told by the status.
 * disk/open-persistence.ts makes one.
 */
import type { PersistenceStatus } from '../../../shared/engine-status';
import type { StoredRecord } from './codec';

export interface Persistence {
  /** Secret for the keyed hash of credentials in cache keys: as long-lived as what it partitions. */
  readonly secret: Uint8Array;

  /** What was found at the start, in the order in which it was stored; without bodies. Called once. */
  restored(): readonly StoredRecord[];

  /** Replaces the same id. False: left out, because the disk fails or cannot keep up; then the id is not on disk. */
  put(record: StoredRecord, kept: Uint8Array): boolean;

  /** New metadata for a body that is on disk: same id and body version. False: not on disk. */
  freshen(record: StoredRecord): boolean;

  remove(ids: readonly string[]): void;
  /** `isKept`: for an undo, until it is dropped; a restart does not find it, and it counts towards the budget. */
  clear(isKept?: boolean): void;
  /** Puts back what the last clear kept, but for ids that were removed or stored since. Durable as a whole. */
  undoClear(): void;
  /** What the last clear kept goes for good. */
  dropCleared(): void;

  /** Whether `body` can be read: of this id and version, written or on its way. */
  has(id: string, version: string): boolean;

  /** A body as it was kept, unchecked (decodeBody checks it). Null: not on disk, or not to be read. */
  body(id: string, version: string): Promise<Uint8Array | null>;

  /** Called with ids that left the disk by themselves: over budget, damaged, or refused by a full disk. */
  onDropped(listener: (ids: readonly string[]) => void): void;

  setBudget(bytes: number): void;
  status(): PersistenceStatus;
  /** Called when `status().state` changes. */
  onStatus(listener: (status: PersistenceStatus) => void): void;

  /** Until all that was queued is written. */
  flushed(): Promise<void>;
  /** Writes what is queued and lets the folder go. */
  close(): Promise<void>;
}
