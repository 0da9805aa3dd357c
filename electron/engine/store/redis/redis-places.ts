/**
 * Where a list in Redis goes on after a page. SCAN's own cursor only tells
 * batches apart, and what a batch holds changes while Redis resizes its table:
 * so what a page left over of its batch is kept here until it is asked for.
 */
import { createHash, randomBytes } from 'node:crypto';
import { unknownCursor } from '../entry-view';

/** Lists that may be open at once; who comes back to an older one gets its batch from the beginning. */
const MOST_KEPT = 64;
export const FIRST = '0';

/** What one SCAN of one node gave: the families whose metadata it found, its cursor and the next. */
export interface Batch {
  readonly nodeMark: string;
  readonly start: string;
  readonly families: readonly string[];
  readonly next: string;
}

/** What a page left over of a batch. */
export interface Leftover extends Batch {
  /** Ids of the first family that are on a page already. */
  readonly shown: readonly string[];
}

/** Where a walk goes on: with what is left of a batch, then at a SCAN cursor of its node. */
export interface Place {
  readonly nodeMark: string;
  /** Null: the node is done, the next has its turn. */
  readonly start: string | null;
  readonly left: Leftover | null;
}

export class ListPlaces {
  /** Tells this process's cursors from those of others, whose leftovers are not here. */
  private readonly mark = randomBytes(6).toString('base64url');
  private readonly kept = new Map<string, Leftover>();
  private lastNumber = 0;

  /** A cursor for what is left of a batch. */
  keep(left: Leftover): string {
    const cursor = `${left.nodeMark}.${left.start}.${this.mark}.${(this.lastNumber += 1)}`;
    this.kept.set(cursor, left);
    const [oldest = cursor] = this.kept.keys();
    if (this.kept.size > MOST_KEPT) this.kept.delete(oldest);
    return cursor;
  }

  /** What was left, or only where its batch began: then some of it comes twice, but nothing is left out. */
  find(cursor: string): Place {
    const parts = /^([0-9a-f]{8})\.(\d{1,20})\.[\w-]{1,16}\.\d{1,15}$/.exec(cursor);
    const [, nodeMark, start] = parts ?? [];
    if (nodeMark === undefined || start === undefined) throw unknownCursor();
    const left = this.kept.get(cursor) ?? null;
    if (left === null) return { nodeMark, start, left };
    return { nodeMark, start: left.next === FIRST ? null : left.next, left };
  }
}

/** Names a node in cursors; nodes are walked over in this order. */
export function nodeMark(node: string): string {
  return createHash('sha256').update(node).digest('hex').slice(0, 8);
}
