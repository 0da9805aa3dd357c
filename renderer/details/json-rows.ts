/** Which values of a JSON document are in sight: all that no closed one hides, in order. */
import type { JsonIndex } from './json-index';

export interface Openness {
  /** Values at lesser depths are open. */
  readonly depth: number;
  /** Those with more members are closed nevertheless; the whole document never is. */
  readonly mostMembers: number;
  /** Those whose state is the other one. */
  readonly toggled: ReadonlySet<number>;
}

/** The outermost two levels, unless they are long. */
export const OPEN_AT_FIRST: Openness = { depth: 2, mostMembers: 100, toggled: new Set() };

/** Open down to a depth, and nothing below. */
export function openTo(depth: number): Openness {
  return { depth, mostMembers: Infinity, toggled: new Set() };
}

export function isOpen(index: JsonIndex, node: number, openness: Openness): boolean {
  const members = index.members[node] ?? 0;
  if (members === 0) return false;
  const depth = index.depth[node] ?? 0;
  const atFirst = depth < openness.depth && (depth === 0 || members <= openness.mostMembers);
  return atFirst !== openness.toggled.has(node);
}

export function visibleNodes(index: JsonIndex, openness: Openness): Int32Array {
  const total = index.start.length;
  const rows = new Int32Array(total);
  let count = 0;
  for (let node = 0; node < total; count += 1) {
    rows[count] = node;
    node += isOpen(index, node, openness) ? 1 : (index.size[node] ?? 1);
  }
  return rows.slice(0, count);
}

/** Where a value stands among those in sight; else its nearest ancestor that is. */
export function rowOf(rows: Int32Array, node: number): number {
  let low = 0;
  let high = rows.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((rows[middle] ?? 0) <= node) low = middle;
    else high = middle - 1;
  }
  return low;
}

export function withToggled(openness: Openness, nodes: Iterable<number>): Openness {
  const toggled = new Set(openness.toggled);
  for (const node of nodes) if (!toggled.delete(node)) toggled.add(node);
  return { ...openness, toggled };
}

/** The same with all that hides a value opened. */
export function revealed(index: JsonIndex, node: number, openness: Openness): Openness {
  const closed: number[] = [];
  for (let at = index.parent[node] ?? -1; at >= 0; at = index.parent[at] ?? -1) {
    if (!isOpen(index, at, openness)) closed.push(at);
  }
  return closed.length === 0 ? openness : withToggled(openness, closed);
}

/** The same with a value and everything beside it opened. */
export function withSiblingsOpen(index: JsonIndex, node: number, openness: Openness): Openness {
  const parent = index.parent[node] ?? -1;
  if (parent < 0) return isOpen(index, node, openness) ? openness : withToggled(openness, [node]);
  const closed: number[] = [];
  const end = parent + (index.size[parent] ?? 0);
  for (let at = parent + 1; at < end; at += index.size[at] ?? 1) {
    if ((index.members[at] ?? 0) > 0 && !isOpen(index, at, openness)) closed.push(at);
  }
  return closed.length === 0 ? openness : withToggled(openness, closed);
}
