/** Bytes as lines of hex. */

export interface HexLine {
  /** Of the first byte, in hex. */
  readonly offset: string;
  /** Padded to the width of a whole line. */
  readonly hex: string;
  /** What of it is printable ASCII; the others are dots. */
  readonly text: string;
}

/** How many lines of hex so many bytes make. */
export function hexLineCount(byteLength: number, perLine: number): number {
  return Math.ceil(byteLength / perLine);
}

/** `00000010`, `4c 61 72 64 65 72 …`, `Larder…` */
export function hexLine(bytes: Uint8Array, line: number, perLine: number): HexLine {
  const start = line * perLine;
  const part = [...bytes.subarray(start, start + perLine)];
  const hex = part.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  const text = part.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
  return { offset: start.toString(16).padStart(6, '0'), hex: hex.padEnd(perLine * 3 - 1), text };
}
