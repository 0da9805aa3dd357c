/**
 * What undici does not tell its handlers: which connection a request went out
 * on. It announces each request with its socket on a diagnostics channel, right
 * after the handler's `onRequestStart`.
 */
import { subscribe } from 'node:diagnostics_channel';
import { performance } from 'node:perf_hooks';

interface Connection {
  readonly errored: Error | null;
}

const usedSockets = new WeakSet<Connection>();
/** When a connection was there, TLS included, by the monotonic clock. */
const connectedAt = new WeakMap<Connection, number>();
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
  /** Whether the connection was opened at that time or later; null: there is none yet. */
  openedSince(handler: object, time: number): boolean | null {
    const connection = connections.get(handler);
    return connection === undefined ? null : (connectedAt.get(connection) ?? 0) >= time;
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
  subscribe('undici:client:connected', (message) => {
    const { socket } = message as { readonly socket: Connection };
    connectedAt.set(socket, performance.now());
  });
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
