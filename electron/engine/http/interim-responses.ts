/** Interim responses (RFC 9110 §15.2) on their way to the client: 102 and 103. Never stored, never to HTTP/1.0. */
import type { ServerResponse } from 'node:http';
import { withoutHopByHop } from '../semantics/hop-by-hop';
import type { OriginHead } from '../origin/origin-response';
import { fieldPairs } from './field-pairs';

/** A client that does not read is sent no more of them than this. */
const MAX_UNREAD_BYTES = 64 * 1024;

export function writeInterim(response: ServerResponse, httpVersion: string, head: OriginHead): void {
  if (httpVersion === '1.0' || response.headersSent || response.destroyed) return;
  if (response.socket === null || response.socket.writableLength > MAX_UNREAD_BYTES) return;
  if (head.status === 102) response.writeProcessing();
  if (head.status === 103) writeEarlyHints(response, head);
}

function writeEarlyHints(response: ServerResponse, head: OriginHead): void {
  const hints: Record<string, string | string[]> = {};
  for (const [name, value] of fieldPairs(withoutHopByHop(head.fields))) {
    const key = name.toLowerCase();
    const known = hints[key];
    hints[key] = known === undefined ? value : [...(Array.isArray(known) ? known : [known]), value];
  }
  if (hints['link'] === undefined) return;
  try {
    response.writeEarlyHints(hints);
  } catch {
    // A Link that node refuses to send; the final response carries it.
  }
}
