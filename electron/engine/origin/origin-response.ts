/** What the origin client hands on: a head, then a body that streams into a `BodySink`. */
import type { LarderError } from '../../../shared/error-codes';
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

/** An exchange with the origin under way. */
export interface OriginExchange {
  resume(): void;
  /** Gives up; the sink hears nothing more. */
  abort(): void;
}
