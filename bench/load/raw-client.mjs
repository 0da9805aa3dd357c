// A client on a bare socket: one request after the other, each answer with its status and every byte of its body.
import { connect } from 'node:net';

const GIVE_UP_MS = 15_000;
const HEAD_END = Buffer.from('\r\n\r\n');

/** @typedef {{ status: number, head: string, body: Buffer }} Answer */

/** A connection that is kept, and made anew where the server has closed it. One request at a time. */
export class RawConnection {
  #port;
  /** @type {import('node:net').Socket | null} */
  #socket = null;
  /** @type {Buffer[]} */
  #chunks = [];
  #bytes = 0;
  /** @type {{ head: string, status: number, from: number, end: number, closes: boolean } | null} */
  #expected = null;
  /** @type {{ resolve: (answer: Answer) => void, reject: (error: Error) => void } | null} */
  #waiting = null;

  /** @param {number} port on 127.0.0.1 */
  constructor(port) {
    this.#port = port;
  }

  /** @param {string} target
   *  @returns {Promise<Answer>} */
  ask(target) {
    const socket = this.#socket ?? this.#open();
    this.#socket = socket;
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      socket.write(`GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${this.#port}\r\n\r\n`);
    });
  }

  close() {
    this.#socket?.destroy();
    this.#socket = null;
  }

  #open() {
    const socket = connect({ port: this.#port, host: '127.0.0.1', noDelay: true });
    socket.setTimeout(GIVE_UP_MS, () => socket.destroy(new Error(`no answer in ${GIVE_UP_MS / 1000} s`)));
    socket.on('data', (/** @type {Buffer} */ chunk) => this.#take(chunk));
    const gone = (/** @type {Error} */ error) => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      this.#chunks = [];
      this.#bytes = 0;
      this.#expected = null;
      const waiting = this.#waiting;
      this.#waiting = null;
      waiting?.reject(error);
    };
    socket.on('error', gone);
    socket.on('close', () => gone(new Error('the connection was closed')));
    return socket;
  }

  /** @param {Buffer} chunk */
  #take(chunk) {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#expected === null) this.#expected = expectedOf(Buffer.concat(this.#chunks));
    const expected = this.#expected;
    if (expected === null || this.#bytes < expected.end) return;
    const all = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks);
    const waiting = this.#waiting;
    this.#chunks = [];
    this.#bytes = 0;
    this.#expected = null;
    this.#waiting = null;
    if (expected.closes) this.close();
    if (all.length > expected.end) return waiting?.reject(new Error('more bytes than the answer has'));
    waiting?.resolve({
      status: expected.status,
      head: expected.head,
      body: all.subarray(expected.from, expected.end),
    });
  }
}

/** @param {Buffer} bytes
 *  @returns {{ head: string, status: number, from: number, end: number, closes: boolean } | null} null: not here yet */
function expectedOf(bytes) {
  const at = bytes.indexOf(HEAD_END);
  if (at < 0) return null;
  const head = bytes.toString('latin1', 0, at);
  const from = at + HEAD_END.length;
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1] ?? Number.NaN);
  const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? Number.NaN);
  const closes = /\r\nconnection: *close/i.test(head);
  // Nothing that is measured sends anything else; what does is not waited for.
  return { head, status, from, end: Number.isNaN(length) ? from : from + length, closes };
}

/** @param {number} port
 *  @param {string} target
 *  @returns {Promise<Answer>} */
export async function askOnce(port, target) {
  const connection = new RawConnection(port);
  try {
    return await connection.ask(target);
  } finally {
    connection.close();
  }
}
