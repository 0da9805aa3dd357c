/** What a person must know, above the place and out of the way: never a modal. */
import { X } from 'lucide-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { EngineStatus } from '../../shared/engine-status';
import { formatClock } from '../../shared/format';
import { engineStore } from '../state/engine-store';
import { showPlace } from '../state/window-store';
import { Banner } from './banner';
import { ListenBanner } from './listen-banner';

export function Banners() {
  const status = useStore(engineStore, (state) => state.status);
  return (
    <>
      <StartNotices />
      {status !== null && (
        <>
          <ListenBanner status={status} />
          <OriginBanner status={status} />
          <StoreBanner status={status} />
          <DiskBanner status={status} />
        </>
      )}
    </>
  );
}

interface StatusProps {
  readonly status: EngineStatus;
}

function OriginBanner({ status: { originHealth, origin } }: StatusProps) {
  if (originHealth.state !== 'unreachable') return null;
  const action = (
    <button type="button" className="btn small" onClick={() => showPlace('settings')}>
      Change origin
    </button>
  );
  return (
    <Banner kind="warning" action={action}>
      <b>
        {origin} has been unreachable since {formatClock(originHealth.since)}.
      </b>{' '}
      What is stored is still answered.
      {originHealth.message !== null && ` ${originHealth.message}`}
    </Banner>
  );
}

function StoreBanner({ status: { store } }: StatusProps) {
  const { state, message } = store.health;
  if (state === 'ok' && message !== null) return <Banner kind="warning">{message}</Banner>;
  if (state !== 'unavailable') return null;
  return (
    <Banner kind="warning">
      <b>
        The {store.kind === 'redis' ? 'Redis' : 'memory'} store has been unavailable since{' '}
        {formatClock(store.health.since)}.
      </b>{' '}
      Requests go to the origin meanwhile.{message !== null && ` ${message}`}
    </Banner>
  );
}

function DiskBanner({ status: { store } }: StatusProps) {
  const disk = store.persistence;
  if (disk?.state !== 'in-use' && disk?.state !== 'failing') return null;
  const action = (
    <button type="button" className="btn small" onClick={() => showPlace('settings')}>
      Open Settings
    </button>
  );
  return (
    <Banner kind="warning" action={action}>
      <b>What is stored is not kept across restarts.</b> {disk.message}
    </Banner>
  );
}

const NO_NOTICES: readonly string[] = [];

function StartNotices() {
  const notices = useStore(engineStore, ({ info }) => info?.startNotices ?? NO_NOTICES);
  const [hidden, setHidden] = useState<readonly string[]>([]);
  return notices
    .filter((notice) => !hidden.includes(notice))
    .map((notice) => (
      <Banner
        key={notice}
        kind="warning"
        action={
          <button
            type="button"
            className="btn ghost icon small"
            aria-label="Hide this notice"
            onClick={() => setHidden([...hidden, notice])}
          >
            <X aria-hidden />
          </button>
        }
      >
        {notice}
      </Banner>
    ));
}
