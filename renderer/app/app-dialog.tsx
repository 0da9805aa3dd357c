/** The frame of the window's own dialogs: title, close button, and what they hold. */
import { Dialog } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { ReactNode, RefObject } from 'react';

interface AppDialogProps {
  readonly title: string;
  readonly open: boolean;
  readonly onClose: () => void;
  /** It has gone from the screen. */
  readonly onClosed?: () => void;
  /** Of the popup, beside `dialog`. */
  readonly className?: string;
  /** What has the focus at first; the close button where it is not given. */
  readonly initialFocus?: RefObject<HTMLElement | null>;
  readonly children: ReactNode;
}

export function AppDialog({
  title,
  open,
  onClose,
  className = '',
  initialFocus,
  children,
  onClosed,
}: AppDialogProps) {
  return (
    <Dialog.Root
      open={open}
      onOpenChange={(isOpen) => !isOpen && onClose()}
      onOpenChangeComplete={(isOpen) => !isOpen && onClosed?.()}
    >
      <Dialog.Portal>
        <Dialog.Backdrop className="dialog-backdrop" />
        <Dialog.Popup className={`dialog ${className}`} {...(initialFocus && { initialFocus })}>
          <div className="dialog-head">
            <Dialog.Title className="text-lg font-semibold">{title}</Dialog.Title>
            <Dialog.Close className="btn ghost icon small" aria-label="Close">
              <X aria-hidden />
            </Dialog.Close>
          </div>
          {children}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
