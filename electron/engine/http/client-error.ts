/** Answers on the bare socket, where there is no request to answer to: the parser refused it, or it is an upgrade. */
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { LarderError } from '../../../shared/error-codes';

export function writeClientError(socket: Duplex, error: LarderError): void {
  if (!socket.writable || ('bytesWritten' in socket && socket.destroyed)) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify({ error: error.report() });
  socket.on('error', () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status] ?? ''}\r\n` +
      'Content-Type: application/json\r\n' +
      `Content-Length: ${Buffer.byteLength(body)}\r\n` +
      `Cache-Status: larder; detail=${error.code}\r\n` +
      'X-Cache: MISS\r\n' +
      'Connection: close\r\n\r\n' +
      body,
    () => socket.destroy(),
  );
}
