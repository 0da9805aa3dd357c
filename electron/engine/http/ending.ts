/**
 * Ends of responses that node leaves open: one that is sent before its request
 * has come whole, and those that wait for their turn on a connection that closes.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** A client that is still sending its body gets so long to read the answer. */
const LINGER_MS = 1000;
const NOTHING = new Uint8Array(0);

/** How to end, at once, those that let the body in. */
const lingering = new WeakMap<object, () => void>();

/** For a connection whose parser has given up: what is answered already goes out. False: nothing is. */
export function endAnswered(response: object): boolean {
  const end = lingering.get(response);
  end?.();
  return end !== undefined;
}

/**
 * Ends the response. Where the connection closes with it and the body is still
 * coming, the body is let in first for a moment: closed at once, the connection
 * would be reset, and the answer lost with it.
 */
export function endResponse(response: ServerResponse, last?: Uint8Array, letIn = true): void {
  const message: IncomingMessage = response.req;
  if (message.complete || response.shouldKeepAlive || !letIn) {
    response.end(last);
    // What nobody reads any more would block the next request of the connection.
    if (!message.complete) message.resume();
    return;
  }
  response.write(last ?? NOTHING);
  const end = (): void => {
    clearTimeout(timer);
    lingering.delete(response);
    response.end();
  };
  lingering.set(response, end);
  const timer = setTimeout(end, LINGER_MS);
  message.once('end', end);
  response.once('close', () => clearTimeout(timer));
  message.resume();
}

/**
 * Calls back when what was asked before on the connection has been answered; at once where nothing was, and never
 * where the client leaves meanwhile. A response to a request that has not come whole is not waited for.
 */
export function afterAnswers(socket: Duplex, then: () => void): void {
  const underWay = responseUnderWay(socket);
  if (underWay === null || !underWay.req.complete) {
    then();
    return;
  }
  const close = (): void => void socket.destroy();
  // Node does neither any more for a connection that it has handed over.
  const drain = (): void => void underWay.emit('drain');
  socket.on('error', close).on('drain', drain);
  underWay.once('close', () => {
    socket.off('error', close).off('drain', drain);
    if (!socket.destroyed) afterAnswers(socket, then);
  });
}

/** The response that node is writing on this socket. */
export function responseUnderWay(socket: Duplex): ServerResponse | null {
  return (socket as { readonly _httpMessage?: ServerResponse | null })._httpMessage ?? null;
}

const waiting = new WeakMap<Socket, Set<ServerResponse>>();

/** Requests that were sent ahead wait for their turn. Node 18, in the oldest Electron, does not tell them that the client has left meanwhile. */
export function closeWithConnection(response: ServerResponse, socket: Socket): void {
  if (response.socket !== null) return;
  let all = waiting.get(socket);
  if (all === undefined) {
    const made = new Set<ServerResponse>();
    waiting.set(socket, made);
    socket.once('close', () => {
      for (const one of made) closeUnsent(one);
    });
    all = made;
  }
  const responses = all;
  responses.add(response);
  response.once('close', () => responses.delete(response));
}

function closeUnsent(response: ServerResponse): void {
  if (response.socket !== null) return;
  response.destroy();
  response.emit('close');
}
