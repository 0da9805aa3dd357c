/**
 * Lines to stdout or stderr. Written in batches, because a line of the log must not cost a
 * system call; bounded, because the reader of a pipe may be slow; and deaf to a reader that left.
 */
import type { Writable } from 'node:stream';

/** What may wait for a slow reader. */
const MOST_WAITING_BYTES = 4 * 1024 * 1024;

export class LineWriter {
  readonly #stream: Writable;
  readonly #leftOut: (lines: number) => string;
  #lines: string[] = [];
  #dropped = 0;
  #broken = false;

  /** @param leftOut words the line that stands for lines dropped while the reader was too slow */
  constructor(stream: Writable, leftOut: (lines: number) => string) {
    this.#stream = stream;
    this.#leftOut = leftOut;
    // EPIPE: `larder | head` ended. The proxy goes on without a log.
    stream.on('error', () => {
      this.#broken = true;
      this.#lines = [];
    });
  }

  /** Adds a line; `text` without its line end. */
  write(text: string): void {
    if (this.#broken) return;
    if (this.#stream.writableLength > MOST_WAITING_BYTES) {
      this.#dropped += 1;
      return;
    }
    if (this.#lines.length === 0) setImmediate(() => this.#send());
    this.#tellDropped();
    this.#lines.push(`${text}\n`);
  }

  /** Resolves when the lines are written, the reader has left, or `patienceMs` is over. */
  flush(patienceMs = 1000): Promise<void> {
    this.#tellDropped();
    this.#send();
    if (this.#broken) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, patienceMs);
      this.#stream.write('', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #tellDropped(): void {
    if (this.#dropped === 0) return;
    this.#lines.push(`${this.#leftOut(this.#dropped)}\n`);
    this.#dropped = 0;
  }

  #send(): void {
    if (this.#broken || this.#lines.length === 0) return;
    const text = this.#lines.join('');
    this.#lines = [];
    this.#stream.write(text);
  }
}
