/**
 * The settings: one immutable value that an exchange takes when it starts.
 * Parsed here for every edge: settings file, project file, IPC, flags, environment.
 */
import { z } from 'zod';

export const DEFAULT_PORT = 3000;
export const DEFAULT_TTL_SECONDS = 300;
export const MEBIBYTE = 1024 * 1024;
const MAX_TTL_SECONDS = 10 * 365 * 86_400;
const MAX_TIMEOUT_MS = 3_600_000;

export const POLICIES = ['override', 'respect'] as const;
export const STORE_KINDS = ['memory', 'redis'] as const;
export const REDIS_MODES = ['standalone', 'sentinel', 'cluster'] as const;
export const APPEARANCES = ['system', 'light', 'dark'] as const;

export type Policy = (typeof POLICIES)[number];
export type StoreKind = (typeof STORE_KINDS)[number];
export type RedisMode = (typeof REDIS_MODES)[number];
export type Appearance = (typeof APPEARANCES)[number];

/** Checks an origin URL. Returns what is wrong with it in words, or null where it can be used. */
export function originProblem(value: string): string | null {
  let url: URL;
  try {
    url = new URL(value);
  } catch {
    return 'is not a URL; give one such as https://api.example.com';
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return `must start with http:// or https://, not ${url.protocol}//`;
  }
  if (url.username !== '' || url.password !== '') {
    return 'must not carry a user name or password; send an Authorization field with the requests instead';
  }
  if (url.search !== '' || value.includes('?')) return 'must not carry a query';
  if (url.hash !== '' || value.includes('#')) return 'must not carry a fragment';
  return null;
}

const originSchema = z
  .string()
  .trim()
  .superRefine((value, context) => {
    const problem = originProblem(value);
    if (problem !== null) context.addIssue({ code: 'custom', message: problem });
  });

const wholeNumber = (lowest: number, highest: number, unit: string) => {
  const message = `must be a whole number from ${lowest} to ${highest}${unit === '' ? '' : ` (${unit})`}`;
  return z.number({ error: message }).int(message).min(lowest, message).max(highest, message);
};

/** A host name, an IPv4 address or an IPv6 address in brackets, and a port. */
const NODE = /^(?:[\w.-]{1,253}|\[[\da-fA-F:.]{2,45}\]):\d{1,5}$/;

const redisSchema = z
  .strictObject({
    mode: z.enum(REDIS_MODES),
    /**
     * `redis://`, `rediss://` or `unix:`; wins over host, port, user name, database and TLS. Never
     * carries a password when saved. With Sentinel and Cluster: how to log in, and without `nodes` the first of them.
     */
    url: z
      .string()
      .trim()
      .regex(/^(?:rediss?:\/\/|unix:)/i, 'must start with redis://, rediss:// or unix:')
      .nullable(),
    host: z.string().trim().min(1, 'must not be empty'),
    port: wholeNumber(1, 65_535, ''),
    /** `host:port` of the sentinels, or of the cluster's nodes to ask first; empty: host and port alone. */
    nodes: z.array(z.string().trim().regex(NODE, 'must be host:port, such as 10.0.0.1:26379')).max(50),
    /** What Sentinel calls the master. */
    masterName: z.string().trim().min(1, 'must not be empty').max(200),
    username: z.string().trim().min(1, 'must not be empty').max(256).nullable(),
    /** Number of the database; a cluster has only 0. */
    database: wholeNumber(0, 65_535, ''),
    tls: z.boolean(),
    acceptSelfSigned: z.boolean(),
    keyPrefix: z
      .string()
      .regex(/^[\w.:-]{1,64}$/, 'must be 1 to 64 letters, digits, dots, colons, dashes or underscores'),
    /** Connections for commands; with a cluster: to each node. */
    poolSize: wholeNumber(1, 20, 'connections'),
    connectTimeoutMs: wholeNumber(1, MAX_TIMEOUT_MS, 'milliseconds'),
    /** How long a client may wait for a command; then its request is a miss. */
    commandTimeoutMs: wholeNumber(1, MAX_TIMEOUT_MS, 'milliseconds'),
    /** Writes, lists and clears, for which no client waits. */
    writeTimeoutMs: wholeNumber(1, MAX_TIMEOUT_MS, 'milliseconds'),
    /** A lost connection is made anew after a pause that doubles from the one to the other, less some chance. */
    retryMinMs: wholeNumber(1, MAX_TIMEOUT_MS, 'milliseconds'),
    retryMaxMs: wholeNumber(1, MAX_TIMEOUT_MS, 'milliseconds'),
    /** What of Redis is also held in this process's memory; 0: nothing. */
    nearCacheBytes: wholeNumber(0, Number.MAX_SAFE_INTEGER, 'bytes'),
  })
  .superRefine(({ mode, database, retryMinMs, retryMaxMs }, context) => {
    if (retryMaxMs < retryMinMs) {
      const message = `must be at least as long as the shortest pause (${retryMinMs})`;
      context.addIssue({ code: 'custom', path: ['retryMaxMs'], message });
    }
    if (mode === 'cluster' && database !== 0) {
      context.addIssue({
        code: 'custom',
        path: ['database'],
        message: 'must be 0: a cluster has only that one',
      });
    }
  });

const upstreamSchema = z.strictObject({
  connectTimeoutMs: wholeNumber(1, MAX_TIMEOUT_MS, 'milliseconds'),
  headTimeoutMs: wholeNumber(1, MAX_TIMEOUT_MS, 'milliseconds'),
  /** Longest pause within a body. Event streams are exempt. */
  bodyTimeoutMs: wholeNumber(1, MAX_TIMEOUT_MS, 'milliseconds'),
  acceptSelfSigned: z.boolean(),
});

/** What a client may send and hold at most; beyond it the request is refused, never cut. */
const limitsSchema = z.strictObject({
  /** Request line and fields together; 431. */
  headBytes: wholeNumber(1024, MEBIBYTE, 'bytes'),
  /** The request target; 414. */
  targetBytes: wholeNumber(256, MEBIBYTE, 'bytes'),
  /** Field lines of a request; 431. */
  fields: wholeNumber(10, 10_000, 'fields'),
  /** Body of a request; 413. */
  requestBodyBytes: wholeNumber(0, Number.MAX_SAFE_INTEGER, 'bytes'),
  /** Client connections at a time; the newest is answered 503 and closed. */
  connections: wholeNumber(1, 1_000_000, 'connections'),
  /** How long a client may take to send a request's head; 408. */
  headTimeoutMs: wholeNumber(1, MAX_TIMEOUT_MS, 'milliseconds'),
  /** Longest pause within a request's body; 408. */
  bodyTimeoutMs: wholeNumber(1, MAX_TIMEOUT_MS, 'milliseconds'),
  /** How long a connection may wait between requests; then it is closed. */
  idleTimeoutMs: wholeNumber(1, MAX_TIMEOUT_MS, 'milliseconds'),
  /** How long nothing may pass through an upgraded connection; then it is closed. */
  upgradeIdleMs: wholeNumber(1, MAX_TIMEOUT_MS, 'milliseconds'),
});

const desktopSchema = z.strictObject({
  /** An icon in the tray; closing the window then keeps the proxy running. */
  tray: z.boolean(),
  /** The system's notifications, for what needs a person. */
  notifications: z.boolean(),
});

export const settingsSchema = z.strictObject({
  /** Upstream base URL; null: the built-in demo API. */
  origin: originSchema.nullable(),
  port: wholeNumber(0, 65_535, ''),
  /** Address to listen on; null: loopback, v4 and v6. */
  host: z.string().trim().min(1, 'must not be empty').nullable(),
  /** Time to live of stored responses; null: the policy's default (300 s, or none with `respect`). */
  ttlSeconds: wholeNumber(0, MAX_TTL_SECONDS, 'seconds').nullable(),
  /** Time to live of stored errors (4xx, 5xx) in policy `override`; null: they are not stored. */
  errorTtlSeconds: wholeNumber(0, MAX_TTL_SECONDS, 'seconds').nullable(),
  policy: z.enum(POLICIES),
  store: z.enum(STORE_KINDS),
  redis: redisSchema,
  maxMemoryBytes: wholeNumber(MEBIBYTE, Number.MAX_SAFE_INTEGER, 'bytes'),
  /** Largest body that is stored; larger ones stream through. */
  maxBodyBytes: wholeNumber(0, 1024 * MEBIBYTE, 'bytes'),
  /** gzip level of what is kept of compressible bodies, 1 to 9; 0: kept as they came. */
  compressionLevel: wholeNumber(0, 9, ''),
  /** The memory store outlives the process: it is kept in the data folder. */
  persist: z.boolean(),
  /** Budget of what is kept there. */
  maxDiskBytes: wholeNumber(MEBIBYTE, Number.MAX_SAFE_INTEGER, 'bytes'),
  upstream: upstreamSchema,
  limits: limitsSchema,
  /** Hits are answered ahead of node:http wherever that gives the same answer; off: all requests go one way. */
  fastPath: z.boolean(),
  /**
   * Globs of cookie names that tell users apart in policy `override`; `!` excludes.
   * Matched without regard to case, the last that matches decides.
   */
  credentialCookies: z.array(z.string().min(1).max(128)).max(100),
  /** Host names besides loopback under which Larder's own endpoints answer. */
  allowedHosts: z.array(z.string().min(1).max(253)).max(100),
  appearance: z.enum(APPEARANCES),
  desktop: desktopSchema,
});

type DeepReadonly<T> = T extends readonly (infer E)[]
  ? readonly DeepReadonly<E>[]
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T;

export type Settings = DeepReadonly<z.infer<typeof settingsSchema>>;
export type RedisSettings = Settings['redis'];
export type UpstreamSettings = Settings['upstream'];
export type Limits = Settings['limits'];

export const DEFAULT_SETTINGS: Settings = {
  origin: null,
  port: DEFAULT_PORT,
  host: null,
  ttlSeconds: null,
  errorTtlSeconds: null,
  policy: 'override',
  store: 'memory',
  redis: {
    mode: 'standalone',
    url: null,
    host: '127.0.0.1',
    port: 6379,
    nodes: [],
    masterName: 'mymaster',
    username: null,
    database: 0,
    tls: false,
    acceptSelfSigned: false,
    keyPrefix: 'larder',
    poolSize: 4,
    connectTimeoutMs: 3000,
    commandTimeoutMs: 80,
    writeTimeoutMs: 5000,
    retryMinMs: 50,
    retryMaxMs: 1000,
    nearCacheBytes: 32 * MEBIBYTE,
  },
  maxMemoryBytes: 256 * MEBIBYTE,
  maxBodyBytes: 32 * MEBIBYTE,
  compressionLevel: 6,
  persist: true,
  maxDiskBytes: 1024 * MEBIBYTE,
  upstream: {
    connectTimeoutMs: 3000,
    headTimeoutMs: 10_000,
    bodyTimeoutMs: 10_000,
    acceptSelfSigned: false,
  },
  limits: {
    headBytes: 16 * 1024,
    targetBytes: 8 * 1024,
    fields: 200,
    requestBodyBytes: 64 * MEBIBYTE,
    connections: 10_000,
    headTimeoutMs: 10_000,
    bodyTimeoutMs: 10_000,
    idleTimeoutMs: 30_000,
    upgradeIdleMs: 300_000,
  },
  fastPath: true,
  credentialCookies: ['*', '!_ga*', '!_gid', '!_gat*', '!_gcl_*', '!_fbp', '!_fbc', '!_hj*', '!__utm*'],
  allowedHosts: [],
  appearance: 'system',
  desktop: { tray: false, notifications: true },
};

/** Secrets travel beside the settings, never in them. */
export interface Secrets {
  readonly redisPassword: string | null;
}

/** The TTL in force: what was chosen, else what the policy gives; null: nothing without the origin's word. */
export function effectiveTtlSeconds(settings: Pick<Settings, 'ttlSeconds' | 'policy'>): number | null {
  if (settings.ttlSeconds !== null) return settings.ttlSeconds;
  return settings.policy === 'override' ? DEFAULT_TTL_SECONDS : null;
}

/** What is wrong with one setting: the dotted name of the field, and a sentence's second half. */
export interface SettingProblem {
  readonly field: string;
  readonly message: string;
}

export type SettingsParse =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly problems: readonly SettingProblem[] };

/** Parses unknown input as complete settings. */
export function parseSettings(input: unknown): SettingsParse {
  const parsed = settingsSchema.safeParse(input);
  if (parsed.success) return { ok: true, settings: parsed.data };
  return {
    ok: false,
    problems: parsed.error.issues.map((issue) => ({
      field: issue.path.join('.'),
      message: issue.message,
    })),
  };
}
