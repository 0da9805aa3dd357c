/** What the origin client hands on: a head, then a body that streams into a `BodySink`. */
import type { LarderError } from '../../../shared/error-codes';
import type { Milliseconds } from '../../../shared/units';
import type { RawFields } from '../http/raw-fields';

export interface OriginHead {
  readonly status: number;
  readonly statusText: string;
  /** As received, hop-by-hop fields included. */
  readonly fields: RawFields;
  /** Where `status` is not what the origin said: 206, for what completes a stored part. */
  readonly originStatus?: number;
}

/** Where an origin's response goes. Every method is called synchronously and must not throw. */
export interface OriginSink {
  /** 102, 103 and other interim responses but 100 and 101. */
  onInterim(head: OriginHead): void;
  onHead(head: OriginHead): void;
  /** Returns false to pause; `OriginExchange.resume` goes on. */
  onData(chunk: Uint8Array): boolean;
  onEnd(trailers: RawFields): void;
  /** Before or after the head; nothing follows. */
  onError(error: LarderError): void;
}

/** Moments of one exchange with the origin, by the monotonic clock (`performance.now()`); null: it did not come to that. */
export interface OriginTimes {
  dispatchedAt: Milliseconds;
  /** A connection was there and the request written. */
  sentAt: Milliseconds | null;
  headAt: Milliseconds | null;
  /** `new`: opened for this request. */
  connection: 'new' | 'reused' | null;
}

/** An exchange with the origin under way. */
export interface OriginExchange {
  /** Filled in as it goes on. */
  readonly times: Readonly<OriginTimes>;
  resume(): void;
  /** Gives up; the sink hears nothing more. */
  abort(): void;
}
