/** Answers on the bare socket, where there is no request to answer to: the parser refused it, or it is a CONNECT. */
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { LarderError } from '../../../shared/error-codes';
import { afterAnswers, endAnswered, responseUnderWay } from './ending';

/** A client that is still sending gets so long to read the answer: closing at once would reset it away. */
const LINGER_MS = 1000;
const answered = new WeakSet<Duplex>();

/** What was asked before it on the connection is answered first. */
export function writeClientError(socket: Duplex, error: LarderError): void {
  // What still comes of a request that was refused is not parsed, and no news.
  if (answered.has(socket)) return;
  answered.add(socket);
  socket.on('error', () => socket.destroy());
  afterAnswers(socket, () => refuse(socket, error));
}

function refuse(socket: Duplex, error: LarderError): void {
  const underWay = responseUnderWay(socket);
  if (underWay !== null && endAnswered(underWay)) return;
  if (!socket.writable) {
    (socket as Socket).destroySoon();
    return;
  }
  // An answer of ours would end up in the body of the one under way.
  if (underWay?.headersSent === true) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify({ error: error.report() });
  socket.end(
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status] ?? ''}\r\n` +
      'Content-Type: application/json\r\n' +
      `Content-Length: ${Buffer.byteLength(body)}\r\n` +
      `Cache-Status: larder; detail=${error.code}\r\n` +
      'X-Cache: MISS\r\n' +
      'Connection: close\r\n\r\n' +
      body,
  );
  lingerThenDestroy(socket);
}

/** For a socket whose writing side has been ended: it goes when the client has read that, or soon anyway. */
export function lingerThenDestroy(socket: Duplex): void {
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  timer.unref();
  socket.once('end', () => socket.destroy());
  socket.once('close', () => clearTimeout(timer));
  socket.resume();
}
