/** Interim responses (RFC 9110 §15.2) on their way to the client: all but 100 and 101. Never stored, never to HTTP/1.0. */
import { STATUS_CODES, validateHeaderName, validateHeaderValue, type ServerResponse } from 'node:http';
import { withoutHopByHop } from '../semantics/hop-by-hop';
import type { OriginHead } from '../origin/origin-response';
import { fieldPairs } from './field-pairs';
import { filterFields } from './raw-fields';

/** A client that does not read is sent no more of them than this. */
const MAX_UNREAD_BYTES = 64 * 1024;

/** As they came: node's own methods know 102 and 103 only, and refuse many a Link that RFC 8288 allows. */
export function writeInterim(response: ServerResponse, httpVersion: string, head: OriginHead): void {
  const { socket } = response;
  if (httpVersion === '1.0' || response.headersSent || response.destroyed || socket === null) return;
  if (socket.writableLength > MAX_UNREAD_BYTES) return;
  // RFC 9110 §8.6: no Content-Length in 1xx
  const fields = fieldPairs(filterFields(withoutHopByHop(head.fields), (name) => name !== 'content-length'));
  if (!fields.every(isSendable)) return;
  const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`);
  // The origin's reason phrase is not checked by anyone, and says nothing.
  const phrase = STATUS_CODES[head.status] ?? '';
  socket.write(`HTTP/1.1 ${head.status} ${phrase}\r\n${lines.join('')}\r\n`, 'latin1');
}

function isSendable([name, value]: readonly [name: string, value: string]): boolean {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    // What it says is for the final response alone to say.
    return false;
  }
}
