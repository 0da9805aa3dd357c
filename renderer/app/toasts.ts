/** Short notices at the edge of the window, from anywhere. */
import { Toast } from '@base-ui/react/toast';

export const toastManager = Toast.createToastManager();

const LONG_MS = 8000;
const SHORT_MS = 4000;

export function tell(title: string): void {
  toastManager.add({ title, timeout: SHORT_MS });
}

export function tellProblem(title: string, description: string): void {
  toastManager.add({ title, description, type: 'error', timeout: LONG_MS });
}

interface Offer {
  /** An offer with the same id takes its place. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly action: string;
  readonly onAction: () => void;
}

/** A notice with a button. It stands until it is dismissed, acted upon or taken back, also while it is pointed at. */
export function offer({ id, title, description, action, onAction }: Offer, onClose: () => void): void {
  const actionProps = { children: action, onClick: onAction };
  toastManager.add({ id, title, description, timeout: 0, actionProps, onClose });
}

export function takeBack(id: string): void {
  toastManager.close(id);
}
