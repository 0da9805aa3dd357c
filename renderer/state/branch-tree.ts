/**
 * What is stored as a tree of origins and paths: branches are asked for when they are opened, and the rows are those
 * that are open. Free of React.
 */
import { createStore } from 'zustand/vanilla';
import type { IpcResult } from '../../shared/ipc-contract';
import type { Branch, Branches, BranchQuery, BranchSort } from '../../shared/stored-listing';

export interface BranchRow {
  readonly branch: Branch;
  /** 1: an origin. */
  readonly level: number;
  readonly open: boolean;
  /** From 1, of `of`, among its siblings. */
  readonly place: number;
  readonly of: number;
}

export interface BranchTreeState {
  readonly rows: readonly BranchRow[];
  readonly sort: BranchSort;
  readonly descending: boolean;
  readonly loaded: boolean;
  readonly problem: string | null;
  /** Of the row the keys stand on. */
  readonly activePath: string | null;
  /** Branches that are left out because there are too many in one place. */
  readonly leftOut: number;
}

type LoadBranches = (query: BranchQuery) => Promise<IpcResult<Branches>>;

/** In one place; the largest of them are shown where they are sorted by size or count. */
const MOST_BRANCHES = 1000;
/** What is under the origins, as the key of a map. */
const ROOT = '';

export class BranchTree {
  readonly store = createStore<BranchTreeState>(() => ({
    rows: [],
    sort: 'name',
    descending: false,
    loaded: false,
    problem: null,
    activePath: null,
    leftOut: 0,
  }));
  readonly #load: LoadBranches;
  #q = '';
  readonly #found = new Map<string, Branches>();
  readonly #open = new Set<string>();
  #question = 0;
  #openedOnly = false;

  constructor(load: LoadBranches) {
    this.#load = load;
  }

  /** Asks again for all that is open. @param q only what has this in its URL */
  async reload(q: string = this.#q): Promise<void> {
    this.#q = q;
    const question = (this.#question += 1);
    const paths = [ROOT, ...this.#open];
    const answers = await Promise.all(paths.map(async (path) => [path, await this.#ask(path)] as const));
    if (question !== this.#question) return;
    let problem: string | null = null;
    for (const [path, answer] of answers) {
      if (!answer.ok) problem = answer.error.message;
      else this.#found.set(path, answer.value);
    }
    this.store.setState({ loaded: true, problem });
    this.#openOnlyOne();
    this.#show();
  }

  sortBy(sort: BranchSort): Promise<void> {
    this.store.setState((state) => ({
      sort,
      descending: state.sort === sort ? !state.descending : sort !== 'name',
    }));
    return this.reload();
  }

  async open(path: string): Promise<void> {
    if (this.#open.has(path)) return;
    const answer = await this.#ask(path);
    if (!answer.ok) return this.store.setState({ problem: answer.error.message });
    this.#open.add(path);
    this.#found.set(path, answer.value);
    this.#show();
  }

  close(path: string): void {
    this.#open.delete(path);
    this.#found.delete(path);
    this.#show();
  }

  toggle(path: string): Promise<void> {
    if (!this.#open.has(path)) return this.open(path);
    this.close(path);
    return Promise.resolve();
  }

  /** Nothing is known, and nothing open. */
  reset(): void {
    this.#question += 1;
    this.#found.clear();
    this.#open.clear();
    this.#openedOnly = false;
    this.store.setState({ rows: [], leftOut: 0, loaded: false, problem: null, activePath: null });
  }

  stand(activePath: string | null): void {
    this.store.setState({ activePath });
  }

  /** A single origin says nothing by itself: it is open from the start. */
  #openOnlyOne(): void {
    const origins = this.#found.get(ROOT)?.branches ?? [];
    const [only] = origins;
    if (this.#openedOnly || only === undefined || origins.length > 1 || !only.opens) return;
    this.#openedOnly = true;
    void this.open(only.path);
  }

  #ask(path: string): Promise<IpcResult<Branches>> {
    const { sort, descending } = this.store.getState();
    const q = this.#q === '' ? {} : { q: this.#q };
    return this.#load({ under: path === ROOT ? null : path, ...q, sort, descending, limit: MOST_BRANCHES });
  }

  #show(): void {
    const rows: BranchRow[] = [];
    let leftOut = 0;
    const add = (path: string, level: number): void => {
      const found = this.#found.get(path);
      if (found === undefined) return;
      leftOut += found.of - found.branches.length;
      for (const [index, branch] of found.branches.entries()) {
        const open = this.#open.has(branch.path) && branch.opens;
        rows.push({ branch, level, open, place: index + 1, of: found.of });
        if (open) add(branch.path, level + 1);
      }
    };
    add(ROOT, 1);
    this.store.setState({ rows, leftOut });
  }
}
