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
let starting: ConnectionUse | null = null;
let watching = false;

/** What one request has of its connection. */
export class ConnectionUse {
  #connection: Connection | null = null;
  #reused = false;

  forget(): void {
    this.#connection = null;
    this.#reused = false;
  }

  /** It is written on this one. */
  take(connection: Connection): void {
    this.#connection = connection;
    this.#reused = usedSockets.has(connection);
  }

  /** The connection had served another request before. */
  get wasReused(): boolean {
    return this.#reused;
  }

  /** Whether the connection was opened at that time or later; null: there is none yet. */
  openedSince(time: number): boolean | null {
    return this.#connection === null ? null : (connectedAt.get(this.#connection) ?? 0) >= time;
  }

  /** undici takes a reset for the end of a body that has no length: some servers close that way. */
  get hasFailed(): boolean {
    const errored = this.#connection?.errored;
    return errored !== null && errored !== undefined;
  }
}

/** The request is about to be written, for the first time or once more. */
export function beginUse(use: ConnectionUse): void {
  use.forget();
  starting = use;
}

export function watchConnections(): void {
  if (watching) return;
  watching = true;
  subscribe('undici:client:connected', (message) => {
    const { socket } = message as { readonly socket: Connection };
    connectedAt.set(socket, performance.now());
  });
  subscribe('undici:client:sendHeaders', (message) => {
    const { socket } = message as { readonly socket: Connection };
    starting?.take(socket);
    usedSockets.add(socket);
    starting = null;
  });
}
