/** Cache: what is stored, searched, sorted, looked into. */
import { PackageOpen } from 'lucide-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { EngineStatus } from '../../shared/engine-status';
import { formatBytes, formatCount, formatPercent, formatPlural } from '../../shared/format';
import { SearchBox } from '../controls/search-box';
import { EntryDetailsPanel } from '../details/entry-details-panel';
import { engineStore } from '../state/engine-store';
import { showPlace, windowStore } from '../state/window-store';
import { CacheGrid } from './cache-grid';
import { storedList } from './stored-responses';

/** Between two reloads while the store changes. */
const RELOAD_MS = 500;

export function CachePlace() {
  useFollowStore();
  const entryId = useStore(windowStore, (state) => (state.entryDetails ? state.entryId : null));
  const isEmpty = useStore(storedList.store, (state) => state.loaded && state.entries.length === 0);
  return (
    <>
      <CacheToolbar />
      <div className="flex min-h-0 flex-1">
        <div className="relative flex min-h-0 min-w-0 flex-1 flex-col">
          <CacheGrid />
          {isEmpty && <NothingStored />}
        </div>
        {entryId !== null && <EntryDetailsPanel id={entryId} />}
      </div>
    </>
  );
}

/** Reloads when the engine says that the store has changed, at most twice a second. */
function useFollowStore(): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    void storedList.reload();
    const stop = engineStore.subscribe(({ status }, { status: before }) => {
      const same =
        status?.store.entries === before?.store.entries &&
        status?.store.bytes === before?.store.bytes &&
        status?.counters.hits === before?.counters.hits &&
        status?.counters.misses === before?.counters.misses;
      if (same || timer !== null) return;
      timer = setTimeout(() => {
        timer = null;
        void storedList.reload();
      }, RELOAD_MS);
    });
    return () => {
      stop();
      if (timer !== null) clearTimeout(timer);
    };
  }, []);
}

function CacheToolbar() {
  const q = useStore(storedList.store, (state) => state.q);
  const loaded = useStore(storedList.store, (state) => state.entries.length);
  const more = useStore(storedList.store, (state) => state.cursor !== null);
  const problem = useStore(storedList.store, (state) => state.problem);
  const status = useStore(engineStore, (state) => state.status);
  return (
    <div className="flex h-11 flex-none items-center gap-3 border-b border-line px-3">
      <SearchBox
        label="Search stored responses"
        placeholder="Search by URL"
        value={q}
        onChange={(text) => void storedList.search(text)}
      />
      <span className="flex-1" />
      <span aria-live="polite" className={problem === null ? 'text-sm text-muted' : 'text-sm text-error'}>
        {problem ?? listed({ q, loaded, more, status })}
      </span>
    </div>
  );
}

interface Listed {
  readonly q: string;
  readonly loaded: number;
  readonly more: boolean;
  readonly status: EngineStatus | null;
}

function listed({ q, loaded, more, status }: Listed): string {
  if (more && q !== '') return `the first ${formatCount(loaded)}, sorted among themselves`;
  if (q !== '') return `${formatCount(loaded)} found`;
  const count = more
    ? `the first ${formatCount(loaded)} of ${formatCount(status?.store.entries ?? loaded)}`
    : formatPlural(loaded, 'response');
  return `${count}${totals(status)}`;
}

/** Bodies as they are kept, and what compression saves of them. */
function totals(status: EngineStatus | null): string {
  if (status === null || status.store.entries === 0) return '';
  const { bodyBytes, storedBodyBytes, bytes } = status.store;
  if (storedBodyBytes >= bodyBytes) return `, ${formatBytes(bytes)}`;
  const saved = formatPercent(bodyBytes - storedBodyBytes, bodyBytes);
  return ` · ${formatBytes(bodyBytes)} of bodies, kept as ${formatBytes(storedBodyBytes)} (${saved} saved)`;
}

function NothingStored() {
  const q = useStore(storedList.store, (state) => state.q);
  return (
    <div className="pointer-events-none absolute inset-x-0 top-24 flex flex-col items-center gap-2 px-8 text-center text-muted">
      <PackageOpen aria-hidden size={28} strokeWidth={1.4} className="text-faint" />
      {q === '' ? (
        <>
          <p className="font-semibold text-text">Nothing is stored yet</p>
          <p className="max-w-[52ch]">
            Send a GET request through Larder: what the origin answers is kept here, and answers the next
            request for the same URL.
          </p>
          <button
            type="button"
            className="btn small pointer-events-auto mt-1"
            onClick={() => showPlace('live')}
          >
            Go to Live
          </button>
        </>
      ) : (
        <p>No stored response has “{q}” in its URL.</p>
      )}
    </div>
  );
}
