/**
 * What an exchange takes when it starts: settings and what was made from them,
 * one immutable value. A retired one is disposed when its last exchange ends.
 */
import type { Secrets, Settings } from '../../shared/settings';
import type { OriginClient } from './origin/origin-client';
import type { OriginTarget } from './origin/origin-target';
import type { ResponseStore } from './store/response-store';

export interface EngineConfig {
  readonly settings: Settings;
  readonly secrets: Secrets;
  readonly origin: OriginTarget;
  readonly demo: boolean;
  readonly client: OriginClient;
  readonly store: ResponseStore;
}

/** A resource shared by config values that follow one another. */
export class Shared<T> {
  readonly value: T;
  readonly #dispose: () => Promise<void>;
  #holders = 0;
  #disposed = false;

  constructor(value: T, dispose: () => Promise<void>) {
    this.value = value;
    this.#dispose = dispose;
  }

  hold(): void {
    this.#holders += 1;
  }

  async release(): Promise<void> {
    this.#holders -= 1;
    if (this.#holders > 0 || this.#disposed) return;
    this.#disposed = true;
    await this.#dispose();
  }
}
