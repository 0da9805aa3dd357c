/** The dialogs of the Cache place: the one that is open. */
import { Dialog } from '@base-ui/react/dialog';
import type { RefObject } from 'react';
import { useRef, useState } from 'react';
import { useStore } from 'zustand';
import { AppDialog } from '../app/app-dialog';
import { DialogButtons } from './cache-dialog-buttons';
import type { CacheDialog } from './cache-dialogs';
import { cacheDialogs, closeCacheDialog } from './cache-dialogs';
import { DeleteMatchingForm } from './delete-matching-form';
import { EditTtlForm } from './edit-ttl-form';

export function CacheDialogs() {
  const open = useStore(cacheDialogs, (state) => state.open);
  // What is closing goes on to be shown.
  const [last, setLast] = useState<CacheDialog | null>(null);
  if (open !== null && open !== last) setLast(open);
  const shown = open ?? last;
  const focusRef = useRef<HTMLInputElement & HTMLButtonElement>(null);
  return (
    <AppDialog
      title={shown === null ? '' : dialogTitle(shown)}
      open={open !== null}
      onClose={closeCacheDialog}
      className={shown?.kind === 'delete-matching' ? '' : 'narrow'}
      initialFocus={focusRef}
    >
      {shown !== null && <DialogContent dialog={shown} focusRef={focusRef} />}
    </AppDialog>
  );
}

function dialogTitle(dialog: CacheDialog): string {
  switch (dialog.kind) {
    case 'delete-matching':
      return 'Delete by pattern';
    case 'edit-ttl':
      return 'Edit TTL';
    case 'confirm':
      return dialog.title;
  }
}

interface DialogContentProps {
  readonly dialog: CacheDialog;
  /** On what has the focus at first. */
  readonly focusRef: RefObject<(HTMLInputElement & HTMLButtonElement) | null>;
}

function DialogContent({ dialog, focusRef }: DialogContentProps) {
  switch (dialog.kind) {
    case 'delete-matching':
      return <DeleteMatchingForm first={dialog.pattern} fieldRef={focusRef} />;
    case 'edit-ttl':
      return <EditTtlForm entry={dialog.entry} fieldRef={focusRef} />;
    case 'confirm':
      return <Confirm dialog={dialog} focusRef={focusRef} />;
  }
}

interface ConfirmProps {
  readonly dialog: Extract<CacheDialog, { kind: 'confirm' }>;
  readonly focusRef: DialogContentProps['focusRef'];
}

/** Enter cancels until the other button has the focus. */
function Confirm({ dialog: { text, action, onConfirm }, focusRef }: ConfirmProps) {
  return (
    <>
      <Dialog.Description className="wrap-anywhere text-muted">{text}</Dialog.Description>
      <DialogButtons cancelRef={focusRef}>
        <button
          type="button"
          className="btn danger"
          onClick={() => {
            closeCacheDialog();
            void onConfirm();
          }}
        >
          {action}
        </button>
      </DialogButtons>
    </>
  );
}
