/** What the Cache place says where there are no rows to show. */
import { CloudOff, PackageOpen, SearchX } from 'lucide-react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { formatCount } from '../../shared/format';
import { engineStore } from '../state/engine-store';
import { showPlace, windowStore } from '../state/window-store';
import { storedList } from './stored-responses';

const STATE_WORDS = { fresh: 'is fresh', expired: 'has expired', 'one-user': 'belongs to one user' } as const;

/** Nothing where there are rows. */
export function CacheState() {
  const { loaded, problem, total, readSoFar, q, state, under } = useStore(storedList.store);
  if (problem !== null) return <Unavailable problem={problem} />;
  if (total > 0) return null;
  if (!loaded || readSoFar !== null) return <Loading />;
  return q === '' && state === null && under === null ? <NothingStored /> : <NothingFound />;
}

function Message({ icon, children }: { readonly icon: ReactNode; readonly children: ReactNode }) {
  return (
    <div className="cache-message">
      {icon}
      {children}
    </div>
  );
}

function Loading() {
  const stored = useStore(engineStore, ({ status }) => status?.store.entries ?? 0);
  return (
    <Message icon={null}>
      <p role="status">
        {stored > 1000 ? `Reading ${formatCount(stored)} stored responses…` : 'Reading the store…'}
      </p>
    </Message>
  );
}

function Unavailable({ problem }: { readonly problem: string }) {
  return (
    <Message icon={<CloudOff aria-hidden size={28} strokeWidth={1.4} className="text-error" />}>
      <p className="font-semibold text-text">What is stored cannot be listed</p>
      <p role="alert" className="max-w-[60ch] select-text">
        {problem}
      </p>
      <button type="button" className="btn small mt-1" onClick={() => void storedList.reload()}>
        Try again
      </button>
    </Message>
  );
}

function NothingStored() {
  return (
    <Message icon={<PackageOpen aria-hidden size={28} strokeWidth={1.4} className="text-faint" />}>
      <p className="font-semibold text-text">Nothing is stored yet</p>
      <p className="max-w-[52ch]">
        Send a GET request through Larder: what the origin answers is kept here, and answers the next request
        for the same URL.
      </p>
      <div className="mt-1 flex flex-wrap justify-center gap-2">
        <button type="button" className="btn small" onClick={() => showPlace('live')}>
          Go to Live
        </button>
        <button
          type="button"
          className="btn small"
          onClick={() => windowStore.setState({ connectOpen: true })}
        >
          Connect your app…
        </button>
      </div>
    </Message>
  );
}

function NothingFound() {
  const { q, state, under } = useStore(storedList.store);
  const what = [
    q === '' ? null : `has “${q}” in its URL`,
    state === null ? null : STATE_WORDS[state],
    under === null ? null : `lies under ${under}`,
  ].filter((part) => part !== null);
  return (
    <Message icon={<SearchX aria-hidden size={26} strokeWidth={1.4} className="text-faint" />}>
      <p className="max-w-[60ch] wrap-anywhere">No stored response {what.join(' and ')}.</p>
      <button
        type="button"
        className="btn small mt-1"
        onClick={() => void storedList.filter({ q: '', state: null, under: null })}
      >
        Show all
      </button>
    </Message>
  );
}
