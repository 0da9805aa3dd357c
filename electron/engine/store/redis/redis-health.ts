/**
 * The Redis store's health: state, since when, why. Beside the request's path:
 * lookups read it before they touch a socket, the host listens to its changes.
 */
import type { StoreHealth } from '../../../../shared/engine-status';
import type { Milliseconds } from '../../../../shared/units';

/** Each listener hears of no more than one change in this time: a second, and what the event bus may hold one back. */
const TELL_EVERY_MS = 1250;

type Listener = (health: StoreHealth) => void;

export class HealthKeeper {
  private readonly now: () => number;
  private readonly tellEveryMs: Milliseconds;
  private readonly listeners = new Set<Throttle>();
  private health: StoreHealth;

  constructor(now: () => number, message: string, tellEveryMs: Milliseconds = TELL_EVERY_MS) {
    this.now = now;
    this.tellEveryMs = tellEveryMs;
    this.health = { state: 'connecting', since: now(), message };
  }

  /** As it is now, also where listeners have not heard of it yet. */
  get current(): StoreHealth {
    return this.health;
  }

  get isOk(): boolean {
    return this.health.state === 'ok';
  }

  /** Tells the listeners where something changed. `since` is the state's, not the message's. */
  set(state: StoreHealth['state'], message: string | null): void {
    const { state: stateBefore, message: messageBefore, since } = this.health;
    if (state === stateBefore && message === messageBefore) return;
    this.health = { state, message, since: state === stateBefore ? since : this.now() };
    for (const listener of this.listeners) listener.tell(this.health);
  }

  /** The first change is told at once; of those that follow within a second only the last one, at its end. */
  onChange(listener: Listener): () => void {
    const throttle = new Throttle(listener, this.health, this.tellEveryMs);
    this.listeners.add(throttle);
    return () => {
      throttle.stop();
      this.listeners.delete(throttle);
    };
  }

  /** No listener hears anything any more. */
  close(): void {
    for (const listener of this.listeners) listener.stop();
    this.listeners.clear();
  }
}

class Throttle {
  private readonly listener: Listener;
  private readonly everyMs: Milliseconds;
  private told: StoreHealth;
  private latest: StoreHealth;
  private pause: NodeJS.Timeout | null = null;

  constructor(listener: Listener, health: StoreHealth, everyMs: Milliseconds) {
    this.listener = listener;
    this.told = health;
    this.latest = health;
    this.everyMs = everyMs;
  }

  tell(health: StoreHealth): void {
    this.latest = health;
    if (this.pause === null) this.tellLatest();
  }

  stop(): void {
    if (this.pause !== null) clearTimeout(this.pause);
  }

  private tellLatest(): void {
    this.pause = null;
    const { state, message } = this.told;
    if (this.latest.state === state && this.latest.message === message) return;
    this.told = this.latest;
    this.pause = setTimeout(() => this.tellLatest(), this.everyMs).unref();
    this.listener(this.told);
  }
}
