import zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { PREVIEW_BYTES } from '../../../shared/ipc/body-preview';
import { decodeBody, previewOf } from './body-preview';

const text = 'stored response '.repeat(100);
const observed = (bytes: Uint8Array, contentEncoding: string | null, truncated = false) => ({
  bytes,
  contentType: 'text/plain',
  contentEncoding,
  totalBytes: bytes.length,
  truncated,
});
const shown = async (bytes: Uint8Array, encoding: string | null) =>
  Buffer.from((await previewOf(observed(bytes, encoding))).bytes).toString();

describe('previewOf', () => {
  it.each([
    ['gzip', zlib.gzipSync(text)],
    ['GZIP', zlib.gzipSync(text)],
    ['x-gzip', zlib.gzipSync(text)],
    ['br', zlib.brotliCompressSync(text)],
    ['deflate', zlib.deflateSync(text)],
    ['deflate', zlib.deflateRawSync(text)],
    ['zstd', zlib.zstdCompressSync(text)],
    ['gzip, br', zlib.brotliCompressSync(zlib.gzipSync(text))],
    ['identity', Buffer.from(text)],
    [null, Buffer.from(text)],
  ])('shows a body encoded with %s decoded', async (encoding, bytes) => {
    expect(await shown(bytes, encoding)).toBe(text);
  });

  it.each(['gzip', 'br', 'zstd', 'nonsense', 'gzip, gzip, gzip, gzip'])(
    'shows the raw bytes of a body that is not what it says: %s',
    async (encoding) => {
      const raw = Buffer.from('no compressed data at all');
      expect(await shown(raw, encoding)).toBe(raw.toString());
      expect((await previewOf(observed(raw, encoding))).undecoded).toBe(encoding);
    },
  );

  it('shows as much as there is of a body that was cut off', async () => {
    const whole = zlib.gzipSync(
      Buffer.from(Array.from({ length: 9999 }, (_, index) => String(index)).join()),
    );
    const preview = await previewOf(observed(whole.subarray(0, whole.length >> 1), 'gzip', true));
    expect(Buffer.from(preview.bytes).toString()).toMatch(/^0,1,2,3,/);
    expect(preview).toMatchObject({ truncated: true, keptWhole: false, undecoded: null });
  });

  it.each([
    ['gzip', zlib.gzipSync(Buffer.alloc(4 * PREVIEW_BYTES))],
    ['br', zlib.brotliCompressSync(Buffer.alloc(4 * PREVIEW_BYTES))],
    ['gzip, gzip', zlib.gzipSync(zlib.gzipSync(Buffer.alloc(4 * PREVIEW_BYTES)))],
  ])('stops decoding a bomb (%s) at the limit', async (encoding, bytes) => {
    const decoded = await decodeBody(bytes, encoding, PREVIEW_BYTES);
    expect(decoded).toMatchObject({ truncated: true });
    expect(decoded?.bytes).toHaveLength(PREVIEW_BYTES);
  });

  it('cuts a long body, says so, and carries no more than it shows', async () => {
    const preview = await previewOf(observed(Buffer.alloc(3 * PREVIEW_BYTES), null));
    expect(preview).toMatchObject({ truncated: true, keptWhole: true, totalBytes: 3 * PREVIEW_BYTES });
    expect(preview.bytes.buffer.byteLength).toBe(PREVIEW_BYTES);
  });
});
