/**
 * One connection to one Redis, sentinel or node for a look at it, and the exact
 * reason where that fails. Below "Test connection"; apart from the request's path.
 */
import { connect } from 'node:net';
import { connect as connectSecure } from 'node:tls';
import { Redis } from 'ioredis';
import type { Milliseconds } from '../../../../shared/units';
import { redisErrorCode, redisProblem } from './redis-problem';
import type { RedisAddress, RedisConnectOptions } from './redis-target';

/** For finding out whether the other side would speak with, or without, TLS. */
const TLS_TRIAL_MS = 1000;
/** What may come of TLS on one side only. */
const MAY_BE_TLS = new Set(['ETIMEDOUT', 'SILENT', 'CLOSED', 'ECONNRESET', 'EPIPE', 'NOTREDIS', 'EPROTO']);

export interface Place {
  readonly where: string;
  readonly options: RedisConnectOptions;
  readonly timeoutMs: Milliseconds;
}

/** A reason that names its place. */
export class Unusable extends Error {
  readonly where: string;
  readonly code: string;

  constructor(where: string, code: string) {
    super(redisProblem(where, code));
    this.where = where;
    this.code = code;
  }
}

/** One connection, for as long as `look` takes. Rejects with Unusable. */
export async function visit<T>(place: Place, look: (redis: Redis) => Promise<T>): Promise<T> {
  const { where, options, timeoutMs } = place;
  const redis = new Redis({
    ...options,
    lazyConnect: true,
    connectTimeout: timeoutMs,
    commandTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    retryStrategy: null,
  });
  let cause: unknown = null;
  redis.on('error', (error: unknown) => (cause ??= error));
  try {
    await redis.connect();
    return await look(redis);
  } catch (error) {
    if (error instanceof Unusable) throw error;
    // The error event says why; the rejection only that the connection is closed.
    const code = redisErrorCode(cause ?? error);
    throw new Unusable(where, MAY_BE_TLS.has(code) ? await withTlsInMind(options, code) : code);
  } finally {
    redis.disconnect();
  }
}

/** `PLAIN` or `SECURE` where the other side answers when spoken to so; else the code as it was. */
async function withTlsInMind(options: RedisConnectOptions, code: string): Promise<string> {
  const { host, port, path, tls } = options;
  if (path !== undefined || host === undefined || port === undefined) return code;
  const answers = tls === undefined ? await speaksTls({ host, port }) : await speaksPlain({ host, port });
  if (!answers) return code;
  return tls === undefined ? 'SECURE' : 'PLAIN';
}

function speaksPlain(address: RedisAddress): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ ...address, timeout: TLS_TRIAL_MS });
    const end = (answers: boolean) => {
      socket.destroy();
      resolve(answers);
    };
    socket.once('connect', () => socket.write('PING\r\n'));
    // `+PONG`, or an error such as `-NOAUTH`.
    socket.once('data', (data) => end(/^[+-]/.test(data.toString('latin1'))));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
    socket.once('close', () => resolve(false));
  });
}

function speaksTls(address: RedisAddress): Promise<boolean> {
  return new Promise((resolve) => {
    // Nothing is sent over it but the handshake.
    const socket = connectSecure({ ...address, rejectUnauthorized: false });
    const end = (answers: boolean) => {
      socket.destroy();
      resolve(answers);
    };
    socket.setTimeout(TLS_TRIAL_MS, () => end(false));
    socket.once('secureConnect', () => end(true));
    socket.once('error', () => end(false));
    socket.once('close', () => resolve(false));
  });
}
