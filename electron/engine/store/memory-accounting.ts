/**
 * What a stored response costs in resident memory while it is hot, that is as objects on V8's heap; what is packed is
 * counted by cold-responses. Beside the request's path. The constants are on the safe side for 64-bit V8 without
 * pointer compression; how they were measured is in docs/decisions/0004-memory-accounting.md.
 */
import type { StoredResponse } from '../semantics/stored-response';

/**
 * What lives on V8's heap is resident for longer than it is alive: under steady
 * eviction V8 was seen to let the heap grow to three times what is alive before
 * it collects.
 */
const HEAP_FACTOR = 3;
/** Header of a V8 string, with its length rounded up to 8. */
const STRING_BYTES = 24;
/** A slot of an array that points to a string. */
const POINTER_BYTES = 8;
/** Header and elements header of an array. */
const ARRAY_BYTES = 32;
/** The response object, what it is held by, and its entries in three maps at their worst fill. */
const INDEX_BYTES = 560;
/** On the heap for a body: typed array and ArrayBuffer. */
const BODY_HEAP_BYTES = 224;
/** Beside the heap for a body: the backing store's record and the allocator's rounding. */
const BODY_NATIVE_BYTES = 128;

/** Bytes that keeping this response takes: body, fields, keys, id, index, and the collector's headroom. */
export function accountedBytes(stored: StoredResponse, bodyBytes: number): number {
  const metadata = Math.ceil(HEAP_FACTOR * metadataBytes(stored));
  if (bodyBytes === 0) return metadata;
  return metadata + HEAP_FACTOR * BODY_HEAP_BYTES + BODY_NATIVE_BYTES + bodyBytes;
}

function metadataBytes(stored: StoredResponse): number {
  return (
    INDEX_BYTES +
    stringBytes(stored.id) +
    stringBytes(stored.key) +
    stringBytes(stored.partition) +
    stringBytes(stored.url) +
    stringBytes(stored.statusText) +
    listBytes(stored.fields) +
    preparedBytes(stored.fields) +
    listBytes(stored.trailers) +
    varyBytes(stored)
  );
}

function varyBytes(stored: StoredResponse): number {
  let bytes = ARRAY_BYTES;
  for (const [name, value] of stored.vary) {
    bytes += 3 * POINTER_BYTES + ARRAY_BYTES + stringBytes(name) + stringBytes(value ?? '');
  }
  return bytes;
}

function listBytes(strings: readonly string[]): number {
  let bytes = ARRAY_BYTES;
  for (const text of strings) bytes += POINTER_BYTES + stringBytes(text);
  return bytes;
}

/** The fields as they are sent: the same strings in another array, and some more. */
function preparedBytes(fields: readonly string[]): number {
  return ARRAY_BYTES + POINTER_BYTES * (fields.length + 4);
}

/** UTF-8 length: exact for ASCII, an upper bound for Latin-1, and close to V8's two bytes for the rest. */
function stringBytes(text: string): number {
  return STRING_BYTES + Buffer.byteLength(text);
}
