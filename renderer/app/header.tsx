/** What is always in sight: is it running, against what, and the two buttons. */
import { Copy } from 'lucide-react';
import { useStore } from 'zustand';
import type { EngineStatus, ListenState } from '../../shared/engine-status';
import { formatDurationWords } from '../../shared/format';
import { engineStore } from '../state/engine-store';
import { showPlace } from '../state/window-store';
import { clearCache, copyText, startEngine, stopEngine } from './engine-actions';
import { JarIcon } from './jar-icon';

export function Header() {
  const status = useStore(engineStore, (state) => state.status);
  return (
    <header className="window-header">
      <div className="brand">
        <JarIcon />
        <span>Larder</span>
      </div>
      <div className="flex min-w-0 flex-1 items-center gap-2">
        <ListenText listen={status?.listen ?? null} />
        {status !== null && <OriginText status={status} />}
      </div>
      {status !== null && <Chips status={status} />}
      <StartStop listen={status?.listen ?? null} />
      <button
        type="button"
        className="btn"
        title="Remove every stored response"
        onClick={() => void clearCache()}
      >
        Clear cache
      </button>
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
      <span role="status" className="min-w-0 truncate" title={words}>
        {url === null ? (
          <span className="font-medium">{words}</span>
        ) : (
          <>
            <span className="text-muted">Listening on </span>
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
    <span className="min-w-16 flex-1 truncate text-muted" title={status.origin}>
      <span aria-hidden>→ </span>
      {status.demo ? 'demo API' : <span className="mono">{status.origin}</span>}
    </span>
  );
}

function Chips({ status }: { readonly status: EngineStatus }) {
  const ttl = status.ttlSeconds === null ? 'from origin' : formatDurationWords(status.ttlSeconds);
  return (
    <div className="header-chips">
      <button type="button" className="chip" title="Time to live; change it in Settings" onClick={toSettings}>
        <b>TTL</b> {ttl}
      </button>
      <button type="button" className="chip" title="Where responses are stored" onClick={toSettings}>
        <b>{status.store.kind === 'memory' ? 'Memory' : 'Redis'}</b>
      </button>
    </div>
  );
}

const toSettings = () => showPlace('settings');

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
