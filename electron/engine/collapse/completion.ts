/**
 * Completes a stored part (RFC 9111 §3.4): the origin is asked for what is missing, and what
 * goes on, to client and store alike, is the whole representation with status 200.
 */
import { LarderError } from '../../../shared/error-codes';
import { filterFields, type RawFields } from '../http/raw-fields';
import type { OriginHead, OriginSink } from '../origin/origin-response';
import type { Completing } from '../semantics/cache-decision';
import { combinedFields } from '../semantics/freshening';
import { OF_ONE_CONTENT, sliceRange, type Part } from '../semantics/partial-content';
import { enclosedRange } from '../semantics/range';
import { strongValidator } from '../semantics/validator';
import { declaredBytes } from './fill-outcome';

export interface Completion {
  readonly asked: Completing;
  /** The stored part's. */
  readonly body: Uint8Array;
}

/** The request's fields with what is missing as its range, and nothing else that would make the answer particular. */
export function completingFields(requestFields: RawFields, { missing, validator }: Completing): string[] {
  const others = filterFields(requestFields, (name) => name !== 'range' && name !== 'if-range');
  return [...others, 'Range', `bytes=${missing.first}-${missing.last}`, 'If-Range', validator];
}

/** Whether the origin's answer is what was asked for, so that it completes the part. */
function completes({ status, fields }: OriginHead, { asked }: Completion): boolean {
  if (status !== 206 || strongValidator(fields) !== asked.validator) return false;
  const content = enclosedRange(fields);
  if (content === null) return false;
  const { first, last } = content.range;
  const { missing, stored } = asked;
  const declared = declaredBytes(fields);
  if (declared !== null && declared !== last - first + 1) return false;
  return (
    first === missing.first &&
    last === missing.last &&
    content.completeLength === stored.partial?.completeLength
  );
}

/** Passes on everything that does not complete the part as it came. */
export function completingSink(sink: OriginSink, completion: Completion): OriginSink {
  const { missing, stored } = completion.asked;
  let tail: Uint8Array | null = null;
  let expected = missing.last - missing.first + 1;
  const fail = (): void => {
    const message = 'The origin sent another number of bytes than its Content-Range says';
    sink.onError(new LarderError('origin_invalid_response', message));
  };
  return {
    onInterim: (head) => sink.onInterim(head),
    onHead: (head) => {
      if (!completes(head, completion)) {
        sink.onHead(head);
        return;
      }
      sink.onHead({
        status: 200,
        statusText: 'OK',
        fields: wholeFields(head.fields, completion),
        originStatus: head.status,
      });
      const before = { first: 0, last: missing.first - 1 };
      const after = { first: missing.last + 1, last: (stored.partial?.completeLength ?? 0) - 1 };
      if (before.last >= 0) sink.onData(heldBytes(completion, before));
      tail = heldBytes(completion, after);
    },
    onData: (chunk) => {
      expected -= chunk.byteLength;
      if (tail === null || expected >= 0) return sink.onData(chunk);
      // Not passed on: the client would take it for the beginning of another response.
      fail();
      return false;
    },
    onEnd: (trailers) => {
      if (tail !== null && expected !== 0) {
        fail();
        return;
      }
      if (tail !== null && tail.byteLength > 0) sink.onData(tail);
      sink.onEnd(trailers);
    },
    onError: (error) => sink.onError(error),
  };
}

/** All held ranges within, which are without gaps there. */
function heldBytes({ asked, body }: Completion, wanted: { first: number; last: number }): Uint8Array {
  const content = asked.stored.partial;
  if (content === null || wanted.first > wanted.last) return new Uint8Array(0);
  const part: Part = { content, body };
  return sliceRange(part, wanted);
}

/** The part's fields with those that came; framed as the whole. */
function wholeFields(received: RawFields, { asked }: Completion): string[] {
  const fields = combinedFields(asked.stored.fields, received);
  const length = String(asked.stored.partial?.completeLength ?? 0);
  return [...filterFields(fields, (name) => !OF_ONE_CONTENT.has(name)), 'Content-Length', length];
}
