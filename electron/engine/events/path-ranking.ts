/**
 * The heaviest paths among any number of them, in bounded memory (Metwally's space-saving, forgetting in batches):
 * a path that weighs more than 1/250 of all is never forgotten.
 */
import type { MissCause } from '../../../shared/insights';

/** Kept when it is full, and full. */
const KEPT = 250;
const FULL = 500;
const LONGEST_PATH = 256;

export interface RankedPath {
  readonly path: string;
  /** What was counted since the path was last new here: never more than the truth. */
  weight: number;
  /** What may have been counted and forgotten before that. */
  owed: number;
  times: number;
  largest: number;
  readonly causes: Partial<Record<MissCause, number>>;
}

export class PathRanking {
  readonly #paths = new Map<string, RankedPath>();
  /** The heaviest that was ever forgotten. */
  #floor = 0;

  get size(): number {
    return this.#paths.size;
  }

  add(path: string, weight: number, cause: MissCause | null): void {
    const ranked = this.#paths.get(path) ?? this.#insert(ownCopy(path));
    ranked.weight += weight;
    ranked.times += 1;
    if (weight > ranked.largest) ranked.largest = weight;
    if (cause !== null) ranked.causes[cause] = (ranked.causes[cause] ?? 0) + 1;
  }

  absorb(other: PathRanking): void {
    for (const one of other.#paths.values()) addUp(this.#paths.get(one.path) ?? this.#insert(one.path), one);
  }

  values(): Iterable<RankedPath> {
    return this.#paths.values();
  }

  #insert(path: string): RankedPath {
    if (this.#paths.size >= FULL) this.#forgetLightest();
    const ranked = newPath(path);
    ranked.owed = this.#floor;
    this.#paths.set(path, ranked);
    return ranked;
  }

  #forgetLightest(): void {
    const heaviestFirst = [...this.#paths.values()].sort((a, b) => b.weight + b.owed - a.weight - a.owed);
    const forgotten = heaviestFirst.slice(KEPT);
    const heaviest = forgotten[0];
    if (heaviest !== undefined) this.#floor = Math.max(this.#floor, heaviest.weight + heaviest.owed);
    for (const { path } of forgotten) this.#paths.delete(path);
  }
}

/** The heaviest of several rankings together, heaviest first. */
export function heaviestPaths(rankings: readonly PathRanking[], most: number): RankedPath[] {
  const together = new Map<string, RankedPath>();
  for (const ranking of rankings) {
    for (const one of ranking.values()) {
      let sum = together.get(one.path);
      if (sum === undefined) together.set(one.path, (sum = newPath(one.path)));
      addUp(sum, one);
    }
  }
  return [...together.values()].sort((a, b) => b.weight - a.weight).slice(0, most);
}

/** A target without its query, cut where it is longer than anyone reads. */
export function pathOf(target: string): string {
  const query = target.indexOf('?');
  const end = query < 0 ? target.length : query;
  return end > LONGEST_PATH ? target.slice(0, LONGEST_PATH) : query < 0 ? target : target.slice(0, query);
}

function newPath(path: string): RankedPath {
  return { path, weight: 0, owed: 0, times: 0, largest: 0, causes: {} };
}

function addUp(sum: RankedPath, one: RankedPath): void {
  sum.weight += one.weight;
  sum.times += one.times;
  sum.largest = Math.max(sum.largest, one.largest);
  for (const [name, count] of Object.entries(one.causes)) {
    const cause = name as MissCause;
    sum.causes[cause] = (sum.causes[cause] ?? 0) + count;
  }
}

/** A part of a string keeps the whole alive, a query of kilobytes among it. */
function ownCopy(path: string): string {
  return Buffer.from(path).toString();
}
