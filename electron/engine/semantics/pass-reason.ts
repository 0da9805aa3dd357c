/** Requests that the cache leaves alone: neither answered from the store, nor stored, nor collapsed. */
import type { ForwardReason, ReasonCode, ReasonFacts } from '../../../shared/exchange-summary';
import { hasField, type RawFields } from '../http/raw-fields';
import type { CacheControl } from './cache-control';

export interface PassReason {
  readonly reason: ReasonCode;
  readonly forward: ForwardReason;
  readonly facts: ReasonFacts;
}

/** Preconditions that only the origin can answer (RFC 9110 §13.1; RFC 9111 §4.3.2). */
const ORIGIN_CONDITIONS = ['if-match', 'if-unmodified-since'];

/** Fields by which some origins choose another resource or method; they are in no key. */
const UNKEYED_INPUTS = [
  'x-original-url',
  'x-rewrite-url',
  'x-http-method',
  'x-http-method-override',
  'x-method-override',
];

/** Null: a request for the cache. */
export function passReason(
  request: { readonly method: string; readonly fields: RawFields; readonly hasBody: boolean },
  control: CacheControl,
): PassReason | null {
  const { method, fields } = request;
  if (method !== 'GET' && method !== 'HEAD') {
    return { reason: 'method-not-cached', forward: 'method', facts: { decidedBy: 'RFC 9110 §9.2.3' } };
  }
  if (request.hasBody) return bypass('request-body', { decidedBy: 'RFC 9110 §9.3.1' });
  if (control.has('no-store')) {
    return { reason: 'request-no-store', forward: 'request', facts: { decidedBy: 'RFC 9111 §5.2.1.5' } };
  }
  return passByFields(fields);
}

function passByFields(fields: RawFields): PassReason | null {
  const conditions = ORIGIN_CONDITIONS.filter((name) => hasField(fields, name));
  if (conditions.length > 0) {
    return bypass('conditional-request', { requestFields: conditions, decidedBy: 'RFC 9111 §4.3.2' });
  }
  const unkeyed = UNKEYED_INPUTS.filter((name) => hasField(fields, name));
  return unkeyed.length > 0
    ? bypass('unkeyed-input', { requestFields: unkeyed, decidedBy: 'RFC 9111 §2' })
    : null;
}

function bypass(reason: ReasonCode, facts: ReasonFacts): PassReason {
  return { reason, forward: 'bypass', facts };
}
