/**
 * A response body on its way from the origin to one or many readers, and into
 * the store. Chunks are kept while the body may be stored or joined; beyond
 * that only what the slowest reader has not taken yet.
 */
import type { LarderError } from '../../../shared/error-codes';
import type { RawFields } from '../http/raw-fields';

/** The origin is paused when it is this many bytes ahead of the reader that sets the pace. */
export const HIGH_WATER_BYTES = 64 * 1024;

export interface BodySink {
  /** False: full; the reader says `drain` when it can take more. */
  write(chunk: Uint8Array): boolean;
  end(trailers: RawFields): void;
  /** The body broke off. */
  fail(error: LarderError): void;
}

/** Bounds what all bodies being collected hold together. */
export interface CollectBudget {
  take(bytes: number): boolean;
  giveBack(bytes: number): void;
}

export function createCollectBudget(limitBytes: number): CollectBudget {
  let taken = 0;
  return {
    take: (bytes) => {
      if (taken + bytes > limitBytes) return false;
      taken += bytes;
      return true;
    },
    giveBack: (bytes) => {
      taken -= bytes;
    },
  };
}

/** Why chunks are no longer collected. */
export type CollectStop = 'not-asked' | 'too-large' | 'memory-busy' | 'given-up';

export interface SharedBodyOptions {
  /** Null: stream through, collect nothing. */
  readonly collect: { readonly limitBytes: number; readonly budget: CollectBudget } | null;
  /** The origin may go on. */
  readonly resume: () => void;
  /** The last reader left before the end. */
  readonly abandoned: () => void;
}

type End =
  | { readonly kind: 'end'; readonly trailers: RawFields }
  | { readonly kind: 'fail'; readonly error: LarderError };

interface Reader {
  readonly sink: BodySink;
  /** Absolute number of the next chunk. */
  next: number;
  takenBytes: number;
  ready: boolean;
  flowing: boolean;
}

export class SharedBody {
  readonly #options: SharedBodyOptions;
  readonly #readers = new Set<Reader>();
  #chunks: Uint8Array[] = [];
  /** Absolute number of #chunks[0]. */
  #first = 0;
  #receivedBytes = 0;
  #collectedBytes = 0;
  #collectStop: CollectStop | null;
  #end: End | null = null;
  #paused = false;
  #whole: Uint8Array | null = null;
  /** Until the first reader came, everything waits for it. */
  #everRead = false;

  constructor(options: SharedBodyOptions) {
    this.#options = options;
    this.#collectStop = options.collect === null ? 'not-asked' : null;
  }

  get receivedBytes(): number {
    return this.#receivedBytes;
  }

  /** Null while everything received is still here. */
  get collectStop(): CollectStop | null {
    return this.#collectStop;
  }

  get hasReaders(): boolean {
    return this.#readers.size > 0;
  }

  get ended(): boolean {
    return this.#end?.kind === 'end';
  }

  /** A new reader would get the whole body. */
  get joinable(): boolean {
    return (
      this.#first === 0 &&
      this.#end?.kind !== 'fail' &&
      (this.#collectStop === null || this.#receivedBytes === 0)
    );
  }

  /** @returns false to pause the origin. */
  push(chunk: Uint8Array): boolean {
    this.#receivedBytes += chunk.byteLength;
    this.#collect(chunk);
    this.#chunks.push(chunk);
    for (const reader of this.#readers) this.#flow(reader);
    this.#discard();
    this.#paused = !this.#wantsMore();
    return !this.#paused;
  }

  end(trailers: RawFields): void {
    this.#finish({ kind: 'end', trailers });
  }

  fail(error: LarderError): void {
    this.stopCollecting();
    this.#finish({ kind: 'fail', error });
  }

  /** Adds a reader from the first byte on. Returns its controls. */
  read(sink: BodySink): { drain(): void; leave(): void } {
    const reader: Reader = { sink, next: 0, takenBytes: 0, ready: true, flowing: false };
    this.#readers.add(reader);
    this.#everRead = true;
    this.#flow(reader);
    this.#afterReading();
    return {
      drain: () => {
        reader.ready = true;
        this.#flow(reader);
        this.#afterReading();
      },
      leave: () => this.#leave(reader),
    };
  }

  /** The whole body, once ended and still collected. */
  collected(): Uint8Array | null {
    if (!this.ended || this.#collectStop !== null) return null;
    this.#whole ??=
      this.#chunks.length === 1 && this.#chunks[0] !== undefined
        ? this.#chunks[0]
        : Buffer.concat(this.#chunks);
    return this.#whole;
  }

  /** Lets go of what was kept for the store and for joiners. */
  stopCollecting(why: CollectStop = 'given-up'): void {
    if (this.#collectStop !== null) return;
    this.#collectStop = why;
    this.#whole = null;
    this.#options.collect?.budget.giveBack(this.#collectedBytes);
    this.#discard();
  }

  #collect(chunk: Uint8Array): void {
    const { collect } = this.#options;
    if (this.#collectStop !== null || collect === null) return;
    if (this.#receivedBytes > collect.limitBytes) this.stopCollecting('too-large');
    else if (!collect.budget.take(chunk.byteLength)) this.stopCollecting('memory-busy');
    else this.#collectedBytes += chunk.byteLength;
  }

  #flow(reader: Reader): void {
    if (reader.flowing) return;
    reader.flowing = true;
    while (reader.ready && this.#readers.has(reader)) {
      const chunk = this.#chunks[reader.next - this.#first];
      if (chunk === undefined) break;
      reader.next += 1;
      reader.takenBytes += chunk.byteLength;
      reader.ready = reader.sink.write(chunk);
    }
    reader.flowing = false;
    if (this.#end !== null && reader.next - this.#first >= this.#chunks.length)
      this.#close(reader, this.#end);
    else if (this.#end?.kind === 'fail') this.#close(reader, this.#end);
  }

  #close(reader: Reader, end: End): void {
    if (!this.#readers.delete(reader)) return;
    if (end.kind === 'end') reader.sink.end(end.trailers);
    else reader.sink.fail(end.error);
  }

  #finish(end: End): void {
    if (this.#end !== null) return;
    this.#end = end;
    for (const reader of this.#readers) this.#flow(reader);
    this.#discard();
  }

  #leave(reader: Reader): void {
    if (!this.#readers.delete(reader)) return;
    if (this.#end === null && this.#readers.size === 0) {
      this.stopCollecting();
      this.#options.abandoned();
      return;
    }
    this.#afterReading();
  }

  #afterReading(): void {
    this.#discard();
    if (this.#paused && this.#end === null && this.#wantsMore()) {
      this.#paused = false;
      this.#options.resume();
    }
  }

  /** While collecting, the fastest reader sets the pace; afterwards the slowest. */
  #wantsMore(): boolean {
    const collecting = this.#collectStop === null;
    if (this.#readers.size === 0) return collecting || this.#receivedBytes < HIGH_WATER_BYTES;
    let pace = collecting ? 0 : this.#receivedBytes;
    for (const { takenBytes } of this.#readers) {
      pace = collecting ? Math.max(pace, takenBytes) : Math.min(pace, takenBytes);
    }
    return this.#receivedBytes - pace < HIGH_WATER_BYTES;
  }

  /** Drops chunks that every reader has taken and nobody collects. */
  #discard(): void {
    if (this.#collectStop === null || !this.#everRead) return;
    let lowest = this.#first + this.#chunks.length;
    for (const reader of this.#readers) lowest = Math.min(lowest, reader.next);
    const drop = lowest - this.#first;
    if (drop <= 0) return;
    this.#chunks.splice(0, drop);
    this.#first = lowest;
  }
}
