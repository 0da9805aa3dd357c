/** Which of the window's own dialogs is open: one at a time. */
import { createStore } from 'zustand/vanilla';

export type DialogName = 'palette' | 'compose' | 'shortcuts' | 'about';

interface DialogState {
  readonly open: DialogName | null;
}

export const dialogStore = createStore<DialogState>(() => ({ open: null }));

export function openDialog(open: DialogName): void {
  dialogStore.setState({ open });
}

/** Closes it where it is still the one that is open. */
export function closeDialog(name: DialogName): void {
  if (dialogStore.getState().open === name) dialogStore.setState({ open: null });
}
