/**
 * The columns of a grid: which of them are seen, how wide they are, by which it is sorted.
 * Free of React; remembered over a restart.
 */
import { createStore } from 'zustand/vanilla';
import { recall, remember } from '../state/remembered';

export interface Column<Id extends string = string> {
  readonly id: Id;
  /** In the head and in the menu of columns. */
  readonly name: string;
  /** CSS pixels. The least of a column that grows. */
  readonly width: number;
  /** CSS pixels below which it cannot be drawn. */
  readonly minWidth: number;
  /** Share of the room that the others leave; none: as wide as `width`. */
  readonly grow?: number;
  /** Numbers: right-aligned, and sorted from the largest first. */
  readonly numeric?: boolean;
  /** Cannot be hidden. */
  readonly always?: boolean;
  /** Not sorted by. */
  readonly unsorted?: boolean;
  /** Falls away in a grid narrower than this (CSS pixels), unless it was chosen. */
  readonly fromGridWidth?: number;
}

export interface ColumnSort<Id extends string = string> {
  readonly column: Id;
  readonly descending: boolean;
}

export interface ColumnsState<Id extends string = string> {
  /** Those that are seen in the room there is, in their order. */
  readonly visible: readonly Column<Id>[];
  /** CSS pixels, of the columns that were drawn to a width. */
  readonly widths: Readonly<Partial<Record<Id, number>>>;
  /** Seen or hidden, of the columns that were chosen; the others go by the room there is. */
  readonly chosen: Readonly<Partial<Record<Id, boolean>>>;
  /** Null: the order the rows come in. */
  readonly sort: ColumnSort<Id> | null;
}

const WIDEST_COLUMN = 1600;
/** As in grids.css: between two cells, and beside the first and the last. */
const CELL_GAP = 10;
const ROW_PADDING = 20;

type Arrangement<Id extends string> = Omit<ColumnsState<Id>, 'visible'>;

export class Columns<Id extends string = string> {
  readonly all: readonly Column<Id>[];
  readonly store;
  readonly #initial: Arrangement<Id>;
  /** The widest `fromGridWidth` there is room for. */
  #room = Number.POSITIVE_INFINITY;

  /** @param name under which they are remembered */
  constructor(name: string, all: readonly Column<Id>[], sort: ColumnSort<Id> | null = null) {
    this.all = all;
    this.#initial = { ...nothingChosen<Id>(), sort };
    const first = this.#understood(recall(`columns.${name}`, {}, isObject));
    this.store = createStore<ColumnsState<Id>>(() => ({ ...first, visible: this.#visible(first.chosen) }));
    this.store.subscribe(({ widths, chosen, sort: order }, before) => {
      if (widths === before.widths && chosen === before.chosen && order === before.sort) return;
      remember(`columns.${name}`, { widths, chosen, sort: order });
    });
  }

  /** Says how wide the grid is (CSS pixels); columns fall away and come back. */
  measured(gridWidth: number): void {
    const passed = this.all.map(({ fromGridWidth = 0 }) => fromGridWidth).filter((from) => from <= gridWidth);
    const room = Math.max(0, ...passed);
    if (room === this.#room) return;
    this.#room = room;
    this.store.setState(({ chosen }) => ({ visible: this.#visible(chosen) }));
  }

  show(id: Id, seen: boolean): void {
    if (this.#column(id)?.always === true) return;
    const chosen = { ...this.store.getState().chosen, [id]: seen };
    this.store.setState({ chosen, visible: this.#visible(chosen) });
  }

  /** @param width CSS pixels; kept within what the column allows */
  resize(id: Id, width: number): void {
    const least = this.#column(id)?.minWidth ?? 0;
    const kept = Math.round(Math.min(WIDEST_COLUMN, Math.max(least, width)));
    this.store.setState(({ widths }) => ({ widths: { ...widths, [id]: kept } }));
  }

  /** One way, the other way, not at all. */
  sortBy(id: Id): void {
    const column = this.#column(id);
    if (column === undefined || column.unsorted === true) return;
    const first = column.numeric === true;
    this.store.setState(({ sort }) => {
      if (sort?.column !== id) return { sort: { column: id, descending: first } };
      return { sort: sort.descending === first ? { column: id, descending: !first } : null };
    });
  }

  /** As they were at first. */
  reset(): void {
    this.store.setState({ ...this.#initial, visible: this.#visible(this.#initial.chosen) });
  }

  #visible(chosen: ColumnsState<Id>['chosen']): readonly Column<Id>[] {
    return this.all.filter(({ id, fromGridWidth = 0 }) => chosen[id] ?? this.#room >= fromGridWidth);
  }

  #column(id: string): Column<Id> | undefined {
    return this.all.find((column) => column.id === id);
  }

  /** What an older version wrote may name columns that are no more. */
  #understood({ widths, chosen, sort }: Readonly<Record<string, unknown>>): Arrangement<Id> {
    const state = nothingChosen<Id>();
    for (const { id, minWidth, always } of this.all) {
      const width = isObject(widths) ? widths[id] : undefined;
      const seen = isObject(chosen) ? chosen[id] : undefined;
      if (typeof width === 'number' && width >= minWidth) state.widths[id] = Math.min(width, WIDEST_COLUMN);
      if (typeof seen === 'boolean' && always !== true) state.chosen[id] = seen;
    }
    if (sort === null) return { ...state, sort };
    const column = isObject(sort) ? this.#column(String(sort['column'])) : undefined;
    if (column === undefined || !isObject(sort)) return { ...state, sort: this.#initial.sort };
    return { ...state, sort: { column: column.id, descending: sort['descending'] === true } };
  }
}

/** `grid-template-columns` for the columns that are seen. */
export function columnTemplate<Id extends string>(
  visible: readonly Column<Id>[],
  widths: ColumnsState<Id>['widths'],
): string {
  return visible
    .map(({ id, width, grow }) => {
      const drawn = widths[id];
      if (drawn !== undefined) return `${drawn}px`;
      return grow === undefined ? `${width}px` : `minmax(${width}px, ${grow}fr)`;
    })
    .join(' ');
}

/** The least width of a row, CSS pixels: a grid that is narrower scrolls sideways. */
export function leastRowWidth<Id extends string>(
  visible: readonly Column<Id>[],
  widths: ColumnsState<Id>['widths'],
): number {
  const cells = visible.reduce((sum, { id, width }) => sum + (widths[id] ?? width), 0);
  return cells + CELL_GAP * Math.max(0, visible.length - 1) + ROW_PADDING;
}

function nothingChosen<Id extends string>() {
  return { widths: {} as Partial<Record<Id, number>>, chosen: {} as Partial<Record<Id, boolean>> };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
