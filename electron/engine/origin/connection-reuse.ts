/**
 * Which requests went out on a connection that had served another before.
 * undici does not tell its handlers, but announces each request with its
 * socket on a diagnostics channel, right after the handler's `onRequestStart`.
 */
import { subscribe } from 'node:diagnostics_channel';

const usedSockets = new WeakSet<object>();
const onReused = new WeakSet<object>();
let starting: object | null = null;
let watching = false;

export const startedOnReusedConnection = {
  /** The handler's request is about to be written. */
  begin(handler: object): void {
    onReused.delete(handler);
    starting = handler;
  },
  had(handler: object): boolean {
    return onReused.has(handler);
  },
};

export function watchConnections(): void {
  if (watching) return;
  watching = true;
  subscribe('undici:client:sendHeaders', (message) => {
    const { socket } = message as { readonly socket: object };
    if (usedSockets.has(socket)) {
      if (starting !== null) onReused.add(starting);
    } else {
      usedSockets.add(socket);
    }
    starting = null;
  });
}
