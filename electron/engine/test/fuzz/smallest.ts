/** Makes an input that fails smaller while it fails: fewer segments, then fewer bytes (delta debugging). */
import type { FuzzInput } from './fuzz-input';

const MAX_TRIES = 300;

export async function smallest(
  failing: FuzzInput,
  fails: (input: FuzzInput) => Promise<boolean>,
): Promise<FuzzInput> {
  const search = new Search(failing, fails);
  await search.tryOut({ ...failing, cuts: [] });
  await search.tryOut({ ...search.best, prime: [] });
  for (let length = Math.ceil(failing.bytes.length / 2); length >= 1; length = Math.floor(length / 2)) {
    await search.without(length);
  }
  return search.best;
}

class Search {
  best: FuzzInput;
  readonly #fails: (input: FuzzInput) => Promise<boolean>;
  #tries = 0;

  constructor(failing: FuzzInput, fails: (input: FuzzInput) => Promise<boolean>) {
    this.best = failing;
    this.#fails = fails;
  }

  async tryOut(input: FuzzInput): Promise<boolean> {
    this.#tries += 1;
    if (this.#tries > MAX_TRIES || !(await this.#fails(input))) return false;
    this.best = input;
    return true;
  }

  /** Leaves out so many bytes wherever it fails without them. */
  async without(length: number): Promise<void> {
    let at = 0;
    while (at < this.best.bytes.length) {
      const { bytes, cuts } = this.best;
      const shorter = bytes.slice(0, at) + bytes.slice(at + length);
      const moved = cuts.map((cut) => (cut > at ? Math.max(at, cut - length) : cut));
      if (!(await this.tryOut({ ...this.best, bytes: shorter, cuts: moved }))) at += length;
    }
  }
}
