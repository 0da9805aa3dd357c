/** The one place where messages from renderers arrive: the sender is checked here, for every channel. */
import { ipcMain, type IpcMainInvokeEvent } from 'electron';
import { IPC_CHANNELS, type Dispatch } from './ipc-dispatcher';

const REFUSED = {
  ok: false,
  error: { code: 'forbidden', message: "Only Larder's own window may ask this" },
} as const;

export function registerIpc(dispatch: Dispatch, isTrusted: (event: IpcMainInvokeEvent) => boolean): void {
  for (const channel of IPC_CHANNELS) {
    ipcMain.handle(channel, (event, request: unknown) =>
      isTrusted(event) ? dispatch(channel, request) : REFUSED,
    );
  }
}
