/**
 * Which rows of the Cache grid are selected, where the keys stand and where a range begins. What is selected is known
 * by its id, so that it stays selected while rows come, go and change places. Free of React.
 */
import { createStore } from 'zustand/vanilla';

/** A row as a selection knows it. */
export interface SelectedEntry {
  readonly id: string;
  readonly bodyBytes: number;
}

export interface SelectionState {
  /** Bodies as the origin sent them, by id. */
  readonly selected: ReadonlyMap<string, number>;
  readonly bodyBytes: number;
  /** The row the keys stand on, and which it was when it was last seen. */
  readonly activeId: string | null;
  readonly activeIndex: number;
  /** Ids are being fetched for a selection of many. */
  readonly selecting: boolean;
}

/** The entries from one index to another, in their order. Null: they cannot be had. */
type FetchRange = (from: number, to: number) => Promise<readonly SelectedEntry[] | null>;

const NONE: ReadonlyMap<string, number> = new Map();

export class EntrySelection {
  readonly store = createStore<SelectionState>(() => ({
    selected: NONE,
    bodyBytes: 0,
    activeId: null,
    activeIndex: -1,
    selecting: false,
  }));
  readonly #fetch: FetchRange;
  /** Where ranges begin. */
  #anchor = -1;
  /** A range that comes after another was asked for is thrown away. */
  #question = 0;

  constructor(fetch: FetchRange) {
    this.#fetch = fetch;
  }

  get ids(): readonly string[] {
    return [...this.store.getState().selected.keys()];
  }

  /** The keys stand on it; nothing else is selected. */
  stand(id: string, index: number): void {
    this.#anchor = index;
    this.#select(NONE);
    this.store.setState({ activeId: id, activeIndex: index });
  }

  /** The keys go on to it; what is selected stays. */
  walk(id: string, index: number): void {
    this.#anchor = index;
    this.store.setState({ activeId: id, activeIndex: index });
  }

  /** The row the keys stand on has another place by now. */
  moved(index: number): void {
    if (index >= 0 && index !== this.store.getState().activeIndex)
      this.store.setState({ activeIndex: index });
  }

  /** The keys stand nowhere. */
  leave(): void {
    this.store.setState({ activeId: null, activeIndex: -1 });
  }

  /** In or out of the selection. The row the keys stood on before was as good as selected. */
  toggle(entry: SelectedEntry, index: number, before: SelectedEntry | undefined): void {
    const selected = new Map(this.store.getState().selected);
    if (selected.size === 0 && before !== undefined && before.id !== entry.id) {
      selected.set(before.id, before.bodyBytes);
    }
    if (!selected.delete(entry.id)) selected.set(entry.id, entry.bodyBytes);
    this.#anchor = index;
    this.#select(selected);
    this.store.setState({ activeId: entry.id, activeIndex: index });
  }

  /** From where the range begins to this row. */
  async extend(index: number, id: string | null): Promise<void> {
    if (this.#anchor < 0) this.#anchor = Math.max(0, this.store.getState().activeIndex);
    if (id !== null) this.store.setState({ activeId: id, activeIndex: index });
    await this.#selectRange(Math.min(this.#anchor, index), Math.max(this.#anchor, index));
  }

  /** @param total of rows */
  all(total: number): Promise<void> {
    return total === 0 ? Promise.resolve() : this.#selectRange(0, total - 1);
  }

  clear(): void {
    this.#question += 1;
    this.store.setState({ selecting: false });
    this.#select(NONE);
  }

  /** They have been deleted. */
  forget(ids: ReadonlySet<string>): void {
    const { selected, activeId } = this.store.getState();
    if (activeId !== null && ids.has(activeId)) this.leave();
    if (![...ids].some((id) => selected.has(id))) return;
    this.#select(new Map([...selected].filter(([id]) => !ids.has(id))));
  }

  async #selectRange(from: number, to: number): Promise<void> {
    const question = (this.#question += 1);
    this.store.setState({ selecting: true });
    const entries = await this.#fetch(from, to);
    if (question !== this.#question) return;
    this.store.setState({ selecting: false });
    if (entries !== null) this.#select(new Map(entries.map(({ id, bodyBytes }) => [id, bodyBytes])));
  }

  #select(selected: ReadonlyMap<string, number>): void {
    if (selected.size === 0 && this.store.getState().selected.size === 0) return;
    let bodyBytes = 0;
    for (const bytes of selected.values()) bodyBytes += bytes;
    this.store.setState({ selected, bodyBytes });
  }
}
