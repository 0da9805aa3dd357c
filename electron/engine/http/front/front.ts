/**
 * What stands before node:http on every connection: it reads the requests that can be answered at once from memory,
 * one after the other as they come, and answers them on the bare socket. The first that it is not certain of takes
 * its connection, with the bytes unread, to node:http for good.
 */
import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { LarderError } from '../../../../shared/error-codes';
import type { Limits } from '../../../../shared/settings';
import type { Milliseconds } from '../../../../shared/units';
import type { MaybePromise } from '../../store/response-store';
import { lingerThenDestroy, writeClientError } from '../client-error';
import { Outgoing } from './outgoing';
import { HeadReader, KnownFields, type ReadHead } from './read-head';

/** The client of one connection. */
export interface FrontClient {
  readonly socket: Socket;
  /** '' where it has left already. */
  readonly address: string;
}

/** What is to be written for one request. */
export interface FrontAnswer {
  /** Of the head, each character a byte (latin1). */
  readonly firstPart: string;
  readonly lastPart: string;
  /** Not to be changed; empty: none is sent. */
  readonly body: Uint8Array;
  /** To be called once: all of it has gone out, or the client has left. */
  ended(clientLeft: boolean): void;
}

export interface FrontRequest {
  readonly head: ReadHead;
  readonly client: FrontClient;
  /** By the monotonic clock. */
  readonly started: Milliseconds;
  /** The connection closes behind the answer. */
  readonly closes: boolean;
}

export interface FrontHandlers {
  /** False: every connection goes to node:http. */
  readonly isOn: boolean;
  /**
   * Null: not to be answered here; nothing has happened then. A promise, which does not reject, where what is stored
   * is not in this process.
   */
  answer(request: FrontRequest): MaybePromise<FrontAnswer | null>;
}

export interface FrontOptions {
  readonly handlers: FrontHandlers;
  readonly limits: () => Limits;
  /** Takes a connection over, as if it had just been opened. */
  readonly handOver: (socket: Socket) => void;
}

/** How much longer a connection is kept than its client is told: its next request may be on the way. */
const IDLE_GRACE_MS = 1000;

export class Front {
  readonly #options: FrontOptions;
  readonly #known = new KnownFields();
  readonly #outgoing = new Outgoing();
  readonly #connections = new Set<FrontConnection>();
  /** Answers end their connection from now on. */
  draining = false;

  constructor(options: FrontOptions) {
    this.#options = options;
  }

  accept(socket: Socket): void {
    if (!this.#options.handlers.isOn) {
      this.#options.handOver(socket);
      return;
    }
    const connection = new FrontConnection(socket, {
      ...this.#options,
      reader: new HeadReader(this.#known),
      outgoing: this.#outgoing,
      isDraining: () => this.draining,
      left: () => this.#connections.delete(connection),
    });
    this.#connections.add(connection);
  }

  /** Ends what has waited too long for a request. To be called now and then. */
  sweep(): void {
    const now = performance.now();
    const { headTimeoutMs, idleTimeoutMs } = this.#options.limits();
    for (const connection of this.#connections) connection.endIfLate(now, headTimeoutMs, idleTimeoutMs);
  }

  closeIdle(): void {
    for (const connection of this.#connections) connection.closeIfIdle();
  }
}

interface ConnectionOptions extends FrontOptions {
  readonly reader: HeadReader;
  readonly outgoing: Outgoing;
  readonly isDraining: () => boolean;
  readonly left: () => void;
}

class FrontConnection {
  readonly #socket: Socket;
  readonly #options: ConnectionOptions;
  readonly #client: FrontClient;
  /** Written, but not gone out yet; oldest first. */
  readonly #pending: FrontAnswer[] = [];
  /** Came while the client took nothing, or while the store is asked. */
  #waiting: Buffer | null = null;
  #isAsking = false;
  /** The client has sent its last request. */
  #hasEnded = false;
  #hasAnswered = false;
  #isLast = false;
  /** Since when nothing has come. */
  #quietSince = performance.now();

  constructor(socket: Socket, options: ConnectionOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#client = { socket, address: socket.remoteAddress ?? '' };
    socket.on('data', this.#received);
    socket.on('drain', this.#drained);
    socket.on('end', this.#ended);
    socket.on('error', this.#failed);
    socket.on('close', this.#closed);
  }

  endIfLate(now: number, headTimeoutMs: number, idleTimeoutMs: number): void {
    if (this.#pending.length > 0 || this.#isLast || this.#waiting !== null) return;
    const quietMs = now - this.#quietSince;
    if (!this.#hasAnswered && quietMs >= headTimeoutMs) {
      this.#leave();
      writeClientError(
        this.#socket,
        new LarderError('request_timeout', 'The request did not arrive in time'),
      );
    } else if (this.#hasAnswered && quietMs >= idleTimeoutMs + IDLE_GRACE_MS) this.#socket.destroy();
  }

  closeIfIdle(): void {
    if (this.#pending.length === 0 && this.#waiting === null && !this.#isLast) this.#socket.destroy();
  }

  readonly #received = (bytes: Buffer): void => {
    this.#quietSince = performance.now();
    if (this.#isLast) return;
    if (this.#socket.writableNeedDrain || this.#isAsking) this.#wait(bytes);
    else this.#read(bytes);
  };

  #read(bytes: Buffer): void {
    const { reader, limits } = this.#options;
    let at = 0;
    while (at < bytes.length && !this.#isLast) {
      if (this.#socket.writableNeedDrain) {
        this.#wait(bytes.subarray(at));
        break;
      }
      const head = reader.read(bytes, at, limits());
      const answer = head === null ? null : this.#answer(head);
      if (head === null || answer === null) {
        this.#handOver(bytes.subarray(at));
        break;
      }
      if (answer instanceof Promise) {
        this.#ask(answer, head, bytes.subarray(at));
        break;
      }
      // Several answers go out together.
      if (at === 0 && head.byteLength < bytes.length) this.#socket.cork();
      at += head.byteLength;
      this.#write(answer, this.#closesBehind(head));
    }
    this.#socket.uncork();
  }

  #answer(head: ReadHead): MaybePromise<FrontAnswer | null> {
    const closes = this.#closesBehind(head);
    return this.#options.handlers.answer({ head, client: this.#client, started: this.#quietSince, closes });
  }

  #closesBehind(head: ReadHead): boolean {
    return head.fields.closes || this.#options.isDraining();
  }

  /** Nothing that comes is read until the store has answered, not even that the client has ended. */
  #ask(asked: Promise<FrontAnswer | null>, head: ReadHead, unread: Buffer): void {
    const closes = this.#closesBehind(head);
    this.#isAsking = true;
    this.#wait(unread);
    void asked.then((answer) => {
      const bytes = this.#waiting ?? unread;
      this.#isAsking = false;
      this.#waiting = null;
      if (this.#socket.destroyed) answer?.ended(true);
      else if (answer !== null) {
        this.#write(answer, closes);
        if (!this.#hasEnded) this.#socket.resume();
        if (bytes.length > head.byteLength) this.#received(bytes.subarray(head.byteLength));
        this.#endIfEnded();
      } else if (this.#hasEnded) this.#socket.destroy();
      else this.#handOver(bytes);
    });
  }

  #write(answer: FrontAnswer, closes: boolean): void {
    const socket = this.#socket;
    this.#pending.push(answer);
    this.#hasAnswered = true;
    this.#options.outgoing.write(socket, answer, this.#written);
    if (!closes) return;
    this.#isLast = true;
    socket.uncork();
    socket.end();
    socket.once('finish', () => lingerThenDestroy(socket));
  }

  readonly #written = (error?: Error | null): void => {
    this.#pending.shift()?.ended(error instanceof Error);
  };

  /** The client sends more than it reads. */
  #wait(bytes: Buffer): void {
    this.#waiting = this.#waiting === null ? bytes : Buffer.concat([this.#waiting, bytes]);
    this.#socket.pause();
  }

  readonly #drained = (): void => {
    const bytes = this.#waiting;
    if (bytes === null || this.#isAsking) return;
    this.#waiting = null;
    this.#socket.resume();
    this.#read(bytes);
    this.#endIfEnded();
  };

  #handOver(bytes: Buffer): void {
    const socket = this.#socket;
    this.#leave();
    socket.uncork();
    // Nothing is read before node:http listens; what has been read it is given once more.
    socket.pause();
    if (bytes.length > 0) socket.unshift(bytes);
    this.#options.handOver(socket);
    socket.resume();
  }

  /** The connection is no longer ours; what was written still tells when it has gone out. */
  #leave(): void {
    const socket = this.#socket;
    socket.off('data', this.#received);
    socket.off('drain', this.#drained);
    socket.off('end', this.#ended);
    socket.off('error', this.#failed);
    this.#options.left();
  }

  /** What is written still goes out. */
  readonly #ended = (): void => {
    this.#hasEnded = true;
    this.#endIfEnded();
  };

  #endIfEnded(): void {
    if (this.#hasEnded && this.#waiting === null) this.#socket.end();
  }

  readonly #failed = (): void => {
    this.#socket.destroy();
  };

  readonly #closed = (): void => {
    this.#options.left();
    for (const answer of this.#pending.splice(0)) answer.ended(true);
  };
}
