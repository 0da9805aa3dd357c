/** A search in a body as it is typed: one question under way at a time, the newest is answered last. */
import type { StoreApi } from 'zustand/vanilla';
import { createStore } from 'zustand/vanilla';

export interface BodySearchState {
  readonly query: string;
  /** Places in order: offsets into the text, or values of the tree. Those of an older query while `busy`. */
  readonly found: Int32Array;
  /** Which of them is shown; -1: none. */
  readonly current: number;
  readonly busy: boolean;
}

export interface BodySearch {
  readonly store: StoreApi<BodySearchState>;
  change(query: string): void;
  step(by: 1 | -1): void;
}

const NONE = new Int32Array(0);

/** @param find may reject, which finds nothing */
export function createBodySearch(find: (query: string) => Promise<Int32Array>): BodySearch {
  const store = createStore<BodySearchState>(() => ({ query: '', found: NONE, current: -1, busy: false }));
  /** Where the last match was: a longer query goes on from there. */
  let place = 0;
  const goTo = (found: Int32Array, current: number) => {
    place = found[current] ?? place;
    store.setState({ found, current, busy: false });
  };
  const ask = async (query: string): Promise<void> => {
    const found = query === '' ? NONE : await find(query).catch(() => NONE);
    const wanted = store.getState().query;
    if (wanted === query) goTo(found, nearest(found, place));
    else await ask(wanted);
  };
  return {
    store,
    change: (query) => {
      const { busy } = store.getState();
      store.setState({ query, busy: true });
      if (!busy) void ask(query);
    },
    step: (by) => {
      const { found, current, busy } = store.getState();
      if (!busy && found.length > 0) goTo(found, (current + by + found.length) % found.length);
    },
  };
}

/** The place that is shown; undefined: none. */
export function placeOf({ found, current }: BodySearchState): number | undefined {
  return found[current];
}

function nearest(found: Int32Array, place: number): number {
  if (found.length === 0) return -1;
  const at = found.findIndex((one) => one >= place);
  return at === -1 ? 0 : at;
}
