/**
 * The Redis store's health: state, since when, why. Beside the request's path:
 * lookups read it before they touch a socket, the host listens to its changes.
 */
import type { StoreHealth } from '../../../shared/engine-status';

export class HealthKeeper {
  private readonly now: () => number;
  private readonly listeners = new Set<(health: StoreHealth) => void>();
  private health: StoreHealth;

  constructor(now: () => number, message: string) {
    this.now = now;
    this.health = { state: 'connecting', since: now(), message };
  }

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
    for (const listener of this.listeners) listener(this.health);
  }

  onChange(listener: (health: StoreHealth) => void): () => void {
    const each = (health: StoreHealth) => listener(health);
    this.listeners.add(each);
    return () => this.listeners.delete(each);
  }
}
