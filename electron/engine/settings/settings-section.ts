/** A key of the project file whose value is an object, with the names that the settings file has. Without secrets. */
import { LarderError } from '../../../shared/error-codes';
import { DEFAULT_SETTINGS } from '../../../shared/settings';
import { asObject } from './json-text';
import type { Assignment, SectionField } from './read-setting';
import { readSetting } from './read-setting';
import { REDIS_URL_FORMS, splitRedisUrl } from './redis-url';
import { wrongValue } from './shown-value';
import { unknownKey } from './unknown-key';

export type SectionName = 'redis' | 'upstream' | 'limits';

const EXAMPLES: Readonly<Record<SectionName, string>> = {
  redis: '{"host": "10.0.0.1"}',
  upstream: '{"connectTimeoutMs": 3000}',
  limits: '{"requestBodyBytes": "64m"}',
};

/** The keys of a section. */
export const sectionKeys = (section: SectionName): string[] => Object.keys(DEFAULT_SETTINGS[section]);

/** One function for each of its keys, which reads it.
 *  @param source the project file's name
 *  @throws LarderError `settings_invalid` naming the file, the key, the value and what is accepted; the functions too */
export function readSection(section: SectionName, content: unknown, source: string): (() => Assignment)[] {
  const place = `${source}: ${section}`;
  const object = asObject(content);
  if (object === null) throw wrongValue(place, content, `must be a JSON object such as ${EXAMPLES[section]}`);
  const names = sectionKeys(section);
  return Object.entries(object).map(([name, value]) => () => {
    if (!names.includes(name)) throw unknownKey(place, name, names);
    const field = `${section}.${name}` as SectionField;
    if (field === 'redis.url' && typeof value === 'string') refuseSecretUrl(value, `${source}: ${field}`);
    const reading = readSetting(field, value, 'json');
    if (!reading.ok) throw wrongValue(`${source}: ${field}`, value, reading.problem);
    return { field, value: reading.value, source };
  });
}

/** Never repeats the URL: the file is meant to be committed, the message to be pasted. */
function refuseSecretUrl(url: string, place: string): void {
  const split = splitRedisUrl(url);
  if (split === null) throw new LarderError('settings_invalid', `${place} (not shown) ${REDIS_URL_FORMS}`);
  if (split.password === null) return;
  const problem = 'carries a password: secrets are never kept in a project file; set REDIS_PASSWORD';
  throw new LarderError('settings_invalid', `${place} (not shown) ${problem}`);
}
