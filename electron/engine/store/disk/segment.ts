/**
 * One segment of the disk cache's log: a file of index lines and a file of bodies, written at their ends only.
 * A body is in its file before the line that tells of it is.
 */
import type { FileHandle } from 'node:fs/promises';
import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FolderGoneError } from './disk-problem';

const INDEX_FILE = /^(\d{8})\.index$/;
const BODIES_FILE = /^(\d{8})\.bodies$/;
/** Fewer than what the system takes in one call. */
const MAX_BUFFERS = 512;

export class Segment {
  readonly number: number;
  /** Written and good; what a failed write left behind it is not counted on. */
  indexBytes: number;
  bodyBytes: number;
  /** What lies behind the good lines. */
  strayBytes = 0;
  /** Of these, what live responses still need: their bodies and their last lines. */
  liveBytes = 0;
  /** How many bodies and last lines that is. */
  liveParts = 0;
  /** Nothing was written since it was made. */
  isFresh = false;
  private readonly files: { readonly index: string; readonly bodies: string };
  private writers: { readonly index: FileHandle; readonly bodies: FileHandle } | null = null;
  private reader: Promise<FileHandle> | null = null;
  private isClosed = false;

  constructor(folder: string, number: number, sizes: { indexBytes: number; bodyBytes: number }) {
    this.files = segmentFiles(folder, number);
    this.number = number;
    this.indexBytes = sizes.indexBytes;
    this.bodyBytes = sizes.bodyBytes;
  }

  get bytes(): number {
    return this.indexBytes + this.bodyBytes + this.strayBytes;
  }

  /** Makes the files, empty. `firstLines`: what begins the index. */
  static async create(folder: string, number: number, firstLines: readonly Uint8Array[]): Promise<Segment> {
    const segment = new Segment(folder, number, { indexBytes: 0, bodyBytes: 0 });
    try {
      const bodies = await open(segment.files.bodies, 'w', 0o600);
      segment.writers = { bodies, index: await openBeside(bodies, segment.files.index) };
      await segment.append([], firstLines);
      segment.isFresh = true;
      return segment;
    } catch (error) {
      await segment.finish();
      await segment.unlink().catch(() => undefined); // The next try writes over what is left of it.
      throw error;
    }
  }

  async append(bodies: readonly Uint8Array[], lines: readonly Uint8Array[]): Promise<void> {
    const { writers } = this;
    if (writers === null) throw new Error('the segment is finished');
    const good = this.bodyBytes;
    this.isFresh = false;
    try {
      this.bodyBytes += await writeAll(writers.bodies, bodies, good);
      this.indexBytes += await writeAll(writers.index, lines, this.indexBytes);
    } catch (error) {
      this.bodyBytes = good;
      // A part may have been written; on a full disk it is also in the way. What stays is told by the next begin.
      await Promise.allSettled([writers.index.truncate(this.indexBytes), writers.bodies.truncate(good)]);
      throw error;
    }
  }

  /** Rejects where the files were deleted: a write would still succeed, and be lost. */
  async mustExist(): Promise<void> {
    if (this.writers === null) return;
    const { nlink } = await this.writers.index.stat();
    if (nlink === 0) throw new FolderGoneError(`${this.files.index} was deleted`);
  }

  /** What was written outlives a power loss too. */
  async sync(): Promise<void> {
    const { writers } = this;
    if (writers === null) return;
    // Where it fails, checksums find what is missing.
    await Promise.allSettled([writers.bodies.datasync(), writers.index.datasync()]);
  }

  /** Nothing more is written to it. */
  async finish(): Promise<void> {
    const { writers } = this;
    this.writers = null;
    if (writers === null) return;
    await Promise.allSettled([writers.bodies.close(), writers.index.close()]);
  }

  readIndex(): Promise<Buffer> {
    return readFile(this.files.index);
  }

  /** Null: not that many bytes are there. */
  async readBodies(at: number, bytes: number): Promise<Buffer | null> {
    if (this.isClosed || at + bytes > this.bodyBytes) return null;
    if (bytes === 0) return Buffer.alloc(0);
    const handle = await this.openReader();
    const into = Buffer.allocUnsafeSlow(bytes);
    for (let read = 0; read < bytes;) {
      const { bytesRead } = await handle.read(into, read, bytes - read, at + read);
      if (bytesRead === 0) return null;
      read += bytesRead;
    }
    return into;
  }

  /** One line of the index, with what follows it. */
  async readLineAt(at: number, bytes: number): Promise<Buffer> {
    const handle = await open(this.files.index, 'r');
    try {
      const into = Buffer.alloc(bytes);
      await handle.read(into, 0, bytes, at);
      return into;
    } finally {
      await handle.close();
    }
  }

  /** Lets the files go; what is being read is read to its end. */
  async close(): Promise<void> {
    this.isClosed = true;
    await this.finish();
    const { reader } = this;
    this.reader = null;
    if (reader !== null) await reader.then((handle) => handle.close()).catch(() => undefined); // Was never opened.
  }

  private async openReader(): Promise<FileHandle> {
    this.reader ??= open(this.files.bodies, 'r');
    try {
      return await this.reader;
    } catch (error) {
      this.reader = null;
      throw error;
    }
  }

  /** The index first: without it the bodies are nothing. */
  async unlink(): Promise<void> {
    await rm(this.files.index, { force: true });
    await rm(this.files.bodies, { force: true });
  }
}

/** Number of the segment whose index or bodies have this name. */
export function segmentNumber(
  name: string,
): { readonly kind: 'index' | 'bodies'; readonly number: number } | null {
  const index = INDEX_FILE.exec(name)?.[1];
  if (index !== undefined) return { kind: 'index', number: Number(index) };
  const bodies = BODIES_FILE.exec(name)?.[1];
  return bodies === undefined ? null : { kind: 'bodies', number: Number(bodies) };
}

export function segmentFiles(
  folder: string,
  number: number,
): { readonly index: string; readonly bodies: string } {
  const stem = join(folder, String(number).padStart(8, '0'));
  return { index: `${stem}.index`, bodies: `${stem}.bodies` };
}

async function openBeside(first: FileHandle, file: string): Promise<FileHandle> {
  try {
    return await open(file, 'w', 0o600);
  } catch (error) {
    await first.close();
    throw error;
  }
}

/** @returns how many bytes: all of them */
async function writeAll(
  handle: FileHandle,
  buffers: readonly Uint8Array[],
  position: number,
): Promise<number> {
  let written = 0;
  for (let from = 0; from < buffers.length; from += MAX_BUFFERS) {
    written += await writeSome(handle, buffers.slice(from, from + MAX_BUFFERS), position + written);
  }
  return written;
}

async function writeSome(handle: FileHandle, buffers: Uint8Array[], position: number): Promise<number> {
  const total = buffers.reduce((sum, buffer) => sum + buffer.byteLength, 0);
  if (total === 0) return 0;
  let written = (await handle.writev(buffers, position)).bytesWritten;
  if (written === total) return total;
  // A disk that is nearly full takes a part, and refuses the rest with its reason.
  for (const rest = Buffer.concat(buffers); written < total;) {
    const { bytesWritten } = await handle.write(rest, written, total - written, position + written);
    if (bytesWritten === 0) throw new Error('the disk takes nothing more');
    written += bytesWritten;
  }
  return total;
}
