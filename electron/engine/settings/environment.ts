/** The environment variables that give settings. Secrets are variables only, never flags or files. */
import { LarderError } from '../../../shared/error-codes';
import type { Environment } from './data-directory';
import { variable } from './data-directory';
import type { Assignment, SettingField } from './read-setting';
import { readSetting } from './read-setting';
import { REDIS_URL_FORMS, splitRedisUrl } from './redis-url';
import { wrongValue } from './shown-value';

/** Variables that stand for one setting. */
const VARIABLES: Readonly<Record<string, SettingField>> = {
  PROXY_URL: 'origin',
  PROXY_EXPIRY: 'ttlSeconds',
  PROXY_PORT: 'port',
  REDIS_HOST: 'redis.host',
  REDIS_PORT: 'redis.port',
};

export interface EnvironmentSettings {
  readonly assignments: readonly Assignment[];
  /** The variable that makes Redis the store unless a flag or the project file names one; null: none. */
  readonly redisImpliedBy: 'REDIS_URL' | 'REDIS_HOST' | null;
  readonly redisPassword: { readonly value: string; readonly source: string } | null;
}

function simpleAssignments(env: Environment): Assignment[] {
  const assignments: Assignment[] = [];
  for (const [name, field] of Object.entries(VARIABLES)) {
    const value = variable(env, name);
    if (value === undefined) continue;
    const reading = readSetting(field, value, 'text');
    if (!reading.ok) throw wrongValue(name, value, reading.problem);
    assignments.push({ field, value: reading.value, source: name });
  }
  return assignments;
}

/** REDIS_URL wins over REDIS_HOST, and either over a URL that was saved. */
function redisTarget(env: Environment): { assignment: Assignment | null; password: string | null } {
  const url = variable(env, 'REDIS_URL');
  if (url === undefined) {
    const host = variable(env, 'REDIS_HOST');
    return {
      assignment: host === undefined ? null : { field: 'redis.url', value: null, source: 'REDIS_HOST' },
      password: null,
    };
  }
  const split = splitRedisUrl(url);
  if (split === null) {
    // Never repeated: it may hold a password.
    throw new LarderError('settings_invalid', `REDIS_URL (not shown) ${REDIS_URL_FORMS}`);
  }
  return {
    assignment: { field: 'redis.url', value: split.url, source: 'REDIS_URL' },
    password: split.password,
  };
}

/** Reads the variables; empty ones count as not set.
 *  @throws LarderError `settings_invalid` naming the variable, its value and what is accepted */
export function readEnvironment(env: Environment): EnvironmentSettings {
  const { assignment, password } = redisTarget(env);
  const given = env['REDIS_PASSWORD'];
  const ownPassword = given === undefined || given === '' ? null : { value: given, source: 'REDIS_PASSWORD' };
  return {
    assignments: [...simpleAssignments(env), ...(assignment === null ? [] : [assignment])],
    redisImpliedBy: assignment === null ? null : assignment.value === null ? 'REDIS_HOST' : 'REDIS_URL',
    redisPassword: password === null ? ownPassword : { value: password, source: 'REDIS_URL' },
  };
}
