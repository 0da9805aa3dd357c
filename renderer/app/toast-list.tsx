import { Toast } from '@base-ui/react/toast';
import { Check, CircleAlert, X } from 'lucide-react';

/** The notices that are up. */
export function ToastList() {
  const { toasts } = Toast.useToastManager();
  return (
    <Toast.Portal>
      <Toast.Viewport className="toast-viewport">
        {toasts.map((toast) => (
          <Toast.Root key={toast.id} toast={toast} className="toast">
            {toast.type === 'error' ? (
              <CircleAlert aria-hidden size={15} className="mt-0.5 flex-none text-error" />
            ) : (
              <Check aria-hidden size={15} className="mt-0.5 flex-none text-hit" />
            )}
            <Toast.Content className="min-w-0 flex-1">
              <Toast.Title className="font-medium" />
              <Toast.Description className="text-sm wrap-anywhere text-muted" />
            </Toast.Content>
            {toast.actionProps !== undefined && <Toast.Action className="btn small" />}
            <Toast.Close className="btn ghost icon small" aria-label="Dismiss">
              <X aria-hidden />
            </Toast.Close>
          </Toast.Root>
        ))}
      </Toast.Viewport>
    </Toast.Portal>
  );
}
