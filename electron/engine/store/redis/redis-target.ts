/** Where a Redis is and how to log in, from the settings. Read when a connection is made, and for what is said about it. */
import { isIP } from 'node:net';
import type { RedisOptions } from 'ioredis';
import { LarderError } from '../../../../shared/error-codes';
import type { RedisMode, RedisSettings } from '../../../../shared/settings';

/** ioredis's own type does not fit its constructor under exactOptionalPropertyTypes. */
export type RedisConnectOptions = Omit<RedisOptions, 'replyMapping'>;

export interface RedisAddress {
  readonly host: string;
  readonly port: number;
}

export interface RedisTarget {
  readonly mode: RedisMode;
  /** As messages name it, without user, password and database: `host:port` of Redis, of the sentinels or of the first nodes, or a socket's path. */
  readonly where: string;
  /** Sentinels, or nodes of the cluster to ask first; none for a single Redis. */
  readonly seeds: readonly RedisAddress[];
  /** How to log in to what holds the keys; for a single Redis, and for the master that Sentinel names, also where it is. */
  readonly options: RedisConnectOptions;
}

/** What the settings say, whether in one URL or apart. */
interface Parts {
  readonly address: RedisAddress;
  /** Of a unix socket; null: `address` holds. */
  readonly path: string | null;
  readonly username: string | null;
  readonly password: string | null;
  readonly database: number;
  readonly isSecure: boolean;
}

const DEFAULT_PORT = 6379;
const DEFAULT_SENTINEL_PORT = 26_379;
/** `unix:` URLs with credentials but no host are none by the URL standard. */
const UNIX_URL = /^unix:(?:\/\/(?:([^@/:]*)(?::([^@/]*))?@)?)?(\/(?!\/)[^?#]*)(?:\?([^#]*))?$/i;

/** Throws LarderError `settings_invalid`, without repeating the URL, which may hold a password. */
export function redisTarget(settings: RedisSettings, password: string | null): RedisTarget {
  const parts = settings.url === null ? fromFields(settings) : fromUrl(settings.url, settings.mode);
  const login = loginOptions({ ...parts, password: password ?? parts.password }, settings.acceptSelfSigned);
  if (settings.mode === 'standalone') return standalone(parts, login);
  if (parts.path !== null) throw invalid('A unix socket leads to a single Redis: choose the mode standalone');
  const seeds = settings.nodes.length === 0 ? [parts.address] : settings.nodes.map(parseNode);
  const where = seeds.map(addressText).join(', ');
  if (settings.mode === 'sentinel') {
    return { mode: 'sentinel', where, seeds, options: sentinelOptions(seeds, settings.masterName, login) };
  }
  if (parts.database !== 0) throw invalid('A Redis cluster has only database 0');
  return { mode: 'cluster', where, seeds, options: login };
}

/** `host:port`, as a node of a cluster is named. */
export function addressText({ host, port }: RedisAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function standalone({ path, address, isSecure }: Parts, login: RedisConnectOptions): RedisTarget {
  if (path !== null) return { mode: 'standalone', where: path, seeds: [], options: { path, ...login } };
  const options = { ...address, ...login };
  // Servers with several names tell by this which one is wanted; an IP address is not allowed here.
  if (isSecure && isIP(address.host) === 0) options.tls = { ...login.tls, servername: address.host };
  return { mode: 'standalone', where: addressText(address), seeds: [], options };
}

function sentinelOptions(
  seeds: readonly RedisAddress[],
  name: string,
  login: RedisConnectOptions,
): RedisConnectOptions {
  const { tls } = login;
  const secure = tls === undefined ? {} : { sentinelTLS: tls, enableTLSForSentinelMode: true };
  return { sentinels: [...seeds], name, role: 'master', ...login, ...secure };
}

function loginOptions(
  { username, password, database, isSecure }: Parts,
  acceptSelfSigned: boolean,
): RedisConnectOptions {
  return {
    db: database,
    ...(password === null ? {} : { password }),
    ...(username === null ? {} : { username }),
    ...(isSecure ? { tls: acceptSelfSigned ? { rejectUnauthorized: false } : {} } : {}),
  };
}

function fromFields({ host, port, username, database, tls }: RedisSettings): Parts {
  const address = { host: withoutBrackets(host), port };
  return { address, path: null, username, password: null, database, isSecure: tls };
}

function fromUrl(value: string, mode: RedisMode): Parts {
  const defaultPort = mode === 'sentinel' ? DEFAULT_SENTINEL_PORT : DEFAULT_PORT;
  if (/^unix:/i.test(value)) return fromUnixUrl(value);
  const url = parseUrl(value);
  return {
    address: {
      host: withoutBrackets(decode(url.hostname)) || '127.0.0.1',
      port: url.port === '' ? defaultPort : Number(url.port),
    },
    path: null,
    username: decode(url.username) || null,
    password: decode(url.password) || null,
    database: parseDatabase(url.pathname.replace(/^\//, '')),
    isSecure: url.protocol === 'rediss:',
  };
}

/** `unix:/path`, `unix:///path?db=2`, `unix://user:password@/path` */
function fromUnixUrl(value: string): Parts {
  const parts = UNIX_URL.exec(value);
  if (parts === null) throw wrongUrl('is not one of a unix socket; give one such as unix:/run/redis.sock');
  const [, username = '', password = '', path = '', query = ''] = parts;
  return {
    address: { host: '', port: 0 },
    path: decode(path),
    username: decode(username) || null,
    password: decode(password) || null,
    database: parseDatabase(new URLSearchParams(query).get('db') ?? ''),
    isSecure: false,
  };
}

function parseUrl(value: string): URL {
  try {
    return new URL(value);
  } catch {
    throw wrongUrl('is not a URL; give one such as redis://host:6379/0');
  }
}

function parseDatabase(database: string): number {
  if (!/^\d{0,5}$/.test(database)) throw wrongUrl('may end with a database number only, such as /0 or ?db=0');
  return Number(database);
}

/** The schema has seen to it that there is a port. */
function parseNode(node: string): RedisAddress {
  const colon = node.lastIndexOf(':');
  return { host: withoutBrackets(node.slice(0, colon)), port: Number(node.slice(colon + 1)) };
}

function withoutBrackets(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw wrongUrl('holds a % that is not followed by two hexadecimal digits');
  }
}

function wrongUrl(problem: string): LarderError {
  return invalid(`The Redis URL ${problem}`);
}

function invalid(problem: string): LarderError {
  return new LarderError('settings_invalid', `${problem}.`);
}
