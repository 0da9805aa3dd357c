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

/** A Map hands its table on when it grows or shrinks, and the collector of young objects keeps what the old table held
 *  for as long as that is not collected itself. So the Map holds only these, which are emptied when the fill is over. */
interface Place {
  inFlight: InFlight | null;
  readonly collapseKey: string | null;
}

export function createFillsInFlight(): FillsInFlight {
  const shared = new Map<string, Place>();
  /** Each at the number that its fill knows. */
  const all: Place[] = [];

  const unshare = (place: Place): void => {
    const { collapseKey } = place;
    if (collapseKey !== null && shared.get(collapseKey) === place) shared.delete(collapseKey);
  };
  const invalidateWhere = (matches: (fill: Fill) => boolean): void => {
    for (const place of all) {
      const fill = place.inFlight?.fill;
      if (fill === undefined || !matches(fill)) continue;
      fill.invalidated = true;
      unshare(place);
    }
  };
  const put = (place: Place, number: number): void => {
    all[number] = place;
    if (place.inFlight !== null) place.inFlight.fill.inFlightNumber = number;
  };

  return {
    find: (collapseKey) => shared.get(collapseKey)?.inFlight ?? undefined,
    add: (inFlight, collapseKey) => {
      const place: Place = { inFlight, collapseKey };
      put(place, all.length);
      if (collapseKey !== null) shared.set(collapseKey, place);
    },
    remove: (fill) => {
      const number = fill.inFlightNumber;
      const place = number === null ? undefined : all[number];
      const last = all.at(-1);
      if (number === null || place === undefined || last === undefined) return;
      put(last, number);
      all.pop();
      fill.inFlightNumber = null;
      unshare(place);
      place.inFlight = null;
    },
    invalidate: (keys, by) => invalidateWhere((fill) => fill !== by && keys.includes(fill.key)),
    invalidateAll: () => invalidateWhere(() => true),
  };
}
