/**
 * One request upstream whose response is shared: with those who ask for the
 * same meanwhile, and with the store. Also used, unshared, for what only
 * passes through.
 */
import { LarderError } from '../../../shared/error-codes';
import type { EpochMs } from '../../../shared/units';
import type { RawFields } from '../http/raw-fields';
import type { OriginExchange, OriginHead, OriginSink, OriginTimes } from '../origin/origin-response';
import { SharedBody, type CollectBudget } from './shared-body';

export interface FillOptions {
  /** Primary key, for invalidation while under way. */
  readonly key: string;
  readonly collect: { readonly limitBytes: number; readonly budget: CollectBudget } | null;
  readonly now: () => EpochMs;
  readonly send: (sink: OriginSink) => OriginExchange;
  readonly onInterim?: (head: OriginHead) => void;
}

export type FillHead =
  | { readonly kind: 'head'; readonly head: OriginHead }
  | { readonly kind: 'failed'; readonly error: LarderError };

export class Fill implements OriginSink {
  readonly key: string;
  readonly body: SharedBody;
  /** Resolves once, never rejects. */
  readonly head: Promise<FillHead>;
  /** Resolves with the trailers, or null where the body broke off. Never rejects. */
  readonly ended: Promise<RawFields | null>;
  readonly requestTime: EpochMs;
  responseTime: EpochMs = 0;
  /** What it fetched was cleared or invalidated since: it may be passed on, not stored. */
  invalidated = false;
  /** Kept by `FillsInFlight`; null: it is not among them. */
  inFlightNumber: number | null = null;

  readonly #options: FillOptions;
  readonly #exchange: OriginExchange;
  #resolveHead: (head: FillHead) => void = () => {};
  #resolveEnded: (trailers: RawFields | null) => void = () => {};
  #interested = 0;

  constructor(options: FillOptions) {
    this.#options = options;
    this.key = options.key;
    this.requestTime = options.now();
    this.body = new SharedBody({
      collect: options.collect,
      resume: () => this.#exchange.resume(),
      abandoned: () => this.#abandon(),
    });
    this.head = new Promise((resolve) => (this.#resolveHead = resolve));
    this.ended = new Promise((resolve) => (this.#resolveEnded = resolve));
    this.#exchange = options.send(this);
  }

  onInterim(head: OriginHead): void {
    this.#options.onInterim?.(head);
  }

  onHead(head: OriginHead): void {
    this.responseTime = this.#options.now();
    this.#resolveHead({ kind: 'head', head });
  }

  onData(chunk: Uint8Array): boolean {
    return this.body.push(chunk);
  }

  onEnd(trailers: RawFields): void {
    this.body.end(trailers);
    this.#resolveEnded(trailers);
  }

  onError(error: LarderError): void {
    // Who reads on the way may have found fault with what the origin goes on to send.
    this.#exchange.abort();
    this.#cancel(error);
  }

  #cancel(error: LarderError): void {
    this.body.fail(error);
    this.#resolveHead({ kind: 'failed', error });
    this.#resolveEnded(null);
  }

  /** How far the origin has come with it. */
  get times(): Readonly<OriginTimes> {
    return this.#exchange.times;
  }

  /** Somebody waits for the head. Returns the function that says they no longer do. */
  join(): () => void {
    this.#interested += 1;
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.#interested -= 1;
      if (this.#interested === 0 && !this.body.ended && !this.body.hasReaders) this.#abandon();
    };
  }

  /** The response turned out not to be wanted, and nobody reads it. */
  abandonIfUnread(): void {
    if (!this.body.hasReaders && !this.body.ended) this.abort();
  }

  #abandon(): void {
    if (this.#interested > 0 || this.body.ended) return;
    this.abort();
  }

  /** Gives up upstream; what came is not stored. */
  abort(): void {
    this.#exchange.abort();
    this.#cancel(new LarderError('origin_unreachable', 'Nobody waited for the response any more'));
  }
}
