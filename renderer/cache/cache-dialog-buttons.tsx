import { Dialog } from '@base-ui/react/dialog';
import type { ReactNode, Ref } from 'react';

interface DialogButtonsProps {
  readonly cancelRef?: Ref<HTMLButtonElement>;
  readonly children: ReactNode;
}

/** Cancel, and beside it what the dialog is for. */
export function DialogButtons({ cancelRef, children }: DialogButtonsProps) {
  return (
    <div className="mt-5 flex flex-wrap justify-end gap-2">
      <Dialog.Close ref={cancelRef} className="btn">
        Cancel
      </Dialog.Close>
      {children}
    </div>
  );
}
