/** Bodies cut into lines of a known height: text wrapped at a width, bytes as hex. */

/** Lines of a text, wrapped after so many characters. Carriage returns are dropped. */
export function textLines(text: string, columns: number): string[] {
  const width = Math.max(20, columns);
  const lines: string[] = [];
  for (const line of text.split(/\r\n|\r|\n/)) {
    if (line.length <= width) lines.push(line);
    else for (let at = 0; at < line.length; at += width) lines.push(line.slice(at, at + width));
  }
  if (lines.length > 1 && lines.at(-1) === '') lines.pop();
  return lines;
}

/** How many lines of hex so many bytes make. */
export function hexLineCount(byteLength: number, perLine: number): number {
  return Math.ceil(byteLength / perLine);
}

/** `00000010  4c 61 72 64 65 72 …  Larder…` */
export function hexLine(bytes: Uint8Array, line: number, perLine: number): string {
  const start = line * perLine;
  const part = [...bytes.subarray(start, start + perLine)];
  const hex = part.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  const text = part.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
  return `${start.toString(16).padStart(6, '0')}  ${hex.padEnd(perLine * 3 - 1)}  ${text}`;
}
