/** Where a Redis is and how to log in, from the settings. Read when a connection is made, and for what is said about it. */
import type { RedisOptions } from 'ioredis';
import { LarderError } from '../../../shared/error-codes';
import type { RedisSettings } from '../../../shared/settings';

/** ioredis's own type does not fit its constructor under exactOptionalPropertyTypes. */
export type RedisConnectOptions = Omit<RedisOptions, 'replyMapping'>;

export interface RedisTarget {
  /** `host:port`, as messages name it: without user, password and database. */
  readonly where: string;
  readonly options: RedisConnectOptions;
}

/** Throws LarderError `settings_invalid`, without repeating the URL, which may hold a password. */
export function redisTarget(settings: RedisSettings, password: string | null): RedisTarget {
  if (settings.url === null) {
    return target({ host: settings.host, port: settings.port, password });
  }
  const url = parseUrl(settings.url);
  return target({
    host: decode(url.hostname).replace(/^\[(.*)\]$/, '$1') || '127.0.0.1',
    port: url.port === '' ? 6379 : Number(url.port),
    password: password ?? (decode(url.password) || null),
    username: decode(url.username),
    db: parseDatabase(url.pathname),
    tls: url.protocol === 'rediss:',
  });
}

interface TargetParts {
  readonly host: string;
  readonly port: number;
  readonly password: string | null;
  readonly username?: string;
  readonly db?: number;
  readonly tls?: boolean;
}

function target({ host, port, password, username = '', db = 0, tls = false }: TargetParts): RedisTarget {
  return {
    where: host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`,
    options: {
      host,
      port,
      db,
      ...(password === null ? {} : { password }),
      ...(username === '' ? {} : { username }),
      ...(tls ? { tls: {} } : {}),
    },
  };
}

function parseUrl(value: string): URL {
  try {
    return new URL(value);
  } catch {
    throw wrongUrl('is not a URL; give one such as redis://host:6379/0');
  }
}

function parseDatabase(path: string): number {
  const database = path.replace(/^\//, '');
  if (!/^\d{0,5}$/.test(database)) throw wrongUrl('may end with a database number only, such as /0');
  return Number(database);
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw wrongUrl('holds a % that is not followed by two hexadecimal digits');
  }
}

function wrongUrl(problem: string): LarderError {
  return new LarderError('settings_invalid', `The Redis URL ${problem}.`);
}
