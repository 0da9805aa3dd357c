/**
 * Memory for records of any size, in large segments outside V8's heap: a record costs its bytes, no object and no
 * allocation. Records are appended; a segment whose records are gone is used again, and where too much is wasted the
 * live records of the emptiest segment move together. The memory store keeps its packed responses in one.
 */

const SEGMENT_BYTES = 256 * 1024;
/** A larger record has a segment to itself, so that little is lost at a segment's end. */
const LARGE_RECORD_BYTES = 16 * 1024;
/** This share of what is alive may be wasted before records are moved. */
const WASTE_SHARE = 8;
const SPARE_SEGMENTS = 2;
const WORD_BYTES = 4;
const ALIGNMENT = 8;
/** Of a segment to itself: typed arrays and ArrayBuffer on V8's heap, with its headroom, and the allocator's record. */
const OWN_SEGMENT_BYTES = 1100;

export interface Segment {
  readonly number: number;
  readonly bytes: Buffer;
  readonly words: Int32Array;
  used: number;
  live: number;
}

/** What a record's first two words say. */
export const ROW_WORD = 0;
export const LENGTH_WORD = 1;
/** Where what is the record's own begins. */
const CONTENT_BYTES = 2 * WORD_BYTES;

export function alignedBytes(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

/** What a record takes with its share of what is wasted. `bytes`: aligned. */
export function arenaBytes(bytes: number): number {
  return bytes > LARGE_RECORD_BYTES ? bytes + OWN_SEGMENT_BYTES : bytes + Math.ceil(bytes / WASTE_SHARE);
}

export interface ArenaPlace {
  readonly segment: Segment;
  readonly offset: number;
}

export interface ArenaOwner {
  /** Whether the record of `row` is still the one at this place. */
  isAt(row: number, place: ArenaPlace): boolean;
  /** The record's bytes are at another place now. */
  moved(row: number, place: ArenaPlace): void;
}

export class RecordArena {
  readonly #owner: ArenaOwner;
  readonly #segments: (Segment | undefined)[] = [];
  readonly #freeNumbers: number[] = [];
  #spare: Segment[] = [];
  #head: Segment | null = null;
  #allocated = 0;
  #live = 0;

  constructor(owner: ArenaOwner) {
    this.#owner = owner;
  }

  segment(number: number): Segment | undefined {
    return this.#segments[number];
  }

  /** Room for a record of an aligned length; its first two words are written. */
  allocate(row: number, bytes: number): ArenaPlace {
    const segment = bytes > LARGE_RECORD_BYTES ? this.#newSegment(bytes) : this.#withRoom(bytes);
    return this.#append(segment, row, bytes);
  }

  /** A record of another arena, for `row` of this one. */
  copyOf({ segment, offset }: ArenaPlace, row: number): ArenaPlace {
    const bytes = segment.words[offset / WORD_BYTES + LENGTH_WORD] ?? 0;
    const place = this.allocate(row, bytes);
    const content = offset + CONTENT_BYTES;
    segment.bytes.copy(place.segment.bytes, place.offset + CONTENT_BYTES, content, offset + bytes);
    return place;
  }

  free({ segment, offset }: ArenaPlace): void {
    const bytes = segment.words[offset / WORD_BYTES + LENGTH_WORD] ?? 0;
    segment.live -= bytes;
    this.#live -= bytes;
    if (segment.live > 0) return;
    if (segment === this.#head) segment.used = 0;
    else this.#release(segment);
  }

  /** Moves records together where too much is wasted: not while anyone holds a place. */
  tidy(): void {
    while (this.#allocated - this.#live > this.#live / WASTE_SHARE + (SPARE_SEGMENTS + 1) * SEGMENT_BYTES) {
      const emptiest = this.#emptiest();
      if (emptiest === null) return;
      this.#moveOut(emptiest);
    }
  }

  #append(segment: Segment, row: number, bytes: number): ArenaPlace {
    const offset = segment.used;
    segment.words[offset / WORD_BYTES + ROW_WORD] = row;
    segment.words[offset / WORD_BYTES + LENGTH_WORD] = bytes;
    segment.used += bytes;
    segment.live += bytes;
    this.#live += bytes;
    return { segment, offset };
  }

  #withRoom(bytes: number): Segment {
    if (this.#head === null || this.#head.used + bytes > SEGMENT_BYTES)
      this.#head = this.#spare.pop() ?? this.#newSegment(SEGMENT_BYTES);
    return this.#head;
  }

  #emptiest(): Segment | null {
    let emptiest: Segment | null = null;
    for (const segment of this.#segments) {
      if (segment === undefined || segment === this.#head || segment.bytes.byteLength !== SEGMENT_BYTES)
        continue;
      // A spare segment is empty already.
      if (segment.live > 0 && segment.live < (emptiest?.live ?? SEGMENT_BYTES)) emptiest = segment;
    }
    return emptiest;
  }

  #moveOut(from: Segment): void {
    let offset = 0;
    while (offset < from.used) {
      const row = from.words[offset / WORD_BYTES + ROW_WORD] ?? 0;
      const bytes = from.words[offset / WORD_BYTES + LENGTH_WORD] ?? 0;
      if (this.#owner.isAt(row, { segment: from, offset })) this.#move(row, { segment: from, offset }, bytes);
      offset += bytes;
    }
    this.#live -= from.live;
    from.live = 0;
    this.#release(from);
  }

  #move(row: number, { segment: from, offset }: ArenaPlace, bytes: number): void {
    const to = this.#append(this.#withRoom(bytes), row, bytes);
    from.bytes.copy(to.segment.bytes, to.offset, offset, offset + bytes);
    this.#owner.moved(row, to);
  }

  #newSegment(size: number): Segment {
    const bytes = Buffer.allocUnsafeSlow(size);
    const words = new Int32Array(bytes.buffer);
    const number = this.#freeNumbers.pop() ?? this.#segments.length;
    const segment: Segment = { number, bytes, words, used: 0, live: 0 };
    this.#segments[number] = segment;
    this.#allocated += size;
    return segment;
  }

  #release(segment: Segment): void {
    segment.used = 0;
    if (segment.bytes.byteLength === SEGMENT_BYTES && this.#spare.length < SPARE_SEGMENTS) {
      this.#spare.push(segment);
      return;
    }
    this.#segments[segment.number] = undefined;
    this.#freeNumbers.push(segment.number);
    this.#allocated -= segment.bytes.byteLength;
  }
}
