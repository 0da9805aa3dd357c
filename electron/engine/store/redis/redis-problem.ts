/**
 * What is wrong with Redis, in words. Only codes are taken from an error, never
 * its text: servers repeat in it what they were sent, a password included.
 */

/** Why commands fail although the connection stands; the store is then as good as gone. */
const UNUSABLE = new Set(['NOAUTH', 'WRONGPASS', 'LOADING', 'BUSY', 'MASTERDOWN', 'CLUSTERDOWN', 'MOVED']);

/** Put before the code of what a sentinel, not Redis, answered. */
const OF_SENTINEL = 'SENTINEL:';
const SELF_SIGNED =
  'shows a certificate that is not trusted; where that is intended, allow self-signed certificates for Redis in Settings (redis.acceptSelfSigned)';
const PLAIN =
  'does not speak TLS; switch TLS off for Redis in Settings, or write redis:// instead of rediss://';

const SENTENCES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused the connection',
  ENOTFOUND: 'cannot be found: the name does not resolve',
  EAI_AGAIN: 'cannot be found: the name does not resolve',
  ETIMEDOUT: 'did not answer in time',
  EHOSTUNREACH: 'cannot be reached',
  ENETUNREACH: 'cannot be reached',
  UNREACHED: 'cannot be reached',
  ECONNRESET: 'closed the connection',
  EPIPE: 'closed the connection',
  CLOSED: 'closed the connection',
  SILENT: 'did not answer in time',
  NOTREDIS: "is not a Redis: it does not speak Redis's protocol",
  ENOENT: 'cannot be found: there is no such socket',
  ENOTSOCK: 'is not a socket',
  EACCES: 'cannot be opened: this user has no permission to use the socket',
  PLAIN,
  EPROTO: PLAIN,
  ERR_SSL_WRONG_VERSION_NUMBER: PLAIN,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: PLAIN,
  SECURE: 'wants TLS; switch TLS on for Redis in Settings, or write rediss:// instead of redis://',
  DEPTH_ZERO_SELF_SIGNED_CERT: SELF_SIGNED,
  SELF_SIGNED_CERT_IN_CHAIN: SELF_SIGNED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: SELF_SIGNED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: SELF_SIGNED,
  UNABLE_TO_GET_ISSUER_CERT: SELF_SIGNED,
  CERT_HAS_EXPIRED: 'shows a certificate that has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'shows a certificate for another name',
  WRONGPASS: 'refused the user name or password',
  NOAUTH: 'wants a password',
  NOPERM: 'does not permit this user the commands that Larder needs',
  LOADING: 'is still loading its data',
  BUSY: 'is busy with a script',
  OOM: 'is full (maxmemory), so new responses are not stored',
  READONLY: 'is a read-only replica, so new responses are not stored',
  MISCONF: 'cannot save to its disk and refuses writes, so new responses are not stored',
  MOVED: 'is part of a cluster; choose the mode cluster for Redis in Settings',
  ISSENTINEL: 'is a sentinel; choose the mode sentinel for Redis in Settings',
  CLUSTERDOWN: 'is part of a cluster that is down',
  MASTERDOWN: 'is a replica that lost its master',
  NOTCLUSTER: 'is not part of a cluster; choose the mode standalone for Redis in Settings',
  NOTSENTINEL: 'is not a sentinel; give the addresses of the sentinels, or choose the mode standalone',
  NOMASTER: 'does not know a master of that name; set the one it knows in Settings',
};

const SAID: readonly (readonly [RegExp, string])[] = [
  [/^All sentinels are unreachable/, 'UNREACHED'],
  [/^Socket timeout|timed out|^timeout$/i, 'SILENT'],
  [/Connection is closed|isn't (?:writeable|ready)|max retries|aborted due to connection/i, 'CLOSED'],
  [/Please report this/, 'NOTREDIS'],
  [/^ERR This instance has cluster support disabled/, 'NOTCLUSTER'],
];

/** Of these, a closer look may find the reason: see redis-probe.ts. */
const VAGUE = new Set([
  'CLOSED',
  'UNREACHED',
  'SILENT',
  'ETIMEDOUT',
  'ECONNRESET',
  'EPIPE',
  'NOTREDIS',
  'ERR',
]);

/** A stable code for any error that ioredis or the network gives. */
export function redisErrorCode(error: unknown): string {
  if (!(error instanceof Error)) return 'UNKNOWN';
  if ('lastNodeError' in error) return clusterCode(redisErrorCode(error.lastNodeError));
  if ('code' in error && typeof error.code === 'string') return error.code;
  const sentinel = /^(?:failed to connect to sentinel \S+ because|connected to sentinel) /.exec(
    error.message,
  );
  if (sentinel !== null) return sentinelCode(error.message.slice(sentinel[0].length));
  const said = SAID.find(([pattern]) => pattern.test(error.message));
  return said?.[1] ?? /^[A-Z]{2,20}(?= |$)/.exec(error.message)?.[0] ?? 'UNKNOWN';
}

/** Whether the code leaves open what the reason is. */
export function isVague(code: string): boolean {
  return VAGUE.has(withoutSentinel(code));
}

function isSentinelCode(code: string): boolean {
  return code.startsWith(OF_SENTINEL);
}

/** The same of a sentinel that was asked for the master. */
export function ofSentinel(code: string): string {
  return isSentinelCode(code) ? code : `${OF_SENTINEL}${code}`;
}

/** `Redis at 127.0.0.1:6379 refused the connection`, without secrets and without a full stop. */
export function redisProblem(where: string, code: string): string {
  const what = isSentinelCode(code) ? 'Sentinel' : 'Redis';
  const plain = withoutSentinel(code);
  return `${what} at ${where} ${SENTENCES[plain] ?? `failed (${plain})`}`;
}

/** Whether the reply says that the next command will fare no better. */
export function isUnusable(code: string): boolean {
  return UNUSABLE.has(code);
}

function withoutSentinel(code: string): string {
  return isSentinelCode(code) ? code.slice(OF_SENTINEL.length) : code;
}

/** While the nodes of a cluster are looked for, a refused connection is reported as a closed one. */
function clusterCode(code: string): string {
  return code === 'CLOSED' || code === 'UNKNOWN' ? 'UNREACHED' : code;
}

function sentinelCode(reason: string): string {
  if (/invalid reply: null/.test(reason)) return ofSentinel('NOMASTER');
  const code = redisErrorCode(new Error(reason));
  if (code === 'ERR') return ofSentinel('NOTSENTINEL');
  return ofSentinel(code === 'CLOSED' ? 'UNREACHED' : code);
}
