/** What stands in the grid while no row is shown, and what to do about it. */
import { Inbox, ListFilter } from 'lucide-react';
import { useStore } from 'zustand';
import { formatCount } from '../../shared/format';
import { engineStore } from '../state/engine-store';
import { liveLog } from '../state/live-log';
import { windowStore } from '../state/window-store';

export function NothingShown() {
  const total = useStore(liveLog.store, (state) => state.total);
  return <div className="nothing-shown">{total > 0 ? <NothingPasses total={total} /> : <NothingYet />}</div>;
}

function NothingPasses({ total }: { readonly total: number }) {
  return (
    <>
      <ListFilter aria-hidden />
      <p className="font-semibold text-text">No request passes the filter</p>
      <p>{total === 1 ? 'One is in the log.' : `${formatCount(total)} are in the log.`}</p>
      <button type="button" className="btn small" onClick={() => liveLog.setFilter('', [])}>
        Show all
      </button>
    </>
  );
}

function NothingYet() {
  const listen = useStore(engineStore, (state) => state.status?.listen);
  const isIdle = listen?.kind === 'stopped' || listen?.kind === 'failed' || listen?.kind === 'stopping';
  const url = listen?.kind === 'listening' ? listen.url.replace(/\/$/, '') : null;
  return (
    <>
      <Inbox aria-hidden />
      <p className="font-semibold text-text">Waiting for requests</p>
      {url === null ? (
        <p>{isIdle ? 'Larder does not listen at the moment.' : 'The proxy is starting.'}</p>
      ) : (
        <p>
          What is sent to <code className="text-text select-text">{url}</code> shows up here, with the reason
          for each hit and miss.
        </p>
      )}
      <button type="button" className="btn small" onClick={() => windowStore.setState({ connectOpen: true })}>
        Point your app at Larder
      </button>
    </>
  );
}
