/** Which fills are under way: by collapse key, to share them, and by primary key, to invalidate them. */
import type { EngineConfig } from '../engine-config';
import type { FillOutcome } from './fill-outcome';
import type { Fill } from './fill';

export interface InFlight {
  /** Settings and all that the exchange began with; only exchanges of the same follow. */
  readonly config: EngineConfig;
  readonly fill: Fill;
  readonly outcome: Promise<FillOutcome>;
  /** Resolves when what it fetched is stored, or is not going to be. */
  readonly stored: Promise<void>;
}

export interface FillsInFlight {
  find(collapseKey: string): InFlight | undefined;
  /** `collapseKey` null: not shared, but invalidated like the others. */
  add(inFlight: InFlight, collapseKey: string | null): void;
  remove(fill: Fill): void;
  /** What is under way for these primary keys is not stored, and not joined any more; but for the fill that invalidates, if one of these did. */
  invalidate(keys: readonly string[], by: Fill | null): void;
  invalidateAll(): void;
}

export function createFillsInFlight(): FillsInFlight {
  const shared = new Map<string, InFlight>();
  const all = new Map<Fill, string | null>();

  const unshare = (fill: Fill): void => {
    const collapseKey = all.get(fill);
    if (collapseKey !== null && collapseKey !== undefined && shared.get(collapseKey)?.fill === fill) {
      shared.delete(collapseKey);
    }
  };
  const invalidateWhere = (matches: (fill: Fill) => boolean): void => {
    for (const fill of all.keys()) {
      if (!matches(fill)) continue;
      fill.invalidated = true;
      unshare(fill);
    }
  };

  return {
    find: (collapseKey) => shared.get(collapseKey),
    add: (inFlight, collapseKey) => {
      all.set(inFlight.fill, collapseKey);
      if (collapseKey !== null) shared.set(collapseKey, inFlight);
    },
    remove: (fill) => {
      unshare(fill);
      all.delete(fill);
    },
    invalidate: (keys, by) => invalidateWhere((fill) => fill !== by && keys.includes(fill.key)),
    invalidateAll: () => invalidateWhere(() => true),
  };
}
