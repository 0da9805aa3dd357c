/** Several ranges in one answer: multipart/byteranges (RFC 9110 §14.6). */
import { randomBytes } from 'node:crypto';
import type { ByteRange } from '../semantics/range';

export interface RangeContent {
  readonly range: ByteRange;
  readonly completeLength: number | null;
  readonly bytes: Uint8Array;
}

/** 96 random bits: no body contains them by chance or by intent. */
const BOUNDARY_BYTES = 12;

export function multipartRanges(
  parts: readonly RangeContent[],
  contentType: string | undefined,
): { readonly contentType: string; readonly body: Uint8Array } {
  const boundary = randomBytes(BOUNDARY_BYTES).toString('hex');
  const type = contentType === undefined ? '' : `Content-Type: ${contentType}\r\n`;
  const pieces = parts.flatMap(({ range, completeLength, bytes }) => [
    Buffer.from(
      `--${boundary}\r\n${type}Content-Range: bytes ${range.first}-${range.last}/${completeLength ?? '*'}\r\n\r\n`,
      'latin1',
    ),
    bytes,
    Buffer.from('\r\n'),
  ]);
  const body = Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)]);
  return { contentType: `multipart/byteranges; boundary=${boundary}`, body };
}
