/** What is always in sight: which proxy this is, is it running, against what, and the two buttons. */
import { Copy } from 'lucide-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { EngineStatus, ListenState } from '../../shared/engine-status';
import { formatDurationWords } from '../../shared/format';
import { ProfileDialogs } from '../profiles/profile-dialogs';
import { ProfileMenu } from '../profiles/profile-menu';
import { connectProfiles } from '../profiles/profiles-store';
import { ImportDialog } from '../settings/import-dialog';
import { engineStore } from '../state/engine-store';
import { openSetting } from '../state/window-store';
import { clearCache, copyText, startEngine, stopEngine } from './engine-actions';
import { JarIcon } from './jar-icon';

export function Header() {
  const status = useStore(engineStore, (state) => state.status);
  useEffect(connectProfiles, []);
  return (
    <header className="window-header">
      <div className="brand">
        <JarIcon />
        <span>Larder</span>
      </div>
      <ProfileMenu />
      <div className="header-status">
        <ListenText listen={status?.listen ?? null} />
        {status !== null && <OriginText status={status} />}
        {status !== null && <Chips status={status} />}
      </div>
      <div className="header-buttons">
        <StartStop listen={status?.listen ?? null} />
        <button
          type="button"
          className="btn"
          title="Remove every stored response"
          onClick={() => void clearCache()}
        >
          Clear cache
        </button>
      </div>
      <ProfileDialogs />
      <ImportDialog />
    </header>
  );
}

function listenWords(listen: ListenState | null): string {
  switch (listen?.kind) {
    case undefined:
      return 'Connecting…';
    case 'listening':
      return `Listening on ${listen.url}`;
    case 'starting':
      return 'Starting…';
    case 'stopping':
      return 'Stopping…';
    case 'stopped':
      return 'Stopped';
    case 'failed':
      return listen.error.message;
    default:
      return listen satisfies never;
  }
}

function ListenText({ listen }: { readonly listen: ListenState | null }) {
  const url = listen?.kind === 'listening' ? listen.url : null;
  const words = listenWords(listen);
  return (
    <>
      <i aria-hidden className="state-dot ml-1" data-state={listen?.kind} />
      <span role="status" className="listen-text" title={words}>
        {url === null ? (
          <span className="font-medium">{words}</span>
        ) : (
          <>
            <span className="listen-word text-muted">Listening on </span>
            <span className="mono font-semibold select-text">{url}</span>
          </>
        )}
      </span>
      {url !== null && (
        <button
          type="button"
          className="btn ghost icon small -ml-1"
          aria-label="Copy the address"
          title="Copy the address"
          onClick={() => void copyText(url, 'the address')}
        >
          <Copy aria-hidden />
        </button>
      )}
    </>
  );
}

function OriginText({ status }: { readonly status: EngineStatus }) {
  if (status.listen.kind === 'failed') return null;
  return (
    <span className="origin-text" title={status.origin}>
      <span aria-hidden>→ </span>
      {status.demo ? 'demo API' : <span className="mono">{status.origin}</span>}
    </span>
  );
}

function Chips({ status }: { readonly status: EngineStatus }) {
  const ttl = status.ttlSeconds === null ? 'from origin' : formatDurationWords(status.ttlSeconds);
  return (
    <div className="header-facts">
      <button
        type="button"
        className="chip"
        title="Time to live; change it in Settings"
        onClick={() => openSetting('ttlSeconds')}
      >
        <b>TTL</b> {ttl}
      </button>
      <button
        type="button"
        className="chip"
        title="Where responses are stored; change it in Settings"
        onClick={() => openSetting('store')}
      >
        <b>{status.store.kind === 'memory' ? 'Memory' : 'Redis'}</b>
      </button>
    </div>
  );
}

function StartStop({ listen }: { readonly listen: ListenState | null }) {
  const kind = listen?.kind;
  const canStop = kind === 'listening' || kind === 'starting' || kind === 'stopping';
  const busy = kind === undefined || kind === 'starting' || kind === 'stopping';
  return (
    <button
      type="button"
      className="btn"
      disabled={busy}
      onClick={() => void (canStop ? stopEngine() : startEngine())}
    >
      {canStop ? 'Stop' : 'Start'}
    </button>
  );
}
