/** The lines of a JSON tree that are visible: a flat list, so that only what is on screen is drawn. */
import type { JsonMember, JsonNode } from './json-document';

export interface JsonRow {
  /** `0.2.1`: the way down by position; also tells rows apart. */
  readonly path: string;
  readonly depth: number;
  readonly key: string | null;
  readonly node: JsonNode;
  readonly shape: 'value' | 'open' | 'closed' | 'end';
  /** A comma follows. */
  readonly comma: boolean;
}

/** Open at first: the outermost two levels, unless they are long. */
const OPEN_DEPTH = 2;
const OPEN_MEMBERS = 100;

/** @param toggled paths whose state is not the one they have at first */
export function jsonRows(root: JsonNode, toggled: ReadonlySet<string>): JsonRow[] {
  const rows: JsonRow[] = [];
  addRows(rows, { key: null, value: root }, { path: '0', depth: 0, comma: false }, toggled);
  return rows;
}

type Position = Pick<JsonRow, 'path' | 'depth' | 'comma'>;

function addRows(rows: JsonRow[], member: JsonMember, place: Position, toggled: ReadonlySet<string>): void {
  const { key, value: node } = member;
  if (!('members' in node) || node.members.length === 0) {
    rows.push({ ...place, key, node, shape: 'value' });
    return;
  }
  const openAtFirst = place.depth < OPEN_DEPTH && (place.depth === 0 || node.members.length <= OPEN_MEMBERS);
  if (openAtFirst === toggled.has(place.path)) {
    rows.push({ ...place, key, node, shape: 'closed' });
    return;
  }
  rows.push({ ...place, key, node, shape: 'open', comma: false });
  const last = node.members.length - 1;
  node.members.forEach((child, index) => {
    const below = { path: `${place.path}.${index}`, depth: place.depth + 1, comma: index < last };
    addRows(rows, child, below, toggled);
  });
  rows.push({ ...place, key: null, node, shape: 'end' });
}
