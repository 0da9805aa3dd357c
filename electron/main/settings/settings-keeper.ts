/**
 * The settings in force and how they change: applied to the engine first, saved only where that went well, so
 * that the file never holds settings with which Larder would not start.
 */
import type { SaveSettingsResult } from '../../../shared/ipc/settings-channels';
import { LarderError } from '../../../shared/error-codes';
import type { Secrets, Settings } from '../../../shared/settings';
import type { LarderEngine } from '../../engine/larder-engine';
import type { ResolvedSettings } from '../../engine/settings/resolve-settings';
import { nextFreePort } from '../../engine/http/listener';
import { REDIS_URL_FORMS, splitRedisUrl } from '../../engine/settings/redis-url';
import { settingsToSave } from './settings-to-save';

/** `redisPassword`: a string sets it, null removes it, undefined leaves it. */
export interface SaveRequest {
  readonly settings: Settings;
  readonly redisPassword?: string | null | undefined;
}

export interface PasswordVault {
  readonly available: boolean;
  saveRedisPassword(password: string | null): Promise<boolean>;
}

export interface SettingsKeeperOptions {
  readonly engine: LarderEngine;
  readonly resolved: Pick<ResolvedSettings, 'settings' | 'saved' | 'overridden'>;
  readonly secrets: Secrets;
  readonly vault: PasswordVault;
  /** @throws LarderError `settings_unwritable` */
  readonly write: (settings: Settings) => Promise<void>;
  readonly onChange: (settings: Settings) => void;
}

const NOT_KEPT = 'The Redis password holds until Larder ends: this system has no keychain to keep it in.';

export class SettingsKeeper {
  readonly #options: SettingsKeeperOptions;
  #settings: Settings;
  #saved: Settings;
  #secrets: Secrets;
  #overridden: Readonly<Record<string, string>>;
  /** Saves go one after the other. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: SettingsKeeperOptions) {
    this.#options = options;
    this.#settings = options.resolved.settings;
    this.#saved = options.resolved.saved;
    this.#overridden = options.resolved.overridden;
    this.#secrets = options.secrets;
  }

  get settings(): Settings {
    return this.#settings;
  }

  get overridden(): Readonly<Record<string, string>> {
    return this.#overridden;
  }

  get hasRedisPassword(): boolean {
    return this.#secrets.redisPassword !== null;
  }

  /** What a request means, with the password that it brings or leaves as it is.
   *  @throws LarderError `settings_invalid` */
  meant(request: SaveRequest): { settings: Settings; secrets: Secrets } {
    const problem = redisUrlProblem(request.settings);
    if (problem !== null) throw new LarderError('settings_invalid', `The Redis URL ${problem}`);
    const { wanted, password } = withoutUrlPassword(request);
    return {
      settings: wanted,
      secrets: password === undefined ? this.#secrets : { redisPassword: password },
    };
  }

  save(request: SaveRequest): Promise<SaveSettingsResult> {
    const result = this.#last.then(() => this.#save(request));
    this.#last = result.catch(() => {});
    return result;
  }

  async #save(request: SaveRequest): Promise<SaveSettingsResult> {
    const problem = redisUrlProblem(request.settings);
    if (problem !== null) return { kind: 'invalid', problems: [{ field: 'redis.url', message: problem }] };
    const { wanted, password } = withoutUrlPassword(request);
    const secrets = password === undefined ? this.#secrets : { redisPassword: password };
    const refused = await this.#apply(wanted, secrets);
    if (refused !== null) return refused;
    const before = this.#settings;
    this.#settings = wanted;
    this.#secrets = secrets;
    this.#options.onChange(wanted);
    const notice = await this.#persist(before, wanted, password);
    return { kind: 'saved', settings: wanted, notice };
  }

  /** Null: in force now. */
  async #apply(wanted: Settings, secrets: Secrets): Promise<SaveSettingsResult | null> {
    const { engine } = this.#options;
    const failedBefore = engine.status().listen.kind === 'failed';
    try {
      await engine.apply(wanted, secrets);
      if (failedBefore) await this.#startAnew();
      return null;
    } catch (error) {
      if (!(error instanceof LarderError)) throw error;
      return refusal(error, wanted);
    }
  }

  /** What kept the proxy from listening may be over with the new settings; where not, the old ones stay. */
  async #startAnew(): Promise<void> {
    const { engine } = this.#options;
    try {
      await engine.start();
    } catch (error) {
      await engine.apply(this.#settings, this.#secrets);
      // It has failed with these before; should it do so again, its status says why.
      await engine.start().catch(() => {});
      throw error;
    }
  }

  async #persist(
    before: Settings,
    wanted: Settings,
    password: string | null | undefined,
  ): Promise<string | null> {
    const overridden = new Set(Object.keys(this.#overridden));
    const { settings, taken } = settingsToSave({ saved: this.#saved, before, wanted, overridden });
    await this.#options.write(settings);
    this.#saved = settings;
    const nowSaved = new Set(taken);
    this.#overridden = Object.fromEntries(
      Object.entries(this.#overridden).filter(([field]) => !nowSaved.has(field)),
    );
    if (password === undefined) return null;
    return (await this.#options.vault.saveRedisPassword(password)) ? null : NOT_KEPT;
  }
}

/** A URL of which nobody can say where its password ends is not taken: it could get into the settings. */
function redisUrlProblem({ redis: { url } }: Settings): string | null {
  return url === null || splitRedisUrl(url) !== null ? null : REDIS_URL_FORMS;
}

/** A password in the Redis URL is taken for the password, and leaves the URL. */
function withoutUrlPassword({ settings, redisPassword }: SaveRequest): {
  wanted: Settings;
  password: string | null | undefined;
} {
  const split = settings.redis.url === null ? null : splitRedisUrl(settings.redis.url);
  const given = redisPassword === '' ? null : redisPassword;
  if (split === null) return { wanted: settings, password: given };
  const wanted = { ...settings, redis: { ...settings.redis, url: split.url } };
  return { wanted, password: given ?? split.password ?? given };
}

async function refusal(error: LarderError, wanted: Settings): Promise<SaveSettingsResult> {
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
