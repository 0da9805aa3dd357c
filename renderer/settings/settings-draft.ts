/**
 * The settings form's text, and the way from settings to text and back. Free of React.
 * What is empty means what the field's note says; what is wrong is said at the field.
 */
import type { SettingProblem, Settings } from '../../shared/settings';
import { MEBIBYTE, parseSettings } from '../../shared/settings';

export interface SettingsDraft {
  readonly origin: string;
  readonly port: string;
  readonly ttlSeconds: string;
  readonly errorTtlSeconds: string;
  readonly policy: Settings['policy'];
  readonly store: Settings['store'];
  readonly redisHost: string;
  readonly redisPort: string;
  readonly redisUrl: string;
  readonly redisKeyPrefix: string;
  readonly maxMemoryMiB: string;
  readonly connectTimeoutMs: string;
  readonly headTimeoutMs: string;
  readonly bodyTimeoutMs: string;
  readonly acceptSelfSigned: boolean;
}

export type DraftField = keyof SettingsDraft;
export type FieldProblems = Readonly<Partial<Record<DraftField | 'other', string>>>;

/** The dotted names of shared/settings.ts for the fields of the form. */
export const SETTING_NAMES: Readonly<Record<DraftField, string>> = {
  origin: 'origin',
  port: 'port',
  ttlSeconds: 'ttlSeconds',
  errorTtlSeconds: 'errorTtlSeconds',
  policy: 'policy',
  store: 'store',
  redisHost: 'redis.host',
  redisPort: 'redis.port',
  redisUrl: 'redis.url',
  redisKeyPrefix: 'redis.keyPrefix',
  maxMemoryMiB: 'maxMemoryBytes',
  connectTimeoutMs: 'upstream.connectTimeoutMs',
  headTimeoutMs: 'upstream.headTimeoutMs',
  bodyTimeoutMs: 'upstream.bodyTimeoutMs',
  acceptSelfSigned: 'upstream.acceptSelfSigned',
};

export function draftOf(settings: Settings): SettingsDraft {
  return {
    origin: settings.origin ?? '',
    port: String(settings.port),
    ttlSeconds: nullAsEmpty(settings.ttlSeconds),
    errorTtlSeconds: nullAsEmpty(settings.errorTtlSeconds),
    policy: settings.policy,
    store: settings.store,
    redisHost: settings.redis.host,
    redisPort: String(settings.redis.port),
    redisUrl: settings.redis.url ?? '',
    redisKeyPrefix: settings.redis.keyPrefix,
    maxMemoryMiB: String(Number((settings.maxMemoryBytes / MEBIBYTE).toFixed(2))),
    connectTimeoutMs: String(settings.upstream.connectTimeoutMs),
    headTimeoutMs: String(settings.upstream.headTimeoutMs),
    bodyTimeoutMs: String(settings.upstream.bodyTimeoutMs),
    acceptSelfSigned: settings.upstream.acceptSelfSigned,
  };
}

export type DraftReading =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly problems: FieldProblems };

/** @param base supplies what the form does not show */
export function readDraft(draft: SettingsDraft, base: Settings): DraftReading {
  const parsed = parseSettings({
    ...base,
    origin: emptyAsNull(draft.origin),
    port: numberOf(draft.port),
    ttlSeconds: numberOrNull(draft.ttlSeconds),
    errorTtlSeconds: numberOrNull(draft.errorTtlSeconds),
    policy: draft.policy,
    store: draft.store,
    redis: {
      url: emptyAsNull(draft.redisUrl),
      host: draft.redisHost,
      port: numberOf(draft.redisPort),
      keyPrefix: draft.redisKeyPrefix,
    },
    maxMemoryBytes: memoryBytes(draft.maxMemoryMiB, base),
    upstream: {
      connectTimeoutMs: numberOf(draft.connectTimeoutMs),
      headTimeoutMs: numberOf(draft.headTimeoutMs),
      bodyTimeoutMs: numberOf(draft.bodyTimeoutMs),
      acceptSelfSigned: draft.acceptSelfSigned,
    },
  });
  return parsed.ok ? parsed : { ok: false, problems: fieldProblems(parsed.problems) };
}

/** Problems by the field of the form that they stand at. */
export function fieldProblems(problems: readonly SettingProblem[]): FieldProblems {
  const fields = Object.keys(SETTING_NAMES) as DraftField[];
  const found: Partial<Record<DraftField | 'other', string>> = {};
  for (const { field: name, message } of problems) {
    const field = fields.find((candidate) => SETTING_NAMES[candidate] === name);
    if (field === undefined) found.other ??= `${name} ${message}`;
    else if (field === 'maxMemoryMiB') found[field] ??= 'must be a number of MiB, at least 1';
    else found[field] ??= message;
  }
  return found;
}

function emptyAsNull(text: string): string | null {
  const trimmed = text.trim();
  return trimmed === '' ? null : trimmed;
}

function nullAsEmpty(value: number | null): string {
  return value === null ? '' : String(value);
}

function numberOrNull(text: string): number | null {
  return text.trim() === '' ? null : numberOf(text);
}

/** NaN for what is no number, also for nothing: the schema then says what it must be. */
function numberOf(text: string): number {
  const trimmed = text.trim();
  return /^-?\d+(\.\d+)?$/.test(trimmed) ? Number(trimmed) : Number.NaN;
}

/** Bytes that the form would show alike stay as they were saved. */
function memoryBytes(text: string, base: Settings): number {
  return text === draftOf(base).maxMemoryMiB ? base.maxMemoryBytes : Math.round(numberOf(text) * MEBIBYTE);
}
