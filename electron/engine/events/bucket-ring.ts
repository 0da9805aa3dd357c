/**
 * Sums in buckets of time, in typed arrays of one size for good. A ring that slides forgets its oldest bucket;
 * one that coarsens makes two buckets into one and forgets nothing.
 */
import type { EpochMs, Milliseconds } from '../../../shared/units';

interface BucketRingOptions {
  /** Even. */
  readonly buckets: number;
  readonly bucketMs: Milliseconds;
  /** Numbers that are summed in each bucket. */
  readonly sums: number;
  /** Numbers of which each bucket has the last. */
  readonly levels: number;
  readonly whenFull: 'slide' | 'coarsen';
}

export class BucketRing {
  bucketMs: Milliseconds;
  readonly #options: BucketRingOptions;
  readonly #sums: Float64Array;
  readonly #levels: Float64Array;
  readonly #lastLevels: Float64Array;
  /** Number of the oldest bucket, counted from the beginning of time, and how many there are. */
  #first = 0;
  #length = 0;

  constructor(options: BucketRingOptions) {
    this.#options = options;
    this.bucketMs = options.bucketMs;
    this.#sums = new Float64Array(options.buckets * options.sums);
    this.#levels = new Float64Array(options.buckets * options.levels);
    this.#lastLevels = new Float64Array(options.levels);
  }

  get length(): number {
    return this.#length;
  }

  /** Makes the bucket of that time the newest. Time does not run backwards. */
  moveTo(at: EpochMs): void {
    const { buckets, whenFull } = this.#options;
    if (this.#length === 0) {
      this.#first = Math.floor(at / this.bucketMs);
      this.#begin(this.#first);
      this.#length = 1;
      return;
    }
    if (whenFull === 'coarsen') while (this.#numberOf(at) - this.#first >= buckets) this.#coarsen();
    const wanted = this.#numberOf(at);
    const newest = this.#first + this.#length - 1;
    // What was skipped by more than a whole round need not be emptied twice.
    for (let number = Math.max(newest + 1, wanted - buckets + 1); number <= wanted; number += 1) {
      this.#begin(number);
    }
    this.#first = Math.max(this.#first, wanted - buckets + 1);
    this.#length = wanted - this.#first + 1;
  }

  /** Into the newest bucket. */
  add(sums: Float64Array): void {
    const offset = this.#slot(this.#first + this.#length - 1) * this.#options.sums;
    for (let column = 0; column < sums.length; column += 1) {
      this.#sums[offset + column] = (this.#sums[offset + column] ?? 0) + (sums[column] ?? 0);
    }
  }

  /** What the newest bucket, and those after it, hold from now on. */
  setLevels(levels: Float64Array): void {
    this.#lastLevels.set(levels);
    this.#levels.set(levels, this.#slot(this.#first + this.#length - 1) * this.#options.levels);
  }

  /** 0 is the oldest. Views: they change with the ring. */
  bucket(index: number): { startedAt: EpochMs; sums: Float64Array; levels: Float64Array } {
    const { sums, levels } = this.#options;
    const number = this.#first + index;
    const slot = this.#slot(number);
    return {
      startedAt: number * this.bucketMs,
      sums: this.#sums.subarray(slot * sums, (slot + 1) * sums),
      levels: this.#levels.subarray(slot * levels, (slot + 1) * levels),
    };
  }

  #numberOf(at: EpochMs): number {
    return Math.max(Math.floor(at / this.bucketMs), this.#first + this.#length - 1);
  }

  #slot(number: number): number {
    return number % this.#options.buckets;
  }

  #begin(number: number): void {
    const { sums, levels } = this.#options;
    const slot = this.#slot(number);
    this.#sums.fill(0, slot * sums, (slot + 1) * sums);
    this.#levels.set(this.#lastLevels, slot * levels);
  }

  /** Two by two, in time's own pairs: each bucket is added to the one that it becomes part of. */
  #coarsen(): void {
    const buckets = Array.from({ length: this.#length }, (_, index) => {
      const { startedAt, sums, levels } = this.bucket(index);
      return { startedAt, sums: sums.slice(), levels: levels.slice() };
    });
    this.bucketMs *= 2;
    this.#length = 0;
    for (const { startedAt, sums, levels } of buckets) {
      this.moveTo(startedAt);
      this.add(sums);
      this.setLevels(levels);
    }
  }
}
