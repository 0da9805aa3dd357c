/**
 * What undici does not tell its handlers: which connection a request went out
 * on. It announces each request with its socket on a diagnostics channel, right
 * after the handler's `onRequestStart`.
 */
import { subscribe } from 'node:diagnostics_channel';

interface Connection {
  readonly errored: Error | null;
}

const usedSockets = new WeakSet<Connection>();
const onReused = new WeakSet<object>();
const connections = new WeakMap<object, Connection>();
let starting: object | null = null;
let watching = false;

export const connectionOf = {
  /** The handler's request is about to be written. */
  begin(handler: object): void {
    onReused.delete(handler);
    connections.delete(handler);
    starting = handler;
  },
  /** The connection had served another request before. */
  wasReused(handler: object): boolean {
    return onReused.has(handler);
  },
  /** undici takes a reset for the end of a body that has no length: some servers close that way. */
  hasFailed(handler: object): boolean {
    const errored = connections.get(handler)?.errored;
    return errored !== null && errored !== undefined;
  },
};

export function watchConnections(): void {
  if (watching) return;
  watching = true;
  subscribe('undici:client:sendHeaders', (message) => {
    const { socket } = message as { readonly socket: Connection };
    if (starting !== null) {
      connections.set(starting, socket);
      if (usedSockets.has(socket)) onReused.add(starting);
    }
    usedSockets.add(socket);
    starting = null;
  });
}
