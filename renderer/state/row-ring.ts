/** A bounded queue with random access: pushing to a full one drops the oldest. O(1) throughout. */
export class RowRing<T> {
  readonly capacity: number;
  #items: T[] = [];
  #start = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  get length(): number {
    return this.#items.length;
  }

  /** Oldest is 0. Undefined outside. */
  at(index: number): T | undefined {
    if (index < 0 || index >= this.#items.length) return undefined;
    return this.#items[(this.#start + index) % this.capacity];
  }

  /** Returns what was dropped to make room, if anything. */
  push(item: T): T | undefined {
    if (this.#items.length < this.capacity) {
      this.#items.push(item);
      return undefined;
    }
    const dropped = this.#items[this.#start];
    this.#items[this.#start] = item;
    this.#start = (this.#start + 1) % this.capacity;
    return dropped;
  }

  clear(): void {
    this.#items = [];
    this.#start = 0;
  }

  *[Symbol.iterator](): Iterator<T> {
    for (let index = 0; index < this.#items.length; index += 1) {
      const item = this.at(index);
      if (item !== undefined) yield item;
    }
  }
}
