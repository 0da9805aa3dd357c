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
export const APPEARANCES = ['system', 'light', 'dark'] as const;

export type Policy = (typeof POLICIES)[number];
export type StoreKind = (typeof STORE_KINDS)[number];
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

const redisSchema = z.strictObject({
  /** `redis://` or `rediss://`; wins over host and port. Never carries a password when saved. */
  url: z
    .string()
    .trim()
    .regex(/^rediss?:\/\//, 'must start with redis:// or rediss://')
    .nullable(),
  host: z.string().trim().min(1, 'must not be empty'),
  port: wholeNumber(1, 65_535, ''),
  keyPrefix: z
    .string()
    .regex(/^[\w.:-]{1,64}$/, 'must be 1 to 64 letters, digits, dots, colons, dashes or underscores'),
});

const upstreamSchema = z.strictObject({
  connectTimeoutMs: wholeNumber(1, MAX_TIMEOUT_MS, 'milliseconds'),
  headTimeoutMs: wholeNumber(1, MAX_TIMEOUT_MS, 'milliseconds'),
  /** Longest pause within a body. Event streams are exempt. */
  bodyTimeoutMs: wholeNumber(1, MAX_TIMEOUT_MS, 'milliseconds'),
  acceptSelfSigned: z.boolean(),
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
  upstream: upstreamSchema,
  /**
   * Globs of cookie names that tell users apart in policy `override`; `!` excludes.
   * Matched without regard to case, the last that matches decides.
   */
  credentialCookies: z.array(z.string().min(1).max(128)).max(100),
  /** Host names besides loopback under which Larder's own endpoints answer. */
  allowedHosts: z.array(z.string().min(1).max(253)).max(100),
  appearance: z.enum(APPEARANCES),
});

type DeepReadonly<T> = T extends readonly (infer E)[]
  ? readonly DeepReadonly<E>[]
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T;

export type Settings = DeepReadonly<z.infer<typeof settingsSchema>>;
export type RedisSettings = Settings['redis'];
export type UpstreamSettings = Settings['upstream'];

export const DEFAULT_SETTINGS: Settings = {
  origin: null,
  port: DEFAULT_PORT,
  host: null,
  ttlSeconds: null,
  errorTtlSeconds: null,
  policy: 'override',
  store: 'memory',
  redis: { url: null, host: '127.0.0.1', port: 6379, keyPrefix: 'larder' },
  maxMemoryBytes: 256 * MEBIBYTE,
  maxBodyBytes: 32 * MEBIBYTE,
  upstream: {
    connectTimeoutMs: 3000,
    headTimeoutMs: 10_000,
    bodyTimeoutMs: 10_000,
    acceptSelfSigned: false,
  },
  credentialCookies: ['*', '!_ga*', '!_gid', '!_gat*', '!_gcl_*', '!_fbp', '!_fbc', '!_hj*', '!__utm*'],
  allowedHosts: [],
  appearance: 'system',
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
