import { Dialog } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { useStore } from 'zustand';
import { windowStore } from '../state/window-store';
import { ConnectPanel, OriginForm } from './connect-panel';

/** The Connect panel, at any time. */
export function ConnectDialog() {
  const open = useStore(windowStore, (state) => state.connectOpen);
  return (
    <Dialog.Root open={open} onOpenChange={(connectOpen) => windowStore.setState({ connectOpen })}>
      <Dialog.Portal>
        <Dialog.Backdrop className="dialog-backdrop" />
        <Dialog.Popup className="dialog">
          <div className="mb-4 flex items-start justify-between">
            <Dialog.Title className="text-lg font-semibold">Connect</Dialog.Title>
            <Dialog.Close className="btn ghost icon small" aria-label="Close">
              <X aria-hidden />
            </Dialog.Close>
          </div>
          <OriginForm />
          <h3 className="mt-6 mb-2">Point your app at Larder</h3>
          <ConnectPanel />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
