/** CRC-32 (the one of gzip and PNG) of the disk cache's index lines: finds every flipped bit. Node has its own only from 22 on. */

const POLYNOMIAL = 0xedb88320;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
  return value;
});

/** `before`: the checksum of what comes before these bytes. */
export function crc32(bytes: Uint8Array, before = 0): number {
  let sum = ~before;
  const { length } = bytes;
  for (let index = 0; index < length; index += 1) {
    sum = (sum >>> 8) ^ (TABLE[(sum ^ (bytes[index] ?? 0)) & 0xff] ?? 0);
  }
  return ~sum >>> 0;
}
