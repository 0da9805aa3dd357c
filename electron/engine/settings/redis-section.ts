/** The key `redis` of the project file: an object with the names that the settings file has. Without secrets. */
import { LarderError } from '../../../shared/error-codes';
import { DEFAULT_SETTINGS } from '../../../shared/settings';
import { asObject } from './json-text';
import type { Assignment, RedisField } from './read-setting';
import { readSetting } from './read-setting';
import { REDIS_URL_FORMS, splitRedisUrl } from './redis-url';
import { wrongValue } from './shown-value';
import { unknownKey } from './unknown-key';

const NAMES = Object.keys(DEFAULT_SETTINGS.redis);

/** @param source the project file's name
 *  @throws LarderError `settings_invalid` naming the file, the key, the value and what is accepted */
export function readRedisSection(content: unknown, source: string): Assignment[] {
  const place = `${source}: redis`;
  const section = asObject(content);
  if (section === null)
    throw wrongValue(place, content, 'must be a JSON object such as {"host": "10.0.0.1"}');
  return Object.entries(section).map(([name, value]) => {
    if (!NAMES.includes(name)) throw unknownKey(place, name, NAMES);
    const field = `redis.${name}` as RedisField;
    if (name === 'url' && typeof value === 'string') refuseSecretUrl(value, `${source}: ${field}`);
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
