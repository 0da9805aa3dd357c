/**
 * What the window gets to see of a body: decoded where that is safe, and never more than `PREVIEW_BYTES`.
 * Decoding stops at the limit, so that a compressed bomb costs no more than an honest body.
 */
import type { Transform } from 'node:stream';
import zlib from 'node:zlib';
import { PREVIEW_BYTES, type BodyPreview } from '../../../shared/ipc/body-preview';
import type { ObservedBody } from '../../engine/larder-engine';

/** More codings than anyone stacks in earnest. */
const MOST_CODINGS = 3;
interface Decoded {
  readonly bytes: Uint8Array;
  /** The end of the body was not reached. */
  readonly truncated: boolean;
}

export async function previewOf(body: ObservedBody): Promise<BodyPreview> {
  const decoded = await decodeBody(body.bytes, body.contentEncoding, PREVIEW_BYTES);
  const source = decoded ?? { bytes: body.bytes, truncated: false };
  const truncated = body.truncated || source.truncated || source.bytes.length > PREVIEW_BYTES;
  const bytes = ownBytes(source.bytes.subarray(0, PREVIEW_BYTES));
  const totalBytes = truncated ? Math.max(body.totalBytes, bytes.length) : source.bytes.length;
  return {
    contentType: body.contentType,
    contentEncoding: body.contentEncoding,
    undecoded: decoded === null ? body.contentEncoding : null,
    bytes,
    totalBytes,
    truncated,
    keptWhole: !body.truncated,
  };
}

/** Structured clone would carry the whole buffer beneath a view. */
function ownBytes(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
}

/**
 * Undoes the content codings, up to `limit` bytes. Null: a coding we do not know, or a body that is not what
 * it says; the bytes are then best shown as they are.
 */
export async function decodeBody(
  bytes: Uint8Array,
  contentEncoding: string | null,
  limit: number,
): Promise<Decoded | null> {
  const codings = codingsOf(contentEncoding);
  if (codings.length > MOST_CODINGS) return null;
  let decoded: Decoded = { bytes, truncated: false };
  for (const coding of codings) {
    const next = await decodeLayer(decoded.bytes, coding, limit);
    if (next === null) return null;
    decoded = { bytes: next.bytes, truncated: decoded.truncated || next.truncated };
  }
  return decoded;
}

/** In the order in which they are undone: the last applied first. */
function codingsOf(contentEncoding: string | null): string[] {
  return (contentEncoding ?? '')
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity')
    .reverse();
}

function decoderFor(coding: string, firstByte: number): Transform | null {
  // With a sync flush at the end, a body that was cut off still gives what it holds.
  const options = { finishFlush: zlib.constants.Z_SYNC_FLUSH };
  switch (coding) {
    case 'gzip':
    case 'x-gzip':
      return zlib.createGunzip(options);
    case 'deflate':
      // RFC 9110 §8.4.1.2: zlib is what it means; some send it bare.
      return (firstByte & 0x0f) === 8 ? zlib.createInflate(options) : zlib.createInflateRaw(options);
    case 'br':
      return zlib.createBrotliDecompress({ finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH });
    case 'zstd':
      // Node before 22.15 does not know it.
      return 'createZstdDecompress' in zlib
        ? zlib.createZstdDecompress({ finishFlush: zlib.constants.ZSTD_e_flush })
        : null;
    default:
      return null;
  }
}

function decodeLayer(bytes: Uint8Array, coding: string, limit: number): Promise<Decoded | null> {
  const decoder = decoderFor(coding, bytes[0] ?? 0);
  if (decoder === null) return Promise.resolve(null);
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const finish = (truncated: boolean) => {
      resolve({ bytes: Buffer.concat(chunks).subarray(0, limit), truncated });
      decoder.destroy();
    };
    decoder.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length > limit) finish(true);
    });
    decoder.once('end', () => finish(false));
    decoder.once('error', () => (length === 0 ? resolve(null) : finish(true)));
    decoder.end(bytes);
  });
}

export async function previewOrNull(body: ObservedBody | null) {
  return body === null ? null : previewOf(body);
}
