/** The origin's fields as they go on to the client and into the store. */
import type { EpochMs } from '../../../shared/units';
import { filterFields, hasField, type RawFields } from '../http/raw-fields';
import { withoutHopByHop } from '../semantics/hop-by-hop';
import { formatHttpDate } from '../semantics/http-date';
import type { OriginHead } from './origin-response';

/** End-to-end fields, with a Date, and framed as the status allows (RFC 9110 §8.6: no Content-Length in a 204). */
export function passedFields({ status, fields }: OriginHead, receivedAt: EpochMs): string[] {
  const kept = withoutHopByHop(fields);
  return withDate(
    status === 204 ? filterFields(kept, (name) => name !== 'content-length') : kept,
    receivedAt,
  );
}

/** RFC 9110 §6.6.1: who receives a response without Date adds the time of that. */
export function withDate(fields: RawFields, receivedAt: EpochMs): string[] {
  return hasField(fields, 'date') ? [...fields] : [...fields, 'Date', formatHttpDate(receivedAt)];
}
