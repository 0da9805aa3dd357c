// What the targets of the benchmark stand for: `/BYTES/KEY` is so many bytes that cannot be compressed, the same ones
// for the same key every time.
import { createCipheriv } from 'node:crypto';

const POOL_BYTES = 4 * 1024 * 1024;
const MOST_BYTES = 2 * 1024 * 1024;
const TARGET = /^\/(\d{1,7})\/([\w-]+)$/;

const pool = createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16)).update(
  Buffer.alloc(POOL_BYTES),
);

/** @param {number} bytes
 *  @param {string | number} key letters, digits, `_` and `-` */
export const targetOf = (bytes, key) => `/${bytes}/${key}`;

/** @param {string} target
 *  @returns {Buffer | null} null: not one of these targets */
export function bodyOf(target) {
  const [, size = '', key = ''] = TARGET.exec(target) ?? [];
  const bytes = Number(size);
  if (size === '' || bytes > MOST_BYTES) return null;
  const from = hashOf(key) % (POOL_BYTES - bytes);
  return pool.subarray(from, from + bytes);
}

/** FNV-1a, 32 bits.
 *  @param {string} text */
function hashOf(text) {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}
