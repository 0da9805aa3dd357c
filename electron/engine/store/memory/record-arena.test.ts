import { describe, expect, it } from 'vitest';
import { RecordArena, alignedBytes, type ArenaPlace } from './record-arena';

/** Keeps a text in each record, and knows where each is. */
class Notes {
  readonly places = new Map<number, ArenaPlace>();
  readonly arena = new RecordArena({
    isAt: (row, { segment, offset }) =>
      this.places.get(row)?.segment === segment && this.places.get(row)?.offset === offset,
    moved: (row, place) => this.places.set(row, place),
  });

  write(row: number, bytes: number): void {
    const place = this.arena.allocate(row, alignedBytes(bytes + 8));
    place.segment.bytes.fill(row % 251, place.offset + 8, place.offset + 8 + bytes);
    this.places.set(row, place);
  }

  isWhole(row: number, bytes: number): boolean {
    const { segment, offset } = this.places.get(row)!;
    return segment.bytes.subarray(offset + 8, offset + 8 + bytes).every((byte) => byte === row % 251);
  }

  erase(row: number): void {
    const place = this.places.get(row)!;
    this.places.delete(row);
    this.arena.free(place);
    this.arena.tidy();
  }

  heldBytes(): number {
    const segments = Array.from({ length: 2000 }, (_, number) => this.arena.segment(number));
    return segments.reduce((sum, segment) => sum + (segment?.bytes.byteLength ?? 0), 0);
  }
}

describe('record arena', () => {
  it('keeps every record whole while others go, and gives back what is wasted', () => {
    const notes = new Notes();
    const sizes = Array.from({ length: 20_000 }, (_, row) => 100 + ((row * 7919) % 900));
    for (const [row, bytes] of sizes.entries()) notes.write(row, bytes);
    const full = notes.heldBytes();
    for (let row = 0; row < sizes.length; row += 1) if (row % 10 !== 3) notes.erase(row);
    for (const row of notes.places.keys()) expect(notes.isWhole(row, sizes[row]!)).toBe(true);
    expect(notes.heldBytes()).toBeLessThan(full / 10 + full / 80 + 4 * 256 * 1024);
    for (const row of notes.places.keys()) notes.erase(row);
    expect(notes.heldBytes()).toBeLessThanOrEqual(4 * 256 * 1024);
  });

  it('uses its memory again while records come and go', () => {
    const notes = new Notes();
    for (let row = 0; row < 50_000; row += 1) {
      notes.write(row, 900);
      if (row >= 1000) notes.erase(row - 1000);
    }
    expect(notes.heldBytes()).toBeLessThan(3 * 1024 * 1024);
  });

  it('gives a large record memory of its own, and gives it back', () => {
    const notes = new Notes();
    notes.write(1, 500_000);
    expect(notes.isWhole(1, 500_000)).toBe(true);
    const before = notes.heldBytes();
    notes.erase(1);
    expect(before - notes.heldBytes()).toBeGreaterThanOrEqual(500_000);
  });
});
