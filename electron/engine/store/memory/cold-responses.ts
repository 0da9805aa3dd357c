/**
 * Everything the memory store holds, packed and outside V8's heap: a row of numbers for each response, a record with
 * its metadata, and the body in the record or, where it is large, beside it. Beside the request's path, but for a
 * hit's count and place in the order of use.
 */
import { randomBytes } from 'node:crypto';
import type { StoredResponse } from '../../semantics/stored-response';
import { NO_ROW, cell, grownColumn } from './columns';
import { HashChains, hashText } from './hash-chains';
import {
  PackedResponse,
  packMetadata,
  recordBytes,
  type BodyFacts,
  type RecordParts,
} from './packed-response';
import { RecordArena, arenaBytes, type ArenaPlace } from './record-arena';
import { RowList } from './row-list';

const FIRST_ROWS = 256;
const GROWTH = 1.25;
/** All columns of a row, with their slack after growth. */
const ROW_BYTES = 84;
/** Larger bodies have memory of their own, which a hit hands on without a copy. */
const INLINE_BODY_BYTES = 8 * 1024;
/** On V8's heap, with its headroom, and in the allocator, for a body with memory of its own. */
export const OWN_BODY_BYTES = 900;

const NO_SEGMENT = -1;

export interface ColdTotals {
  entries: number;
  /** All that is counted. */
  bytes: number;
  bodyBytes: number;
  storedBodyBytes: number;
}

export class ColdResponses {
  /** Least recently used first to go. */
  readonly recency = new RowList();
  /** In the order in which they were stored. */
  readonly order = new RowList();
  /** Bodies that are in memory and on disk, in their order of use: memory can do without them. */
  readonly spare = new RowList();
  readonly totals: ColdTotals = { entries: 0, bytes: 0, bodyBytes: 0, storedBodyBytes: 0 };
  readonly #seed: number;
  readonly #byKey = new HashChains();
  readonly #byId = new HashChains();
  readonly #beside = new Map<number, Uint8Array>();
  readonly #arena = new RecordArena({
    isAt: (row, { segment, offset }) =>
      this.#segments[row] === segment.number && this.#offsets[row] === offset,
    moved: (row, place) => this.#setPlace(row, place),
  });
  #segments = new Int32Array(0);
  /** Of a free row: the next one. */
  #offsets = new Int32Array(0);
  #hits = new Int32Array(0);
  #sequences = new Float64Array(0);
  #freeRow = NO_ROW;
  #lastSequence: number;

  /** `before`: what was held before; puts count on from there, so that no two have the same sequence. */
  constructor(before?: ColdResponses) {
    this.#lastSequence = before?.lastSequence ?? 0;
    this.#seed = before?.seed ?? randomBytes(4).readInt32LE();
  }

  get seed(): number {
    return this.#seed;
  }

  get lastSequence(): number {
    return this.#lastSequence;
  }

  /** `packed.parts.id` must not be stored. */
  add(packed: Packed): number {
    const { key, id } = packed.parts;
    const row = this.#addRow(hashText(key, this.#seed), hashText(id, this.#seed));
    this.#write(row, packed);
    return row;
  }

  /**
   * Takes over all of another, whose responses were all stored and used after those that are here, with their
   * hits and in their order. None of their ids may be stored here. `moved` is told the new row of each.
   */
  join(later: ColdResponses, moved: (from: number, to: number) => void): void {
    const rows = new Map<number, number>();
    for (const from of later.order.fromOldest()) {
      const to = this.#takeOver(later, from);
      rows.set(from, to);
      moved(from, to);
    }
    for (const from of later.recency.fromOldest()) this.touch(rows.get(from) ?? NO_ROW);
    this.#lastSequence = Math.max(this.#lastSequence, later.lastSequence);
  }

  rowOf(id: string): number {
    const { first, next } = this.#chain(this.#byId, id);
    for (let row = first; row !== NO_ROW; row = next(row)) if (this.record(row).id() === id) return row;
    return NO_ROW;
  }

  rowsOf(key: string): number[] {
    const rows: number[] = [];
    const { first, next } = this.#chain(this.#byKey, key);
    for (let row = first; row !== NO_ROW; row = next(row)) if (this.record(row).key() === key) rows.push(row);
    return rows;
  }

  /** Whether more than `count` responses may have this row's key: those of keys with the same hash are counted too. */
  mayHaveMore(row: number, count: number): boolean {
    let left = count;
    let same = this.#byKey.first(this.#byKey.hash(row));
    for (; same !== NO_ROW && left >= 0; same = this.#byKey.next(same)) left -= 1;
    return left < 0;
  }

  /** Of the put that brought the row's response; another response in the same row has another. */
  sequence(row: number): number {
    return this.#sequences[row] ?? 0;
  }

  hits(row: number): number {
    return this.#hits[row] ?? 0;
  }

  /** A hit, which is a use. */
  countHit(row: number): void {
    this.#hits[row] = this.hits(row) + 1;
    this.touch(row);
  }

  touch(row: number): void {
    this.recency.touch(row);
    this.spare.touch(row);
  }

  record(row: number): PackedResponse {
    const segment = this.#arena.segment(cell(this.#segments, row));
    if (segment === undefined) throw new Error(`row ${row} holds no response`);
    return new PackedResponse({ segment, offset: cell(this.#offsets, row) });
  }

  /** The body as it is kept: bytes of its own, not to be changed. Null: on disk only. */
  kept(row: number): Uint8Array | null {
    return this.#beside.get(row) ?? this.record(row).inline();
  }

  /** As `kept`, of a body that is in memory, without a copy: true only until the store changes. */
  view(row: number): Uint8Array | null {
    return this.#beside.get(row) ?? this.record(row).inlineView();
  }

  /** The hash of the row's key. */
  keyHash(row: number): number {
    return this.#byKey.hash(row);
  }

  /** Whether these very bytes are the row's body beside its record. */
  isBeside(row: number, body: Uint8Array): boolean {
    return this.#beside.get(row) === body;
  }

  replaceMetadata(row: number, stored: StoredResponse): void {
    const facts = this.record(row).facts();
    this.#rewrite(row, pack(stored, facts, this.kept(row)));
  }

  replaceBody(row: number, facts: BodyFacts, kept: Uint8Array | null): void {
    const record = this.record(row);
    const texts = { key: record.key(), id: record.id(), metadata: record.metadata() };
    this.#rewrite(row, packTexts(texts, facts, kept));
  }

  /** Not of a row whose body is on disk only. */
  setOnDisk(row: number, onDisk: boolean): void {
    this.record(row).setOnDisk(onDisk);
    this.spare.remove(row);
    if (onDisk) this.#mayDropKept(row, this.record(row));
  }

  /** Leaves the body on disk only. */
  dropKept(row: number): void {
    this.replaceBody(row, { ...this.record(row).facts(), kept: false }, null);
  }

  remove(row: number): void {
    this.#erase(row);
    this.#byKey.remove(row);
    this.#byId.remove(row);
    this.recency.remove(row);
    this.order.remove(row);
    this.#segments[row] = NO_SEGMENT;
    this.#sequences[row] = 0;
    this.#offsets[row] = this.#freeRow;
    this.#freeRow = row;
    this.totals.entries -= 1;
    this.#arena.tidy();
  }

  /** The totals, counted anew from what is there. */
  recount(): ColdTotals {
    const totals = { entries: 0, bytes: 0, bodyBytes: 0, storedBodyBytes: 0 };
    for (let row = this.order.newest; row !== NO_ROW; row = this.order.olderThan(row)) {
      const record = this.record(row);
      totals.entries += 1;
      totals.bytes += cost(record.bytes, this.#beside.get(row) ?? null);
      totals.bodyBytes += record.bodyBytes;
      totals.storedBodyBytes += record.storedBytes;
    }
    return totals;
  }

  #addRow(keyHash: number, idHash: number): number {
    const row = this.#takeRow();
    this.#lastSequence += 1;
    this.#sequences[row] = this.#lastSequence;
    this.#hits[row] = 0;
    this.#byKey.add(row, keyHash);
    this.#byId.add(row, idHash);
    this.recency.add(row);
    this.order.add(row);
    this.totals.entries += 1;
    return row;
  }

  /** Their hashes are the same here: both have one seed. */
  #takeOver(from: ColdResponses, fromRow: number): number {
    const row = this.#addRow(from.#byKey.hash(fromRow), from.#byId.hash(fromRow));
    this.#sequences[row] = from.sequence(fromRow);
    this.#hits[row] = from.hits(fromRow);
    const place = this.#arena.copyOf(from.record(fromRow).place, row);
    this.#written(row, place, from.#beside.get(fromRow) ?? null);
    return row;
  }

  #chain(chains: HashChains, text: string): { first: number; next: (row: number) => number } {
    const first = chains.first(hashText(text, this.#seed));
    return { first, next: (row) => chains.next(row) };
  }

  #rewrite(row: number, packed: Packed): void {
    this.#erase(row);
    this.#write(row, packed);
    this.#arena.tidy();
  }

  #write(row: number, { parts, bytes, beside }: Packed): void {
    const place = this.#arena.allocate(row, bytes);
    new PackedResponse(place).write(parts);
    this.#written(row, place, beside);
  }

  #written(row: number, place: ArenaPlace, beside: Uint8Array | null): void {
    this.#setPlace(row, place);
    const record = new PackedResponse(place);
    if (beside !== null) this.#beside.set(row, beside);
    if (record.onDisk) this.#mayDropKept(row, record);
    this.#count(record, beside, 1);
  }

  #mayDropKept(row: number, { kept, storedBytes }: PackedResponse): void {
    if (kept && storedBytes > 0) this.spare.add(row);
  }

  #erase(row: number): void {
    const record = this.record(row);
    this.#count(record, this.#beside.get(row) ?? null, -1);
    this.#beside.delete(row);
    this.spare.remove(row);
    this.#arena.free(record.place);
  }

  #count(record: PackedResponse, beside: Uint8Array | null, sign: 1 | -1): void {
    const { totals } = this;
    totals.bytes += sign * cost(record.bytes, beside);
    totals.bodyBytes += sign * record.bodyBytes;
    totals.storedBodyBytes += sign * record.storedBytes;
  }

  #setPlace(row: number, { segment, offset }: ArenaPlace): void {
    this.#segments[row] = segment.number;
    this.#offsets[row] = offset;
  }

  #takeRow(): number {
    if (this.#freeRow === NO_ROW) this.#grow();
    const row = this.#freeRow;
    this.#freeRow = cell(this.#offsets, row);
    return row;
  }

  #grow(): void {
    const before = this.#segments.length;
    const rows = Math.max(FIRST_ROWS, Math.ceil(before * GROWTH));
    const isUsed = (row: number): boolean => cell(this.#segments, row) !== NO_SEGMENT;
    this.#byKey.grow(rows, isUsed);
    this.#byId.grow(rows, isUsed);
    for (const list of [this.recency, this.order, this.spare]) list.grow(rows);
    this.#segments = grownColumn(this.#segments, rows).fill(NO_SEGMENT, before);
    this.#offsets = grownColumn(this.#offsets, rows);
    this.#hits = grownColumn(this.#hits, rows);
    const sequences = new Float64Array(rows);
    sequences.set(this.#sequences);
    this.#sequences = sequences;
    for (let row = rows - 1; row >= before; row -= 1) {
      this.#offsets[row] = this.#freeRow;
      this.#freeRow = row;
    }
  }
}

/** A response ready to be added. */
export interface Packed {
  readonly parts: RecordParts;
  /** Length of the record. */
  readonly bytes: number;
  /** The body, where it has memory of its own. */
  readonly beside: Uint8Array | null;
  /** What it is counted as. */
  readonly cost: number;
}

type Texts = Pick<RecordParts, 'key' | 'id' | 'metadata'>;

/** `kept`: the body as it is kept; null: on disk only. */
export function pack(stored: StoredResponse, facts: BodyFacts, kept: Uint8Array | null): Packed {
  return packTexts({ key: stored.key, id: stored.id, metadata: packMetadata(stored) }, facts, kept);
}

function packTexts(texts: Texts, facts: BodyFacts, kept: Uint8Array | null): Packed {
  const isInline = kept !== null && kept.byteLength <= INLINE_BODY_BYTES;
  const parts = { ...texts, facts, inline: isInline ? kept : null };
  const beside = kept === null || isInline ? null : aloneInMemory(kept);
  const bytes = recordBytes(parts);
  return { parts, bytes, beside, cost: cost(bytes, beside) };
}

/** A body as the origin sent it, in memory. */
export function identityFacts(body: Uint8Array): BodyFacts {
  const { byteLength } = body;
  const sizes = { bytes: byteLength, storedBytes: byteLength };
  return { ...sizes, encoding: 'identity', version: '', checksum: '', onDisk: false, kept: true };
}

function cost(bytes: number, beside: Uint8Array | null): number {
  return ROW_BYTES + arenaBytes(bytes) + (beside === null ? 0 : OWN_BODY_BYTES + beside.byteLength);
}

/** The same bytes in memory of exactly their size: a slice of a pool would keep the whole pool alive. */
function aloneInMemory(body: Uint8Array): Uint8Array {
  if (body.buffer instanceof ArrayBuffer && body.byteLength === body.buffer.byteLength) return body;
  const copy = Buffer.allocUnsafeSlow(body.byteLength);
  copy.set(body);
  return copy;
}
