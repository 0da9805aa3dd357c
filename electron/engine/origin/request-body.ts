/**
 * The client's body on its way upstream: read only as fast as the origin takes
 * it, within the limits of its size and of the pauses in it. What nobody wants
 * of it any more passes by within the same limits: the next request is behind it.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { LarderError } from '../../../shared/error-codes';
import type { Limits } from '../../../shared/settings';
import type { Exchange } from '../exchange';
import { bodyTooLarge } from '../http/client-request';
import { endAnswered } from '../http/ending';

/** Null where the request has none. Fails with body_too_large or request_timeout: `isClientFault`. */
export function requestBody(exchange: Exchange): AsyncIterable<Uint8Array> | null {
  return exchange.request.hasBody ? readBody(exchange) : null;
}

/** For a request that has a body: the limits hold for it also where nobody is going to read it. */
export function watchBody(exchange: Exchange): void {
  bodyOf(exchange);
}

/** Whether a failed exchange says nothing about the origin: what the client sent, or did not, was at fault. */
export function isClientFault(error: LarderError): boolean {
  return error.status < 500;
}

async function* readBody(exchange: Exchange): AsyncGenerator<Uint8Array> {
  const { response, expectsContinue } = exchange;
  const body = bodyOf(exchange);
  try {
    if (expectsContinue) await letContinue(response);
    for (let chunk = await body.next(); chunk !== null; chunk = await body.next()) yield chunk;
  } finally {
    body.letPass();
  }
}

/** RFC 9110 §10.1.1: the client may send its body now that the origin takes it. Not before the answers to what it asked before. */
async function letContinue(response: ServerResponse): Promise<void> {
  if (response.socket === null && !response.destroyed) {
    await new Promise<void>((resolve) => {
      response.once('socket', () => resolve());
      response.once('close', () => resolve());
    });
  }
  if (!response.headersSent && !response.destroyed) response.writeContinue();
}

const bodies = new WeakMap<IncomingMessage, ClientBody>();

function bodyOf({ message, response, config }: Exchange): ClientBody {
  const known = bodies.get(message);
  if (known !== undefined) return known;
  const body = new ClientBody(message, response, config.settings.limits);
  bodies.set(message, body);
  return body;
}

interface Waiting {
  resolve(chunk: Uint8Array | null): void;
  reject(error: LarderError): void;
}

class ClientBody {
  readonly #message: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #limits: Limits;
  #bytes = 0;
  #waiting: Waiting | null = null;
  /** How it went, once that is known. */
  #end: 'whole' | LarderError | null = null;
  #passing = false;
  #timer: NodeJS.Timeout | null = null;

  constructor(message: IncomingMessage, response: ServerResponse, limits: Limits) {
    this.#message = message;
    this.#response = response;
    this.#limits = limits;
    // Else it would flow as soon as somebody listens.
    message.pause();
    message.on('data', (chunk: Uint8Array) => this.#receive(chunk));
    message.once('end', () => this.#settle('whole'));
    message.once('close', () => this.#settle(clientLeft()));
    response.once('prefinish', () => this.letPass());
  }

  /** The next chunk; null at the end. One call at a time. */
  next(): Promise<Uint8Array | null> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      if (this.#end === null && this.#message.destroyed && !this.#message.readableEnded)
        this.#end = clientLeft();
      if (this.#end === null && this.#passing) this.#end = notWanted();
      if (this.#end !== null) {
        this.#answerWaiting(this.#end);
        return;
      }
      this.#watchPause();
      this.#message.resume();
    });
  }

  /** Nobody reads it from now on. */
  letPass(): void {
    if (this.#passing || this.#end !== null) return;
    this.#passing = true;
    this.#answerWaiting(notWanted());
    if (!this.#message.complete) this.#watchPause();
    // At once: node would throw away unseen what nobody has begun to read when the response is out.
    this.#message.read();
    this.#message.resume();
  }

  #receive(chunk: Uint8Array): void {
    if (this.#end !== null) return;
    this.#bytes += chunk.byteLength;
    if (this.#bytes > this.#limits.requestBodyBytes) {
      this.#fail(bodyTooLarge(this.#limits.requestBodyBytes));
      return;
    }
    const waiting = this.#waiting;
    if (waiting === null) {
      this.#passing = true;
      this.#watchPause();
      return;
    }
    this.#waiting = null;
    this.#message.pause();
    waiting.resolve(chunk);
  }

  /** The origin's pauses are not the client's: what counts is how long it is waited for. */
  #watchPause(): void {
    if (this.#timer !== null) {
      this.#timer.refresh();
      return;
    }
    const limit = this.#limits.bodyTimeoutMs;
    this.#timer = setTimeout(() => {
      if (this.#waiting !== null || this.#passing) this.#fail(bodyLate(limit));
    }, limit);
    this.#timer.unref();
  }

  #fail(error: LarderError): void {
    const isRead = this.#waiting !== null;
    this.#settle(error);
    // Whoever reads gives up upstream, and answers; else there is an answer already, or nobody to give one.
    if (!isRead && !endAnswered(this.#response)) this.#message.socket.destroySoon();
  }

  #settle(end: 'whole' | LarderError): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#end !== null) return;
    this.#end = end;
    this.#answerWaiting(end);
  }

  #answerWaiting(end: 'whole' | LarderError): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    if (end === 'whole') waiting?.resolve(null);
    else waiting?.reject(end);
  }
}

function bodyLate(limit: number): LarderError {
  return new LarderError(
    'request_timeout',
    `The client sent nothing for ${limit / 1000} s within the request's body; send it without such a pause, or raise limits.bodyTimeoutMs`,
  );
}

function clientLeft(): LarderError {
  return new LarderError('origin_unreachable', 'The client left');
}

function notWanted(): LarderError {
  return new LarderError('origin_unreachable', "The request's body was not wanted any more");
}
