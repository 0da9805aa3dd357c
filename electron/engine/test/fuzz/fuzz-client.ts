/** A client of bare bytes for the fuzzing: sends an input on a connection that is kept where it may be, and reads strictly. */
import { connect, type Socket } from 'node:net';
import { segmentsOf, type FuzzInput } from './fuzz-input';
import { valuesOf } from './strict-grammar';
import type { RequestsRead } from './strict-requests';
import { readResponse, type StrictResponse } from './strict-responses';

export interface Conversation {
  readonly responses: readonly StrictResponse[];
  /** `open`: may be used again. `stuck`: nothing more came, for long. */
  readonly end: 'open' | 'closed' | 'stuck';
  /** What came after the last whole response. */
  readonly leftover: string;
  /** What came that is no response, in words. */
  readonly problem: string | null;
  /** What had been sent on this connection before; null: nothing. */
  readonly before: string | null;
}

export interface FuzzClient {
  ask(input: FuzzInput, expected: RequestsRead): Promise<Conversation>;
  close(): void;
}

const STUCK_MS = 12_000;

/** @param keeps its connection while it can; else only after hits, as the fast way in does. */
export function createFuzzClient(port: number, keeps: boolean): FuzzClient {
  let connection: Connection | null = null;
  return {
    ask: async (input, expected) => {
      if (connection === null || !connection.isUsable()) connection = new Connection(port);
      const used = connection;
      const conversation = await used.converse(input, expected);
      if (conversation.end !== 'open' || !(keeps || conversation.responses.every(isHit))) {
        used.destroy();
        connection = null;
      }
      return conversation;
    },
    close: () => connection?.destroy(),
  };
}

function isHit({ fields }: StrictResponse): boolean {
  return valuesOf(fields, 'x-cache').includes('HIT');
}

class Connection {
  readonly #socket: Socket;
  #received = '';
  #isClosed = false;
  #turn: Turn | null = null;
  #before: string | null = null;

  constructor(port: number) {
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.#socket.setEncoding('latin1');
    this.#socket.on('data', (chunk: string) => {
      this.#received += chunk;
      this.#progress();
    });
    // What was reset was closed; what had come until then is judged.
    this.#socket.on('error', () => this.#socket.destroy());
    this.#socket.on('close', () => {
      this.#isClosed = true;
      this.#progress();
    });
  }

  isUsable(): boolean {
    return !this.#isClosed && this.#socket.writable;
  }

  destroy(): void {
    this.#socket.destroy();
  }

  async converse(input: FuzzInput, expected: RequestsRead): Promise<Conversation> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#finish('stuck'), STUCK_MS);
      const { bytes } = input;
      this.#turn = { bytes, expected, responses: [], timer, resolve, hasEnded: false, isSent: false };
      void this.#send(segmentsOf(input)).then(() => this.#progress());
    });
  }

  /** Each segment in a turn of the event loop of its own. */
  async #send(segments: readonly string[]): Promise<void> {
    for (const [index, segment] of segments.entries()) {
      if (index > 0) await new Promise((resolve) => setImmediate(resolve));
      if (!this.#socket.writable) break;
      this.#socket.write(segment, 'latin1');
    }
    if (this.#turn !== null) this.#turn.isSent = true;
  }

  #progress(): void {
    const turn = this.#turn;
    if (turn === null) return;
    // Nothing that comes after the last response is one.
    while (this.#received !== '' && turn.responses.at(-1)?.closes !== true) {
      const { requests, rest } = turn.expected;
      const method = (requests[turn.responses.length] ?? rest.head)?.method ?? 'GET';
      const read = readResponse(this.#received, 0, method);
      if (read.kind === 'invalid') this.#finish(this.#isClosed ? 'closed' : 'stuck', read.why);
      if (read.kind !== 'read' || (read.value.untilClose && !this.#isClosed)) break;
      turn.responses.push(read.value);
      this.#received = this.#received.slice(read.end);
    }
    if (this.#isClosed) this.#finish('closed');
    else if (turn.isSent) this.#whenAnswered(turn);
  }

  /** Everything that was to be answered is: the connection stays, is about to be closed, or is ended from this side. */
  #whenAnswered(turn: Turn): void {
    const { requests, rest } = turn.expected;
    if (turn.responses.length < requests.length || turn.responses.at(-1)?.closes === true) return;
    if (rest.kind === 'nothing' && requests.at(-1)?.isLast !== true) this.#finish('open');
    else if (!turn.hasEnded) {
      turn.hasEnded = true;
      this.#socket.end();
    }
  }

  #finish(end: Conversation['end'], problem: string | null = null): void {
    const turn = this.#turn;
    if (turn === null) return;
    this.#turn = null;
    clearTimeout(turn.timer);
    const before = this.#before;
    this.#before = turn.bytes;
    turn.resolve({ responses: turn.responses, end, leftover: this.#received, problem, before });
    if (end !== 'open') this.#socket.destroy();
  }
}

interface Turn {
  readonly bytes: string;
  readonly expected: RequestsRead;
  readonly responses: StrictResponse[];
  readonly timer: NodeJS.Timeout;
  readonly resolve: (conversation: Conversation) => void;
  /** This side has said that it sends nothing more. */
  hasEnded: boolean;
  isSent: boolean;
}
