/** The Connect panel, at any time. */
import { AppDialog } from '../app/app-dialog';
import type { OwnDialogProps } from '../app/dialogs';
import { windowStore } from '../state/window-store';
import { ConnectPanel, OriginForm } from './connect-panel';

export function ConnectDialog({ open, onClosed }: OwnDialogProps) {
  return (
    <AppDialog title="Connect" open={open} onClosed={onClosed} onClose={closeConnect}>
      <OriginForm />
      <h3 className="mt-6 mb-2">Point your app at Larder</h3>
      <ConnectPanel />
    </AppDialog>
  );
}

const closeConnect = () => windowStore.setState({ connectOpen: false });
