/**
 * Settings as a project file and back: what the app exports is what the command line reads, and what it imports is
 * read as the command line reads it. Without secrets, and without what concerns the window only.
 */
import { formatMebibytes } from '../../../shared/format';
import { LarderError } from '../../../shared/error-codes';
import type { SettingChange } from '../../../shared/ipc/settings-channels';
import { DEFAULT_SETTINGS, MEBIBYTE, parseSettings, type Settings } from '../../../shared/settings';
import { PROJECT_KEYS, PROJECT_SECTIONS, readProjectText } from './project-file';
import { PROJECT_SCHEMA_FILE } from './project-schema';
import { splitRedisUrl } from './redis-url';
import { withAssignments } from './resolve-settings';
import { sectionKeys } from './settings-section';

/** A key of the project file as people write it, and where its value is in the settings. */
interface Place {
  readonly key: string;
  readonly section: string | null;
  readonly name: string;
}

const PLACES: readonly Place[] = [
  ...PROJECT_KEYS.flatMap(({ name: key, field }) =>
    field === undefined ? [] : [{ key, section: null, name: field }],
  ),
  ...PROJECT_SECTIONS.flatMap((section) =>
    sectionKeys(section).map((name) => ({ key: `${section}.${name}`, section, name })),
  ),
];

function valueAt(settings: Settings, { section, name }: Place): unknown {
  const whole = settings as unknown as Record<string, Record<string, unknown>>;
  return section === null ? whole[name] : whole[section]?.[name];
}

const same = (left: unknown, right: unknown) => JSON.stringify(left) === JSON.stringify(right);

/** Text of a `larder.json`: origin and port, and what differs from the defaults. */
export function projectText(settings: Settings): string {
  const origin = settings.origin === null ? { demo: true } : { origin: settings.origin };
  const content: Record<string, unknown> = {
    $schema: `./${PROJECT_SCHEMA_FILE}`,
    ...origin,
    port: settings.port,
  };
  for (const place of PLACES) {
    const value = valueAt(settings, place);
    if (place.key in content || value === null || same(value, valueAt(DEFAULT_SETTINGS, place))) continue;
    const written = writtenValue(place, value);
    if (place.section === null) content[place.key] = written;
    else content[place.section] = { ...(content[place.section] as object), [place.name]: written };
  }
  return `${JSON.stringify(content, null, 2)}\n`;
}

function writtenValue({ name }: Place, value: unknown): unknown {
  if (name === 'url' && typeof value === 'string') return splitRedisUrl(value)?.url;
  if (!name.endsWith('Bytes') || typeof value !== 'number') return value;
  return value > 0 && value % MEBIBYTE === 0 ? `${value / MEBIBYTE}m` : value;
}

export type ProjectImport =
  | {
      readonly ok: true;
      readonly settings: Settings;
      readonly changes: readonly SettingChange[];
      /** Keys that concern the command line only. */
      readonly ignored: readonly string[];
    }
  /** All that is wrong, each naming its key. */
  | { readonly ok: false; readonly problems: readonly string[] };

/** What a project file makes of the settings. What it does not name stays as it is.
 *  @param name of the file, for messages */
export function importProject(text: string, name: string, settings: Settings): ProjectImport {
  try {
    const { assignments, switches, problems } = readProjectText(text, name);
    if (problems.length > 0) return { ok: false, problems: problems.map(({ message }) => message) };
    const parsed = parseSettings(withAssignments(settings, assignments));
    if (!parsed.ok) return { ok: false, problems: parsed.problems.map((one) => togetherWrong(one, name)) };
    const ignored = ['json', 'quiet'].filter((key) => switches.has(key));
    return { ok: true, settings: parsed.settings, changes: changesOf(settings, parsed.settings), ignored };
  } catch (error) {
    if (!(error instanceof LarderError)) throw error;
    return { ok: false, problems: [error.message] };
  }
}

function togetherWrong({ field, message }: { field: string; message: string }, name: string): string {
  const place = PLACES.find(({ section, name: last }) =>
    section === null ? last === field : `${section}.${last}` === field,
  );
  return `${name}: ${place?.key ?? field}: ${message}`;
}

function changesOf(before: Settings, after: Settings): SettingChange[] {
  return PLACES.filter((place) => !same(valueAt(before, place), valueAt(after, place))).map((place) => ({
    key: place.key,
    from: inWords(place, valueAt(before, place)),
    to: inWords(place, valueAt(after, place)),
  }));
}

function inWords({ name }: Place, value: unknown): string {
  if (value === null) return name === 'origin' ? 'the demo API' : 'not set';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(', ');
  if (typeof value === 'string') return value;
  if (typeof value !== 'number') return JSON.stringify(value);
  if (name.endsWith('Bytes')) return `${formatMebibytes(value)} MiB`;
  if (name.endsWith('Seconds')) return `${value} s`;
  return name.endsWith('Ms') ? `${value} ms` : String(value);
}
