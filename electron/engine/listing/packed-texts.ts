/** Many texts as bytes in a few large pieces of memory, outside V8's heap. The listing keeps URLs and ids so. */

const PIECE_BYTES = 1024 * 1024;
/** The most that a text takes in UTF-8, for each of its UTF-16 units. */
const LONGEST_UNIT = 3;

export class PackedTexts {
  readonly #pieces: Buffer[] = [];
  #used = 0;
  #pieceOf = new Uint32Array(0);
  #starts = new Uint32Array(0);
  #lengths = new Uint32Array(0);

  grow(rows: number): void {
    this.#pieceOf = grown(this.#pieceOf, rows);
    this.#starts = grown(this.#starts, rows);
    this.#lengths = grown(this.#lengths, rows);
  }

  set(row: number, text: string): void {
    const most = text.length * LONGEST_UNIT;
    if (this.#pieces.length === 0 || this.#used + most > PIECE_BYTES) {
      this.#pieces.push(Buffer.allocUnsafeSlow(Math.max(PIECE_BYTES, most)));
      this.#used = 0;
    }
    const piece = this.#pieces.length - 1;
    const length = this.#pieces[piece]?.write(text, this.#used, 'utf8') ?? 0;
    this.#pieceOf[row] = piece;
    this.#starts[row] = this.#used;
    this.#lengths[row] = length;
    this.#used += length;
  }

  at(row: number): string {
    const start = this.#starts[row] ?? 0;
    const piece = this.#pieces[this.#pieceOf[row] ?? 0];
    return piece?.toString('utf8', start, start + (this.#lengths[row] ?? 0)) ?? '';
  }

  /** Below 0: the one comes first. By code points. */
  compare(one: number, other: number): number {
    const left = this.#pieces[this.#pieceOf[one] ?? 0];
    const right = this.#pieces[this.#pieceOf[other] ?? 0];
    if (left === undefined || right === undefined) return 0;
    const leftStart = this.#starts[one] ?? 0;
    const rightStart = this.#starts[other] ?? 0;
    const leftLength = this.#lengths[one] ?? 0;
    const rightLength = this.#lengths[other] ?? 0;
    const length = leftLength < rightLength ? leftLength : rightLength;
    for (let index = 0; index < length; index += 1) {
      const difference = (left[leftStart + index] ?? 0) - (right[rightStart + index] ?? 0);
      if (difference !== 0) return difference;
    }
    return leftLength - rightLength;
  }
}

type Column = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/** The same column with room for more rows. */
export function grown<T extends Column>(column: T, rows: number): T {
  const Kind = column.constructor as new (length: number) => T;
  const larger = new Kind(rows);
  larger.set(column);
  return larger;
}
