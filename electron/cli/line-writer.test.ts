import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { LineWriter } from './line-writer';

const leftOut = (lines: number): string => `${lines} left out`;

/** A reader that takes a chunk only when told to. */
class SlowReader extends Writable {
  readonly chunks: string[] = [];
  #next: (() => void) | null = null;

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.chunks.push(chunk.toString('utf8'));
    this.#next = done;
  }

  take(): void {
    const next = this.#next;
    this.#next = null;
    next?.();
  }

  text(): string {
    return this.chunks.join('');
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('LineWriter', () => {
  it('writes lines in one chunk a turn', async () => {
    const reader = new SlowReader();
    const writer = new LineWriter(reader, leftOut);
    writer.write('a');
    writer.write('b');
    await turn();
    expect(reader.chunks).toEqual(['a\nb\n']);
  });

  it('flushes what is left, and does not wait for ever', async () => {
    const reader = new SlowReader();
    const writer = new LineWriter(reader, leftOut);
    writer.write('a');
    await writer.flush(1);
    expect(reader.text()).toBe('a\n');
    let flushed = false;
    const patient = writer.flush(60_000).then(() => (flushed = true));
    // oxlint-disable-next-line no-unmodified-loop-condition
    while (!flushed) {
      reader.take();
      await turn();
    }
    await patient;
  });

  it('leaves lines out while the reader is too slow, and says how many', async () => {
    const reader = new SlowReader();
    const writer = new LineWriter(reader, leftOut);
    const mebibyte = 'x'.repeat(1024 * 1024);
    for (let count = 0; count < 5; count += 1) writer.write(mebibyte);
    await turn();
    for (let count = 0; count < 7; count += 1) writer.write('lost');
    expect(reader.writableLength).toBeLessThan(6 * 1024 * 1024);
    reader.take();
    await turn();
    writer.write('back');
    await turn();
    reader.take();
    expect(reader.text().slice(-18)).toBe('\n7 left out\nback\n'.padStart(18, 'x'));
    expect(reader.text()).not.toContain('lost');
  });

  it('goes quiet when the reader leaves', async () => {
    const reader = new SlowReader();
    const writer = new LineWriter(reader, leftOut);
    reader.destroy(Object.assign(new Error('broken pipe'), { code: 'EPIPE' }));
    await turn();
    writer.write('a');
    await writer.flush();
    expect(reader.chunks).toEqual([]);
  });
});
