/** The one door to the main process: `window.larder`, exposed by preload. */
import type {
  IpcChannel,
  IpcEventName,
  IpcEvents,
  IpcRequest,
  IpcResponses,
  IpcResult,
  LarderApi,
} from '../../shared/ipc-contract';

declare global {
  interface Window {
    readonly larder: LarderApi;
  }
}

/** Asks main. Never rejects: a door that fails answers as an error does. */
export async function ask<C extends IpcChannel>(
  channel: C,
  request: IpcRequest<C>,
): Promise<IpcResult<IpcResponses[C]>> {
  try {
    return await window.larder.invoke(channel, request);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    return { ok: false, error: { code: 'internal', message: `Larder did not answer: ${message}` } };
  }
}

/** Listens to main; returns the function that stops listening. */
export function listen<E extends IpcEventName>(
  event: E,
  listener: (payload: IpcEvents[E]) => void,
): () => void {
  return window.larder.on(event, listener);
}
