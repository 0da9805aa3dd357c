/**
 * What is wrong with Redis, in words. Only codes are taken from an error, never
 * its text: servers repeat in it what they were sent, a password included.
 */

/** Why commands fail although the connection stands; the store is then as good as gone. */
const UNUSABLE = new Set(['NOAUTH', 'WRONGPASS', 'LOADING', 'BUSY', 'MASTERDOWN', 'CLUSTERDOWN', 'MOVED']);

const SENTENCES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused the connection',
  ENOTFOUND: 'cannot be found: the name does not resolve',
  EAI_AGAIN: 'cannot be found: the name does not resolve',
  ETIMEDOUT: 'did not answer in time',
  EHOSTUNREACH: 'cannot be reached',
  ENETUNREACH: 'cannot be reached',
  ECONNRESET: 'closed the connection',
  EPIPE: 'closed the connection',
  CLOSED: 'closed the connection',
  SILENT: 'did not answer in time',
  NOTREDIS: "is not a Redis: it does not speak Redis's protocol",
  EPROTO: 'does not speak TLS; use redis:// instead of rediss://',
  WRONGPASS: 'refused the user name or password',
  NOAUTH: 'wants a password',
  NOPERM: 'does not permit this user the commands that Larder needs',
  LOADING: 'is still loading its data',
  BUSY: 'is busy with a script',
  OOM: 'is full (maxmemory), so new responses are not stored',
  READONLY: 'is a read-only replica, so new responses are not stored',
  MISCONF: 'cannot save to its disk and refuses writes, so new responses are not stored',
  MOVED: 'is part of a cluster, which is not supported',
  CLUSTERDOWN: 'is part of a cluster that is down',
  MASTERDOWN: 'is a replica that lost its master',
};

/** A stable code for any error that ioredis or the network gives. */
export function redisErrorCode(error: unknown): string {
  if (!(error instanceof Error)) return 'UNKNOWN';
  if ('code' in error && typeof error.code === 'string') return error.code;
  const { message } = error;
  if (/^Socket timeout|timed out/i.test(message)) return 'SILENT';
  if (/Connection is closed|isn't writeable|max retries|aborted due to connection/i.test(message))
    return 'CLOSED';
  if (/Please report this/.test(message)) return 'NOTREDIS';
  return /^[A-Z]{2,20}(?= |$)/.exec(message)?.[0] ?? 'UNKNOWN';
}

/** `Redis at 127.0.0.1:6379 refused the connection`, without secrets and without a full stop. */
export function redisProblem(where: string, code: string): string {
  return `Redis at ${where} ${SENTENCES[code] ?? `failed (${code})`}`;
}

/** Whether the reply says that the next command will fare no better. */
export function isUnusable(code: string): boolean {
  return UNUSABLE.has(code);
}
