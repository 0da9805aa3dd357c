/**
 * Rows by the hash of a text, in typed arrays: the memory store's index by key and by id. Different texts may
 * share a hash: who asks compares the text itself.
 */
import { NO_ROW, cell, grownColumn } from './columns';

export class HashChains {
  /** First row of each chain. Their number is a power of two. */
  #buckets = new Int32Array(0);
  #next = new Int32Array(0);
  #hashes = new Int32Array(0);

  grow(rows: number, isUsed: (row: number) => boolean): void {
    const before = this.#hashes.length;
    this.#next = grownColumn(this.#next, rows);
    this.#hashes = grownColumn(this.#hashes, rows);
    const buckets = 2 ** Math.floor(Math.log2(rows));
    if (buckets === this.#buckets.length) return;
    this.#buckets = new Int32Array(buckets).fill(NO_ROW);
    for (let row = 0; row < before; row += 1) if (isUsed(row)) this.#link(row);
  }

  add(row: number, hash: number): void {
    this.#hashes[row] = hash;
    this.#link(row);
  }

  remove(row: number): void {
    const bucket = this.#bucketOf(cell(this.#hashes, row));
    const after = cell(this.#next, row);
    let before = cell(this.#buckets, bucket);
    if (before === row) {
      this.#buckets[bucket] = after;
      return;
    }
    while (cell(this.#next, before) !== row) before = cell(this.#next, before);
    this.#next[before] = after;
  }

  hash(row: number): number {
    return cell(this.#hashes, row);
  }

  /** The first row with this hash. */
  first(hash: number): number {
    return this.#sameFrom(cell(this.#buckets, this.#bucketOf(hash)), hash);
  }

  /** The next row with the same hash. */
  next(row: number): number {
    return this.#sameFrom(cell(this.#next, row), cell(this.#hashes, row));
  }

  #sameFrom(start: number, hash: number): number {
    let row = start;
    while (row !== NO_ROW && cell(this.#hashes, row) !== hash) row = cell(this.#next, row);
    return row;
  }

  #link(row: number): void {
    const bucket = this.#bucketOf(cell(this.#hashes, row));
    this.#next[row] = cell(this.#buckets, bucket);
    this.#buckets[bucket] = row;
  }

  #bucketOf(hash: number): number {
    return hash & (this.#buckets.length - 1);
  }
}

/** A hash of 32 bits whose seed nobody knows: keys come from clients, who could otherwise choose them to collide. */
export function hashText(text: string, seed: number): number {
  let hash = seed;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  return hash ^ (hash >>> 13);
}
