/** Brings settings into force: all of them, or none, and then why not. Between the keeper and the engine. */
import type { SaveSettingsResult } from '../../../shared/ipc/settings-channels';
import { LarderError } from '../../../shared/error-codes';
import type { Secrets, Settings } from '../../../shared/settings';
import { nextFreePort } from '../../engine/http/listener';
import type { LarderEngine } from '../../engine/larder-engine';

export interface InForce {
  readonly settings: Settings;
  readonly secrets: Secrets;
  /** The id of the profile, whose cache is used. */
  readonly cache: string;
}

export type Refusal = Exclude<SaveSettingsResult, { kind: 'saved' }>;

export class ApplySettings {
  readonly #engine: LarderEngine;

  constructor(engine: LarderEngine) {
    this.#engine = engine;
  }

  /** Null: `wanted` is in force now. Otherwise `before` still is. */
  async change(before: InForce, wanted: InForce): Promise<Refusal | null> {
    const failedBefore = this.#engine.status().listen.kind === 'failed';
    try {
      await this.#apply(wanted);
      if (failedBefore) await this.#startAnew(before);
      return null;
    } catch (error) {
      if (!(error instanceof LarderError)) throw error;
      return refusal(error, wanted.settings);
    }
  }

  #apply({ settings, secrets, cache }: InForce): Promise<void> {
    return this.#engine.apply(settings, secrets, cache);
  }

  /** What kept the proxy from listening may be over with the new settings; where not, the old ones stay. */
  async #startAnew(before: InForce): Promise<void> {
    try {
      await this.#engine.start();
    } catch (error) {
      await this.#apply(before);
      // It has failed with these before; should it do so again, its status says why.
      await this.#engine.start().catch(() => {});
      throw error;
    }
  }
}

async function refusal(error: LarderError, wanted: Settings): Promise<Refusal> {
  switch (error.code) {
    case 'port_in_use':
      return {
        kind: 'port-in-use',
        message: error.message,
        freePort: await nextFreePort(wanted.port, wanted.host),
      };
    case 'port_denied':
      return { kind: 'invalid', problems: [{ field: 'port', message: error.message }] };
    case 'host_unavailable':
      return { kind: 'invalid', problems: [{ field: 'host', message: error.message }] };
    // What the schema cannot see: a URL that does not go with the mode.
    case 'settings_invalid':
      return { kind: 'invalid', problems: [{ field: 'redis.url', message: error.message }] };
    default:
      throw error;
  }
}
