/**
 * The narrow door between the window and the main process. Runs sandboxed, so it requires nothing but
 * `electron`; the contract is imported as types only, and the lists here do not compile when one is missing.
 */
import { contextBridge, ipcRenderer, type IpcRendererEvent } from 'electron';
import type { IpcChannel, IpcEventName, IpcEvents, IpcResult, LarderApi } from '../../shared/ipc-contract';

const CHANNELS: Readonly<Record<IpcChannel, true>> = {
  'app.info': true,
  'engine.status': true,
  'engine.start': true,
  'engine.stop': true,
  'settings.get': true,
  'settings.save': true,
  'settings.test-origin': true,
  'settings.test-redis': true,
  'settings.export': true,
  'settings.read-import': true,
  'profiles.list': true,
  'profiles.create': true,
  'profiles.rename': true,
  'profiles.duplicate': true,
  'profiles.delete': true,
  'profiles.switch': true,
  'cache.clear': true,
  'cache.undo-clear': true,
  'cache.set-ttl': true,
  'cache.list': true,
  'cache.page': true,
  'cache.ids': true,
  'cache.branches': true,
  'cache.urls': true,
  'cache.refetch': true,
  'cache.delete-matching': true,
  'cache.delete-under': true,
  'cache.entry': true,
  'cache.body': true,
  'cache.save-body': true,
  'cache.delete': true,
  'exchange.recent': true,
  'exchange.details': true,
  'exchange.body': true,
  'exchange.save-body': true,
  'exchange.nearest': true,
  'exchange.send': true,
  'exchange.cancel': true,
  'insights.get': true,
  'insights.export': true,
  'desktop.run': true,
  'desktop.about': true,
  'desktop.port-owner': true,
  'shell.open': true,
  'clipboard.write': true,
};

const EVENTS: Readonly<Record<IpcEventName, true>> = {
  'events.exchanges': true,
  'events.status': true,
  'events.settings': true,
  'events.profiles': true,
  'events.command': true,
  'events.zoom': true,
};

function failed(code: 'bad_request' | 'internal', message: string): IpcResult<never> {
  return { ok: false, error: { code, message } };
}

const api: LarderApi = {
  async invoke(channel, request) {
    if (!Object.hasOwn(CHANNELS, channel)) return failed('bad_request', `There is no channel ${channel}`);
    try {
      return await ipcRenderer.invoke(channel, request);
    } catch {
      return failed('internal', 'Larder did not answer; restart it if this goes on');
    }
  },
  on<E extends IpcEventName>(event: E, listener: (payload: IpcEvents[E]) => void) {
    if (!Object.hasOwn(EVENTS, event)) return () => {};
    const forward = (_event: IpcRendererEvent, payload: IpcEvents[E]) => listener(payload);
    ipcRenderer.on(event, forward);
    return () => {
      ipcRenderer.off(event, forward);
    };
  },
};

contextBridge.exposeInMainWorld('larder', api);
