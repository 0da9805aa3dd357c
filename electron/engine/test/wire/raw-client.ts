/** A client of plain TCP: sends exact bytes in any pieces, and reads what comes back as strict responses. */
import { connect, type Socket } from 'node:net';
import { readResponses, type ReadResponses, type WireResponse } from './read-responses';

export interface Reply extends ReadResponses {
  /** Everything that came, one character a byte. */
  readonly received: string;
  /** How the server left the connection. */
  readonly end: 'open' | 'closed' | 'reset';
}

export interface AskOptions {
  /** Resolves as soon as so many whole final responses are there, or when closed; default: when closed. */
  readonly responses?: number;
  /** Of the requests, in order; needed where one is HEAD. */
  readonly methods?: readonly string[];
  /** How the bytes are cut into writes; default: in one. */
  readonly pieces?: (bytes: string) => readonly string[];
}

/** For `pieces`: each byte is a segment of its own. */
export const byteByByte = (bytes: string): readonly string[] => Array.from(bytes);

/** For `pieces`: cut before each of these places; negative ones count from the end. */
export const cutAt =
  (...places: readonly number[]) =>
  (bytes: string): readonly string[] => {
    const cuts = [0, ...places.map((place) => (place < 0 ? bytes.length + place : place)), bytes.length];
    return cuts.slice(1).map((end, index) => bytes.slice(cuts[index], end));
  };

/** Longer than any answer takes; shorter than a test may. */
const PATIENCE_MS = 15_000;

/** One connection. Bytes are latin1: one character a byte. */
export class RawClient {
  readonly socket: Socket;
  received = '';
  end: Reply['end'] = 'open';
  readonly #watchers = new Set<() => void>();
  readonly #methods: string[] = [];

  constructor(port: number, host = '127.0.0.1') {
    this.socket = connect({ port, host, noDelay: true });
    this.socket.setEncoding('latin1');
    this.socket.on('data', (text: string) => {
      this.received += text;
      this.#changed();
    });
    this.socket.on('end', () => this.#ended('closed'));
    this.socket.on('error', () => this.#ended('reset'));
    this.socket.on('close', () => this.#ended('closed'));
  }

  #ended(how: Reply['end']): void {
    if (this.end === 'open') this.end = how;
    this.#changed();
  }

  #changed(): void {
    for (const watcher of this.#watchers) watcher();
  }

  /** Sends the bytes; resolves when the last are handed to the system, or the connection is gone.
   *  @param methods of the requests within, for reading their answers */
  async send(
    bytes: string,
    pieces: AskOptions['pieces'] = (all) => [all],
    methods: readonly string[] = [],
  ): Promise<void> {
    this.#methods.push(...methods);
    for (const piece of pieces(bytes)) {
      if (!this.socket.writable) return;
      await new Promise<void>((resolve) => this.socket.write(piece, 'latin1', () => resolve()));
      await new Promise(setImmediate);
    }
  }

  /** What has come until now. @throws Error where it is not sound HTTP/1.1 */
  reply(): Reply {
    const read = readResponses(this.received, this.#methods, this.end !== 'open');
    return { ...read, received: this.received, end: this.end };
  }

  /** Resolves when that many whole responses (of all that came on this connection) are there, or it was closed. */
  responses(count: number): Promise<Reply> {
    return this.#until(`${count} responses`, (reply) => reply.responses.length >= count);
  }

  /** Resolves when the server has closed the connection. */
  closed(): Promise<Reply> {
    return this.#until('the end of the connection', () => false);
  }

  /** Resolves when `pattern` has come, or the connection was closed. */
  until(pattern: RegExp): Promise<Reply> {
    return this.#until(String(pattern), ({ received }) => pattern.test(received));
  }

  #until(what: string, done: (reply: Reply) => boolean): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const finish = (act: () => void): void => {
        clearTimeout(timer);
        this.#watchers.delete(look);
        act();
      };
      const look = (): void => {
        try {
          const reply = this.reply();
          if (this.end !== 'open' || done(reply)) finish(() => resolve(reply));
        } catch (error) {
          const text = JSON.stringify(this.received.slice(0, 2000));
          finish(() => reject(new Error(`${String(error)} in ${text}`)));
        }
      };
      const timer = setTimeout(() => {
        const text = JSON.stringify(this.received.slice(0, 2000));
        finish(() => reject(new Error(`waited in vain for ${what}; came: ${text}`)));
      }, PATIENCE_MS);
      this.#watchers.add(look);
      look();
    });
  }

  /** Ends the connection from this side, and waits until it is gone. */
  async leave(): Promise<void> {
    this.socket.destroy();
    if (!this.socket.closed) await new Promise((resolve) => this.socket.once('close', resolve));
  }
}

/** Sends the bytes on a connection of their own and reads the answers; then leaves. */
export async function ask(port: number, bytes: string, options: AskOptions = {}): Promise<Reply> {
  const client = new RawClient(port);
  const { responses, methods, pieces } = options;
  const sent = client.send(bytes, pieces, methods);
  try {
    return await (responses === undefined ? client.closed() : client.responses(responses));
  } finally {
    await client.leave();
    await sent;
  }
}

/** The one response to these bytes. @throws Error where there is none */
export async function askOne(port: number, bytes: string, options: AskOptions = {}): Promise<WireResponse> {
  const { responses, received } = await ask(port, bytes, { responses: 1, ...options });
  const [response] = responses;
  if (response === undefined) throw new Error(`no response, but ${JSON.stringify(received)}`);
  return response;
}

/** `GET target` as a browser would, with these further field lines. */
export function getBytes(target: string, ...fields: readonly string[]): string {
  return [`GET ${target} HTTP/1.1`, 'Host: localhost', ...fields, '', ''].join('\r\n');
}
