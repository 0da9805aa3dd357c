/**
 * The settings in force, from all their sources: flags over environment over project file
 * over what the app saved over defaults. The one place that knows this order.
 */
import { homedir } from 'node:os';
import { LarderError } from '../../../shared/error-codes';
import type { SavedProfiles } from '../../../shared/profiles';
import { FIRST_PROFILE_ID, onlyProfile, settingsOfProfile } from '../../../shared/profiles';
import type { Secrets, Settings } from '../../../shared/settings';
import { DEFAULT_SETTINGS, parseSettings } from '../../../shared/settings';
import type { Environment } from './data-directory';
import { dataDirectory } from './data-directory';
import type { EnvironmentSettings } from './environment';
import { readEnvironment } from './environment';
import type { ParsedFlags } from './flags';
import { parseFlags } from './flags';
import type { ProjectFile } from './project-file';
import { readProjectFile } from './project-file';
import type { Assignment } from './read-setting';
import { splitRedisUrl } from './redis-url';
import { readSettingsFile } from './settings-file';

export interface SettingsSources {
  /** Arguments after the program's (and in the desktop app the app folder's) name. */
  readonly argv: readonly string[];
  readonly env: Environment;
  readonly cwd: string;
  /** Default: the platform's place, or LARDER_DATA_DIR. */
  readonly dataDir?: string;
  /** Ignore unknown arguments: Chromium's and Electron's. */
  readonly allowUnknown?: boolean;
  /** The command line: `persist` is on only where a flag or the project file says so, whatever the app saved. */
  readonly persistOnlyIfAsked?: boolean;
  readonly now?: Date;
}

export type Mode = 'run' | 'help' | 'version' | 'clear-cache';

export interface ResolvedSettings {
  readonly mode: Mode;
  readonly settings: Settings;
  /** From the environment; the app adds what its keychain holds. */
  readonly secrets: Secrets;
  /** What the settings file says, defaults filled in: the base of what is saved next. */
  readonly saved: SavedProfiles;
  /** Id of the active profile: whose settings these are, and whose cache is used. */
  readonly profile: string;
  /** Dotted field to the flag, variable or file that wins over what is saved. */
  readonly overridden: Readonly<Record<string, string>>;
  readonly notices: readonly string[];
  readonly json: boolean;
  readonly quiet: boolean;
  readonly dataDir: string;
  /** The project file in use, absolute; null: none. */
  readonly projectFile: string | null;
}

/** A store that was named wins over one that REDIS_HOST or REDIS_URL only implies. */
function impliedStore(environment: EnvironmentSettings, named: readonly Assignment[]): Assignment[] {
  const source = environment.redisImpliedBy;
  if (source === null || named.some(({ field }) => field === 'store')) return [];
  return [{ field: 'store', value: 'redis', source }];
}

/** Where a Redis is and how to log in: of one Redis, so what was saved of another does not count. */
const TARGET_FIELDS = ['mode', 'port', 'nodes', 'username', 'database', 'tls', 'acceptSelfSigned'] as const;

/** REDIS_HOST or REDIS_URL name a Redis of their own; the project file may still say more about it. */
function newTarget({ redisImpliedBy: source }: EnvironmentSettings, saved: Settings): Assignment[] {
  if (source === null) return [];
  const defaults = DEFAULT_SETTINGS.redis;
  return TARGET_FIELDS.filter((name) => String(saved.redis[name]) !== String(defaults[name])).map((name) => ({
    field: `redis.${name}` as const,
    value: defaults[name],
    source,
  }));
}

/** The settings with these values in them, not checked together yet. */
export function withAssignments(
  saved: Settings,
  assignments: readonly Assignment[],
): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...saved };
  const sections: Record<string, Record<string, unknown>> = {
    redis: { ...saved.redis },
    upstream: { ...saved.upstream },
    limits: { ...saved.limits },
  };
  for (const { field, value } of assignments) {
    const [section = '', name] = field.split('.');
    if (name === undefined) merged[field] = value;
    else sections[section] = { ...sections[section], [name]: value };
  }
  return { ...merged, ...sections };
}

function applyAssignments(saved: Settings, assignments: readonly Assignment[]): Settings {
  const parsed = parseSettings(withAssignments(saved, assignments));
  if (parsed.ok) return parsed.settings;
  const [first] = parsed.problems;
  const problem = `${first?.field ?? 'settings'} ${first?.message ?? 'is wrong'}`;
  throw new LarderError('settings_invalid', `${sourceOf(first?.field, assignments)}${problem}`);
}

/** Each value was right by itself: who gave the one that does not go with another, or that other. */
function sourceOf(field: string | undefined, assignments: readonly Assignment[]): string {
  const section = `${field?.split('.')[0] ?? ''}.`;
  const own = assignments.filter((one) => one.field === field).at(-1);
  const given = own ?? assignments.filter((one) => one.field.startsWith(section)).at(-1);
  return given === undefined ? '' : `${given.source}: `;
}

/** A password in a Redis URL moves beside the settings. */
function withoutPassword(settings: Settings): { settings: Settings; password: string | null } {
  const split = settings.redis.url === null ? null : splitRedisUrl(settings.redis.url);
  if (split === null) return { settings, password: null };
  return {
    settings: { ...settings, redis: { ...settings.redis, url: split.url } },
    password: split.password,
  };
}

function withoutPasswords(saved: SavedProfiles): SavedProfiles {
  const profiles = saved.profiles.map((one) => {
    const whole = settingsOfProfile(saved, one.id);
    return { ...one, settings: { ...one.settings, redis: withoutPassword(whole).settings.redis } };
  });
  return { ...saved, profiles };
}

interface Sources {
  readonly flags: ParsedFlags;
  readonly environment: EnvironmentSettings;
  readonly project: ProjectFile;
  readonly saved: Settings;
  readonly persistOnlyIfAsked: boolean;
}

function modeOf(switches: ReadonlySet<string>): Mode {
  for (const mode of ['help', 'version', 'clear-cache'] as const) if (switches.has(mode)) return mode;
  return 'run';
}

function combine(sources: Sources): Pick<ResolvedSettings, 'settings' | 'secrets' | 'overridden'> {
  const { flags, environment, project, saved } = sources;
  const implied = impliedStore(environment, [...flags.assignments, ...project.assignments]);
  const assignments = [
    ...newTarget(environment, saved),
    ...project.assignments,
    ...environment.assignments,
    ...implied,
    ...flags.assignments,
  ];
  const overridden = Object.fromEntries(assignments.map(({ field, source }) => [field, source]));
  const password = environment.redisPassword;
  const base = sources.persistOnlyIfAsked ? { ...saved, persist: false } : saved;
  const inForce = withoutPassword(applyAssignments(base, assignments));
  return {
    settings: inForce.settings,
    secrets: { redisPassword: password?.value ?? inForce.password },
    overridden: password === null ? overridden : { ...overridden, 'redis.password': password.source },
  };
}

/** Reads every source. Does no I/O beyond the project file and the settings file.
 *  @throws LarderError `settings_invalid` naming the flag, variable or file, the value and what is accepted */
export function resolveSettings(sources: SettingsSources): ResolvedSettings {
  const { argv, env, cwd, allowUnknown = false, persistOnlyIfAsked = false } = sources;
  const dataDir = sources.dataDir ?? dataDirectory(env, process.platform, homedir());
  const flags = parseFlags(argv, { allowUnknown });
  const mode = modeOf(flags.switches);
  if (mode === 'help' || mode === 'version') return onlyMode(mode, dataDir);
  const environment = readEnvironment(env);
  const project = readProjectFile(cwd, flags.config);
  const file = readSettingsFile(dataDir, sources.now);
  const profile = file.saved.active;
  const saved = settingsOfProfile(file.saved, profile);
  return {
    mode,
    ...combine({ flags, environment, project, saved, persistOnlyIfAsked }),
    saved: withoutPasswords(file.saved),
    profile,
    notices: file.notices,
    json: flags.switches.has('json') || project.switches.has('json'),
    quiet: flags.switches.has('quiet') || project.switches.has('quiet'),
    dataDir,
    projectFile: project.path,
  };
}

function onlyMode(mode: Mode, dataDir: string): ResolvedSettings {
  return {
    mode,
    settings: DEFAULT_SETTINGS,
    secrets: { redisPassword: null },
    saved: onlyProfile(DEFAULT_SETTINGS),
    profile: FIRST_PROFILE_ID,
    overridden: {},
    notices: [],
    json: false,
    quiet: false,
    dataDir,
    projectFile: null,
  };
}
