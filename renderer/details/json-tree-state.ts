/** What the keys do in a tree of JSON, as trees do (ARIA's tree view pattern). Pure. */
import type { JsonIndex } from './json-index';
import type { Openness } from './json-rows';
import { isOpen, rowOf, withSiblingsOpen, withToggled } from './json-rows';

export interface TreeState {
  readonly openness: Openness;
  /** The value that the keys stand on. */
  readonly active: number;
}

export interface TreeView {
  readonly index: JsonIndex;
  readonly rows: Int32Array;
  /** How many rows are in sight. */
  readonly page: number;
}

/** Null: a key that means nothing here. */
export function treeAfterKey(key: string, state: TreeState, view: TreeView): TreeState | null {
  const row = rowOf(view.rows, state.active);
  switch (key) {
    case 'ArrowDown':
      return at(state, view, row + 1);
    case 'ArrowUp':
      return at(state, view, row - 1);
    case 'PageDown':
      return at(state, view, row + view.page);
    case 'PageUp':
      return at(state, view, row - view.page);
    case 'Home':
      return at(state, view, 0);
    case 'End':
      return at(state, view, view.rows.length - 1);
    case 'ArrowRight':
      return inwards(state, view, row);
    case 'ArrowLeft':
      return outwards(state, view);
    case 'Enter':
    case ' ':
      return toggled(state, view);
    case '*':
      return { ...state, openness: withSiblingsOpen(view.index, state.active, state.openness) };
    default:
      return null;
  }
}

function at(state: TreeState, { rows }: TreeView, row: number): TreeState {
  return { ...state, active: rows[Math.max(0, Math.min(row, rows.length - 1))] ?? 0 };
}

function inwards(state: TreeState, view: TreeView, row: number): TreeState {
  if ((view.index.members[state.active] ?? 0) === 0) return state;
  return isOpen(view.index, state.active, state.openness) ? at(state, view, row + 1) : toggled(state, view);
}

function outwards(state: TreeState, view: TreeView): TreeState {
  if (isOpen(view.index, state.active, state.openness)) return toggled(state, view);
  return { ...state, active: Math.max(0, view.index.parent[state.active] ?? 0) };
}

function toggled(state: TreeState, { index }: TreeView): TreeState {
  if ((index.members[state.active] ?? 0) === 0) return state;
  return { ...state, openness: withToggled(state.openness, [state.active]) };
}
