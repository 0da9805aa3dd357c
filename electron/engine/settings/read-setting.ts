/**
 * One setting from a flag, a variable (text) or the project file (JSON): converted,
 * then checked by the schema that checks the same field everywhere else.
 */
import { isIP } from 'node:net';
import type { z } from 'zod';
import type { Limits, RedisSettings, UpstreamSettings } from '../../../shared/settings';
import { settingsSchema } from '../../../shared/settings';

export type Reading =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problem: string };

const { redis, upstream, limits, ...top } = settingsSchema.shape;

const TOP_SCHEMAS = {
  origin: top.origin,
  port: top.port,
  host: top.host,
  ttlSeconds: top.ttlSeconds,
  errorTtlSeconds: top.errorTtlSeconds,
  policy: top.policy,
  store: top.store,
  maxMemoryBytes: top.maxMemoryBytes,
  maxBodyBytes: top.maxBodyBytes,
  compressionLevel: top.compressionLevel,
  persist: top.persist,
  maxDiskBytes: top.maxDiskBytes,
  credentialCookies: top.credentialCookies,
  allowedHosts: top.allowedHosts,
  fastPath: top.fastPath,
} as const satisfies Record<string, z.ZodType>;

type TopField = keyof typeof TOP_SCHEMAS;
/** Fields of a part of the settings, by their dotted names. */
export type SectionField =
  | `redis.${keyof RedisSettings}`
  | `upstream.${keyof UpstreamSettings}`
  | `limits.${keyof Limits}`;

/** Dotted name of a setting that a flag, a variable or the project file can give. */
export type SettingField = TopField | SectionField;

/** The schema that checks a setting everywhere. */
export function schemaOfSetting(field: SettingField): z.ZodType {
  const [section, name] = field.split('.');
  if (name === undefined) return TOP_SCHEMAS[section as TopField];
  if (section === 'redis') return redis.shape[name as keyof RedisSettings];
  if (section === 'limits') return limits.shape[name as keyof Limits];
  return upstream.shape[name as keyof UpstreamSettings];
}

/** How one setting was chosen: what it is now, and which flag, variable or file said so. */
export interface Assignment {
  readonly field: SettingField;
  readonly value: unknown;
  readonly source: string;
}

const SIZE_UNITS: Readonly<Record<string, number>> = {
  '': 1,
  k: 2 ** 10,
  m: 2 ** 20,
  g: 2 ** 30,
  t: 2 ** 40,
};
const SIZE_PROBLEM = 'must be a size of at least 1 MiB, such as 64m, 1g, 256MiB or a number of bytes';
const BODY_SIZE_PROBLEM = 'must be a size of at most 1 GiB, such as 32m or a number of bytes; 0 is none';
const NEAR_SIZE_PROBLEM = 'must be a size, such as 32m or a number of bytes; 0 is off';
const HOST_NAME = /^[a-z\d_](?:[a-z\d_.-]{0,251}[a-z\d_.])?$/i;
const HOST_PROBLEM = 'must be an IP address or a host name, without scheme and port';
const COOKIES_PROBLEM = 'must be a list of cookie names, such as ["*", "!_ga*"]';
const ALLOWED_PROBLEM = 'must be a list of host names, such as ["larder.test"]';
const NODES_PROBLEM = 'must be a list of host:port, such as ["10.0.0.1:26379"]';

/** `64m`, `1.5 GiB`, `268435456` in bytes; units are powers of 1024. Null where it is no size. */
export function sizeInBytes(text: string): number | null {
  const parts = /^(\d{1,16}(?:\.\d{1,6})?)\s*(?:([kmgt])(?:i?b)?|b)?$/i.exec(text.trim());
  if (parts === null) return null;
  const unit = SIZE_UNITS[(parts[2] ?? '').toLowerCase()] ?? 1;
  return Math.floor(Number(parts[1]) * unit);
}

function numberInText(text: string): unknown {
  return /^\d{1,16}$/.test(text.trim()) ? Number(text) : text;
}

function hostInText(text: string): unknown {
  const host = text.trim().replace(/^\[(.*)\]$/, '$1');
  return isIP(host) > 0 || HOST_NAME.test(host) ? host : null;
}

/** Text to what the schema expects; what cannot be converted stays text, which the schema refuses. */
const FROM_TEXT: Partial<Record<SettingField, (text: string) => unknown>> = {
  port: numberInText,
  ttlSeconds: numberInText,
  'redis.port': numberInText,
};

/** Conversions that hold for text in JSON too. */
const FROM_ANY_TEXT: Partial<Record<SettingField, (text: string) => unknown>> = {
  maxMemoryBytes: sizeInBytes,
  maxDiskBytes: sizeInBytes,
  maxBodyBytes: sizeInBytes,
  'redis.nearCacheBytes': sizeInBytes,
  'limits.headBytes': sizeInBytes,
  'limits.targetBytes': sizeInBytes,
  'limits.requestBodyBytes': sizeInBytes,
  host: hostInText,
  'redis.host': hostInText,
};

/** What is said instead of the schema's own message. */
const PROBLEMS: Partial<Record<SettingField, string>> = {
  maxMemoryBytes: SIZE_PROBLEM,
  maxDiskBytes: SIZE_PROBLEM,
  maxBodyBytes: BODY_SIZE_PROBLEM,
  credentialCookies: COOKIES_PROBLEM,
  allowedHosts: ALLOWED_PROBLEM,
  'redis.nearCacheBytes': NEAR_SIZE_PROBLEM,
  host: HOST_PROBLEM,
  'redis.host': HOST_PROBLEM,
  'redis.nodes': NODES_PROBLEM,
};

function problemInWords(field: SettingField, issue: z.core.$ZodIssue | undefined): string {
  const fixed = PROBLEMS[field];
  if (fixed !== undefined) return fixed;
  if (issue?.code === 'invalid_value') return `must be ${issue.values.map(String).join(' or ')}`;
  if (issue?.code === 'invalid_type' && issue.message.startsWith('Invalid'))
    return issue.expected === 'boolean' ? 'must be true or false' : `must be a ${issue.expected}`;
  return issue?.message ?? 'is not accepted';
}

/** Reads one setting. `form` says whether numbers come as digits or as JSON numbers. */
export function readSetting(field: SettingField, raw: unknown, form: 'text' | 'json'): Reading {
  const convert = (form === 'text' ? FROM_TEXT[field] : undefined) ?? FROM_ANY_TEXT[field];
  const candidate = typeof raw === 'string' && convert !== undefined ? convert(raw) : raw;
  // Null means "not chosen" in the settings; nobody chooses it by giving a value.
  const parsed = schemaOfSetting(field).safeParse(candidate === null ? Number.NaN : candidate);
  if (parsed.success) return { ok: true, value: parsed.data };
  return { ok: false, problem: problemInWords(field, parsed.error.issues[0]) };
}
