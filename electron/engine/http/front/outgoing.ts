/**
 * Writes answers to connections. Small ones are put together in memory that is used again as soon as the system has
 * taken the bytes, which it mostly does at once: so a hit allocates next to nothing, and is one write.
 */
import type { Socket } from 'node:net';

const SLAB_BYTES = 64 * 1024;
/** Larger bodies are sent beside their head, without a copy. */
const COPIED_BODY_BYTES = 16 * 1024;

interface Outgo {
  readonly firstPart: string;
  readonly lastPart: string;
  readonly body: Uint8Array;
}

export class Outgoing {
  #slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
  /** What comes before is still on its way. */
  #free = 0;

  /** `written` is called once, in the order of the calls: with an error where it did not go out. */
  write(socket: Socket, { firstPart, lastPart, body }: Outgo, written: (error?: Error | null) => void): void {
    const headBytes = firstPart.length + lastPart.length;
    const isCopied = body.length <= COPIED_BODY_BYTES;
    const bytes = this.#take(headBytes + (isCopied ? body.length : 0));
    bytes.write(firstPart, 0, 'latin1');
    bytes.write(lastPart, firstPart.length, 'latin1');
    if (isCopied) {
      bytes.set(body, headBytes);
      socket.write(bytes, written);
    } else {
      socket.cork();
      socket.write(bytes);
      socket.write(body, written);
      socket.uncork();
    }
    if (socket.writableLength === 0) this.#giveBack(bytes);
  }

  #take(length: number): Buffer {
    if (this.#free + length > this.#slab.length) {
      this.#slab = Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, length));
      this.#free = 0;
    }
    const bytes = this.#slab.subarray(this.#free, this.#free + length);
    this.#free += length;
    return bytes;
  }

  /** Of the last that was taken. */
  #giveBack({ length }: Buffer): void {
    this.#free -= length;
  }
}
