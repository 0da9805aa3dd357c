/**
 * The settings in force and how they change: applied to the engine first, saved only where that went well, so
 * that the file never holds settings with which Larder would not start. Knows which profile is active;
 * profile-changes.ts makes, renames and deletes profiles through it.
 */
import type { ChangeProfilesResult, SwitchProfileResult } from '../../../shared/ipc/profiles-channels';
import type { SaveSettingsResult } from '../../../shared/ipc/settings-channels';
import { LarderError } from '../../../shared/error-codes';
import {
  findProfile,
  profileListOf,
  settingsOfProfile,
  withProfileSettings,
  type ProfileList,
  type SavedProfiles,
} from '../../../shared/profiles';
import type { Secrets, Settings } from '../../../shared/settings';
import type { LarderEngine } from '../../engine/larder-engine';
import { REDIS_URL_FORMS, splitRedisUrl } from '../../engine/settings/redis-url';
import type { ResolvedSettings } from '../../engine/settings/resolve-settings';
import { ApplySettings, type InForce } from './apply-settings';
import { settingsToSave } from './settings-to-save';

/** `redisPassword`: a string sets it, null removes it, undefined leaves it. */
export interface SaveRequest {
  readonly settings: Settings;
  readonly redisPassword?: string | null | undefined;
}

export interface PasswordVault {
  readonly available: boolean;
  redisPassword(profile: string): string | null;
  saveRedisPassword(profile: string, password: string | null): Promise<boolean>;
}

export interface SettingsKeeperOptions {
  readonly engine: LarderEngine;
  readonly resolved: Pick<ResolvedSettings, 'settings' | 'saved' | 'overridden' | 'profile'>;
  readonly secrets: Secrets;
  readonly vault: PasswordVault;
  /** @throws LarderError `settings_unwritable` */
  readonly write: (saved: SavedProfiles) => Promise<void>;
  readonly onChange: (settings: Settings) => void;
}

/** What a change of the profiles works on, in its turn. */
export interface ProfilesAtWork {
  readonly saved: SavedProfiles;
  readonly settings: Settings;
  readonly vault: PasswordVault;
  readonly secrets: (profile: string) => Secrets;
  /** Writes and tells. @throws LarderError `settings_unwritable` */
  readonly write: (saved: SavedProfiles) => Promise<void>;
  readonly activate: (id: string) => Promise<SwitchProfileResult>;
  readonly keepPassword: (profile: string, password: string | null) => Promise<string | null>;
  readonly list: () => ProfileList;
}

const NOT_KEPT = 'The Redis password holds until Larder ends: this system has no keychain to keep it in.';

export class SettingsKeeper {
  readonly #options: SettingsKeeperOptions;
  readonly #apply: ApplySettings;
  readonly #listeners = new Set<(list: ProfileList) => void>();
  /** Profiles that were active before: what flags and variables gave to one, and passwords that could not be saved. */
  readonly #left = new Map<string, Kept>();
  #inForce: Kept;
  #saved: SavedProfiles;
  /** Changes go one after the other. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: SettingsKeeperOptions) {
    const { engine, resolved, secrets } = options;
    const { settings, overridden, profile } = resolved;
    this.#options = options;
    this.#apply = new ApplySettings(engine);
    this.#saved = resolved.saved;
    this.#inForce = { settings, secrets, cache: profile, overridden };
  }

  get settings(): Settings {
    return this.#inForce.settings;
  }

  get overridden(): Readonly<Record<string, string>> {
    return this.#inForce.overridden;
  }

  get hasRedisPassword(): boolean {
    return this.#inForce.secrets.redisPassword !== null;
  }

  profiles(): ProfileList {
    return profileListOf(this.#saved, this.#inForce.settings);
  }

  /** @returns the function that stops listening */
  onProfiles(listener: (list: ProfileList) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What a request means, with the password that it brings or leaves as it is.
   *  @throws LarderError `settings_invalid` */
  meant(request: SaveRequest): { settings: Settings; secrets: Secrets } {
    const problem = redisUrlProblem(request.settings);
    if (problem !== null) throw new LarderError('settings_invalid', `The Redis URL ${problem}`);
    const { wanted, password } = withoutUrlPassword(request);
    const { secrets } = this.#inForce;
    return { settings: wanted, secrets: password === undefined ? secrets : { redisPassword: password } };
  }

  save(request: SaveRequest): Promise<SaveSettingsResult> {
    return this.#inTurn(() => this.#save(request));
  }

  /** Never rejects: where the other profile cannot be used, this one stays, and the answer says why. */
  switchTo(id: string): Promise<SwitchProfileResult> {
    return this.#inTurn(() => this.#switchTo(id)).catch((error: unknown) => ({
      kind: 'failed',
      message: error instanceof LarderError ? error.message : 'The profile could not be switched.',
    }));
  }

  /** For profile-changes.ts: one change of the list of profiles. */
  change(action: (at: ProfilesAtWork) => Promise<ChangeProfilesResult>): Promise<ChangeProfilesResult> {
    return this.#inTurn(() => {
      const at: ProfilesAtWork = {
        saved: this.#saved,
        settings: this.#inForce.settings,
        vault: this.#options.vault,
        secrets: (profile) => this.#keptOf(profile).secrets,
        write: (saved) => this.#write(saved),
        activate: (id) => this.#switchTo(id),
        keepPassword: (profile, password) => this.#keepPassword(profile, password),
        list: () => this.profiles(),
      };
      return action(at);
    });
  }

  #inTurn<T>(action: () => Promise<T>): Promise<T> {
    const result = this.#last.then(action);
    this.#last = result.catch(() => {});
    return result;
  }

  async #save(request: SaveRequest): Promise<SaveSettingsResult> {
    const problem = redisUrlProblem(request.settings);
    if (problem !== null) return { kind: 'invalid', problems: [{ field: 'redis.url', message: problem }] };
    const { wanted, password } = withoutUrlPassword(request);
    const before = this.#inForce;
    const secrets = password === undefined ? before.secrets : { redisPassword: password };
    const refused = await this.#apply.change(before, { ...before, settings: wanted, secrets });
    if (refused !== null) return refused;
    this.#inForce = { ...before, settings: wanted, secrets };
    this.#options.onChange(wanted);
    const notice = await this.#persist(before.settings, wanted, password);
    return { kind: 'saved', settings: wanted, notice };
  }

  async #persist(
    before: Settings,
    wanted: Settings,
    password: string | null | undefined,
  ): Promise<string | null> {
    const { cache, overridden } = this.#inForce;
    const saved = settingsOfProfile(this.#saved, cache);
    const fields = new Set(Object.keys(overridden));
    const { settings, taken } = settingsToSave({ saved, before, wanted, overridden: fields });
    const nowSaved = new Set(taken);
    const stillOverridden = Object.entries(overridden).filter(([field]) => !nowSaved.has(field));
    await this.#write(withProfileSettings(this.#saved, cache, settings));
    this.#inForce = { ...this.#inForce, overridden: Object.fromEntries(stillOverridden) };
    return password === undefined ? null : this.#keepPassword(cache, password);
  }

  async #switchTo(id: string): Promise<SwitchProfileResult> {
    const profile = findProfile(this.#saved, id);
    if (profile === null) return { kind: 'failed', message: 'This profile is no longer there.' };
    const before = this.#inForce;
    if (id === before.cache) return { kind: 'switched', name: profile.name, notice: null };
    const next = this.#keptOf(id);
    const refused = await this.#apply.change(before, next);
    if (refused !== null) return whyNot(refused, profile.name);
    this.#left.set(before.cache, before);
    this.#left.delete(id);
    this.#inForce = next;
    this.#saved = { ...this.#saved, active: id };
    this.#options.onChange(next.settings);
    const notice = await this.#rememberActive();
    return { kind: 'switched', name: profile.name, notice };
  }

  /** In use already; where it cannot be written down, the next start begins with the other one. */
  async #rememberActive(): Promise<string | null> {
    try {
      await this.#write(this.#saved);
      return null;
    } catch (error) {
      this.#tell();
      if (!(error instanceof LarderError)) throw error;
      return error.message;
    }
  }

  /** How a profile is or would be in force. The window's part is the same for all. */
  #keptOf(id: string): Kept {
    if (id === this.#inForce.cache) return this.#inForce;
    const { appearance, desktop } = this.#inForce.settings;
    const left = this.#left.get(id);
    if (left !== undefined) return { ...left, settings: { ...left.settings, appearance, desktop } };
    const settings = { ...settingsOfProfile(this.#saved, id), appearance, desktop };
    return {
      settings,
      secrets: { redisPassword: this.#options.vault.redisPassword(id) },
      cache: id,
      overridden: {},
    };
  }

  async #write(saved: SavedProfiles): Promise<void> {
    await this.#options.write(saved);
    this.#saved = saved;
    for (const id of this.#left.keys()) if (findProfile(saved, id) === null) this.#left.delete(id);
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener(this.profiles());
  }

  /** What to say where it could not be kept; null: it is. */
  async #keepPassword(profile: string, password: string | null): Promise<string | null> {
    return (await this.#options.vault.saveRedisPassword(profile, password)) ? null : NOT_KEPT;
  }
}

interface Kept extends InForce {
  /** Dotted field to the flag, variable or file that gave it, for this run. */
  readonly overridden: Readonly<Record<string, string>>;
}

function whyNot(refused: Exclude<SaveSettingsResult, { kind: 'saved' }>, name: string): SwitchProfileResult {
  if (refused.kind === 'port-in-use') return refused;
  const [first] = refused.problems;
  return { kind: 'failed', message: first?.message ?? `The settings of ${name} cannot be used.` };
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
