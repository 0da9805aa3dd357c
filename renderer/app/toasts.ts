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
