/**
 * Whether Redis is worth asking. Opens after a few failures in a row, or at once
 * when no connection stands; while it is not closed nothing but the probe is sent.
 */
import type { CircuitBreakerPolicy } from 'cockatiel';
import { CircuitState, ConsecutiveBreaker, circuitBreaker, handleAll } from 'cockatiel';

const FAILURES = 3;

export interface BreakerOptions {
  /** No connection stands: further tries would tell nothing new. */
  readonly isGone: () => boolean;
  readonly onOpen: (error: unknown) => void;
}

export class RedisBreaker {
  private readonly policy: CircuitBreakerPolicy;

  constructor({ isGone, onOpen }: BreakerOptions) {
    this.policy = circuitBreaker(handleAll, {
      breaker: new EagerBreaker(isGone),
      // When to probe is the caller's timer to say. Cockatiel asks the wall clock, which may jump by hours.
      halfOpenAfter: { next: () => ALWAYS },
    });
    this.policy.onBreak((reason) => onOpen('error' in reason ? reason.error : null));
  }

  get isClosed(): boolean {
    return this.policy.state === CircuitState.Closed;
  }

  /** Counts how it ends. Whoever calls this while it is not closed is the probe. */
  execute<T>(send: () => Promise<T>): Promise<T> {
    return this.policy.execute(send);
  }

  /** Something failed that was not a command. */
  fail(cause: Error): void {
    const failed = this.policy.execute(() => {
      throw cause;
    });
    failed.catch(() => undefined);
  }
}

const ALWAYS = {
  duration: -Infinity,
  next: () => ALWAYS,
};

class EagerBreaker extends ConsecutiveBreaker {
  private readonly isGone: () => boolean;

  constructor(isGone: () => boolean) {
    super(FAILURES);
    this.isGone = isGone;
  }

  override failure(): boolean {
    return super.failure() || this.isGone();
  }
}
