/** Why the proxy does not listen: by whom the port is taken, and the next free one. */
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { EngineStatus } from '../../shared/engine-status';
import type { PortOwner } from '../../shared/ipc/desktop-channels';
import { ask } from '../bridge/larder-api';
import { engineStore } from '../state/engine-store';
import { showPlace } from '../state/window-store';
import { Banner } from './banner';
import { saveChange, startEngine } from './engine-actions';

export function ListenBanner({ status: { listen } }: { readonly status: EngineStatus }) {
  if (listen.kind !== 'failed') return null;
  const { freePort } = listen;
  const action =
    freePort === null ? (
      <button type="button" className="btn small" onClick={() => showPlace('settings')}>
        Open Settings
      </button>
    ) : (
      <button type="button" className="btn small" onClick={() => void takePort(freePort)}>
        Use port {freePort}
      </button>
    );
  return (
    <Banner kind="error" action={action}>
      <b>Larder is not listening.</b> {listen.error.message}
      {listen.error.code === 'port_in_use' && <PortOwnerWords />}
    </Banner>
  );
}

/** By whom the port is taken, where the system tells. */
function PortOwnerWords() {
  const port = useStore(engineStore, ({ settings }) => settings?.port ?? null);
  const [owner, setOwner] = useState<PortOwner | null>(null);
  useEffect(() => {
    let current = true;
    if (port === null || port === 0) return undefined;
    void ask('desktop.port-owner', { port }).then((answer) => {
      if (current) setOwner(answer.ok ? answer.value : null);
    });
    return () => {
      current = false;
    };
  }, [port]);
  if (owner === null) return null;
  return (
    <>
      {' '}
      It is held by <b>{owner.name}</b> (process {owner.pid}).
    </>
  );
}

async function takePort(port: number): Promise<void> {
  const result = await saveChange({ port });
  if (result?.kind !== 'saved') return;
  if (engineStore.getState().status?.listen.kind !== 'listening') await startEngine();
}
