/**
 * What sorts and filters stored responses, as columns of numbers and packed texts: about 150 bytes for each, nearly
 * all of it outside V8's heap. What a row shows beyond that is read from the store when it comes into sight.
 */
import type { StoredEntry } from '../../../shared/stored-entry';
import type { ListingSort } from '../../../shared/stored-listing';
import { grown, PackedTexts } from './packed-texts';

const FIRST_ROWS = 256;
const GROWTH = 1.5;

/** Below 0: the one row comes first. */
export type CompareRows = (one: number, other: number) => number;

export class EntryColumns {
  readonly urls = new PackedTexts();
  readonly ids = new PackedTexts();
  /** Rows that hold an entry, gone ones included. */
  rows = 0;
  readonly #words: string[] = [];
  readonly #wordNumbers = new Map<string, number>();
  #room = 0;
  #methods = new Uint32Array(0);
  #types = new Uint32Array(0);
  #statuses = new Uint16Array(0);
  #bodyBytes = new Float64Array(0);
  #storedBytes = new Float64Array(0);
  #storedAt = new Float64Array(0);
  #expiresAt = new Float64Array(0);
  #hits = new Uint32Array(0);
  #oneUser = new Uint8Array(0);
  #gone = new Uint8Array(0);

  add(entry: StoredEntry): void {
    const row = this.rows;
    if (row === this.#room) this.#grow();
    this.rows += 1;
    this.urls.set(row, entry.url);
    this.ids.set(row, entry.id);
    this.#methods[row] = this.#word(entry.method);
    this.#types[row] = this.#word(entry.contentType?.split(';', 1)[0]?.trim().toLowerCase() ?? '');
    this.#statuses[row] = entry.status;
    this.#bodyBytes[row] = entry.bodyBytes;
    this.#storedBytes[row] = entry.storedBytes;
    this.#storedAt[row] = entry.storedAt;
    this.#expiresAt[row] = entry.expiresAt;
    this.#hits[row] = entry.hits;
    this.#oneUser[row] = entry.forOneUser ? 1 : 0;
  }

  bodyBytes(row: number): number {
    return this.#bodyBytes[row] ?? 0;
  }

  storedBytes(row: number): number {
    return this.#storedBytes[row] ?? 0;
  }

  expiresAt(row: number): number {
    return this.#expiresAt[row] ?? 0;
  }

  isForOneUser(row: number): boolean {
    return this.#oneUser[row] === 1;
  }

  /** No longer stored, as far as is known. */
  isGone(row: number): boolean {
    return this.#gone[row] === 1;
  }

  drop(row: number): void {
    this.#gone[row] = 1;
  }

  /** Ascending by the sort's values. */
  comparison(sort: ListingSort): CompareRows {
    if (sort === 'url') return (one, other) => this.urls.compare(one, other);
    const keys = this.#keys(sort);
    return (one, other) => (keys[one] ?? 0) - (keys[other] ?? 0);
  }

  #keys(sort: Exclude<ListingSort, 'url'>): ArrayLike<number> {
    switch (sort) {
      case 'method':
        return this.#ranked(this.#methods);
      case 'type':
        return this.#ranked(this.#types);
      case 'status':
        return this.#statuses;
      case 'size':
        return this.#bodyBytes;
      case 'kept':
        return this.#storedBytes;
      case 'storedAt':
        return this.#storedAt;
      case 'expiresAt':
        return this.#expiresAt;
      case 'hits':
        return this.#hits;
    }
  }

  /** The words' places in their alphabetic order, row by row. */
  #ranked(numbers: Uint32Array): Uint32Array {
    const sorted = [...this.#words.keys()].sort((one, other) =>
      (this.#words[one] ?? '') < (this.#words[other] ?? '') ? -1 : 1,
    );
    const ranks = new Uint32Array(sorted.length);
    for (const [rank, number] of sorted.entries()) ranks[number] = rank;
    return numbers.map((number) => ranks[number] ?? 0);
  }

  #word(word: string): number {
    const known = this.#wordNumbers.get(word);
    if (known !== undefined) return known;
    this.#words.push(word);
    this.#wordNumbers.set(word, this.#words.length - 1);
    return this.#words.length - 1;
  }

  #grow(): void {
    const rows = Math.max(FIRST_ROWS, Math.ceil(this.#room * GROWTH));
    this.#room = rows;
    this.urls.grow(rows);
    this.ids.grow(rows);
    this.#methods = grown(this.#methods, rows);
    this.#types = grown(this.#types, rows);
    this.#statuses = grown(this.#statuses, rows);
    this.#bodyBytes = grown(this.#bodyBytes, rows);
    this.#storedBytes = grown(this.#storedBytes, rows);
    this.#storedAt = grown(this.#storedAt, rows);
    this.#expiresAt = grown(this.#expiresAt, rows);
    this.#hits = grown(this.#hits, rows);
    this.#oneUser = grown(this.#oneUser, rows);
    this.#gone = grown(this.#gone, rows);
  }
}
