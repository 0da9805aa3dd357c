/**
 * Where a list in Redis goes on after a page. SCAN's own cursor only tells
 * batches apart, and what a batch holds changes while Redis resizes its table:
 * so what a page left over of its batch is kept here until it is asked for.
 */
import { randomBytes } from 'node:crypto';
import { unknownCursor } from './entry-view';

/** Lists that may be open at once; who comes back to an older one gets its batch from the beginning. */
const MOST_KEPT = 64;
export const FIRST = '0';

/** What one SCAN gave, keys or the ids in them, with its cursor and the next. */
export interface Batch {
  readonly start: string;
  readonly items: readonly string[];
  readonly next: string;
}

export class ListPlaces {
  /** Tells this process's cursors from those of others, whose leftovers are not here. */
  private readonly mark = randomBytes(6).toString('base64url');
  private readonly kept = new Map<string, Batch>();
  private lastNumber = 0;

  /** A cursor for what is left of a batch. */
  keep(left: Batch): string {
    const cursor = `${left.start}.${this.mark}.${(this.lastNumber += 1)}`;
    this.kept.set(cursor, left);
    const [oldest = cursor] = this.kept.keys();
    if (this.kept.size > MOST_KEPT) this.kept.delete(oldest);
    return cursor;
  }

  /** What was left, or only where its batch began: then some of it comes twice, but nothing is left out. */
  find(cursor: string | undefined): { readonly start: string; readonly left: Batch | null } {
    if (cursor === undefined) return { start: FIRST, left: null };
    const start = /^(\d{1,20})\.[\w-]{1,16}\.\d{1,15}$/.exec(cursor)?.[1];
    if (start === undefined) throw unknownCursor();
    return { start, left: this.kept.get(cursor) ?? null };
  }
}
