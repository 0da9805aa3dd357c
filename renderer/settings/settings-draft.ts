/**
 * The settings form's text, and the way from settings to text and back. Free of React.
 * What is empty means what the field's note says; what is wrong is said at the field.
 */
import type { Limits, RedisMode, RedisSettings, SettingProblem, Settings } from '../../shared/settings';
import { MEBIBYTE, parseSettings } from '../../shared/settings';

const KIBIBYTE = 1024;

export interface SettingsDraft {
  readonly origin: string;
  readonly port: string;
  readonly host: string;
  readonly ttlSeconds: string;
  readonly errorTtlSeconds: string;
  readonly policy: Settings['policy'];
  readonly store: Settings['store'];
  readonly redisMode: RedisMode;
  readonly redisHost: string;
  readonly redisPort: string;
  /** One a line. */
  readonly redisNodes: string;
  readonly redisMasterName: string;
  readonly redisUsername: string;
  readonly redisDatabase: string;
  readonly redisTls: boolean;
  readonly redisAcceptSelfSigned: boolean;
  readonly redisUrl: string;
  readonly redisKeyPrefix: string;
  readonly redisNearCacheMiB: string;
  readonly redisPoolSize: string;
  readonly redisConnectTimeoutMs: string;
  readonly redisCommandTimeoutMs: string;
  readonly redisWriteTimeoutMs: string;
  readonly redisRetryMinMs: string;
  readonly redisRetryMaxMs: string;
  readonly maxMemoryMiB: string;
  readonly persist: boolean;
  readonly maxDiskMiB: string;
  readonly compressionLevel: string;
  readonly connectTimeoutMs: string;
  readonly headTimeoutMs: string;
  readonly bodyTimeoutMs: string;
  readonly acceptSelfSigned: boolean;
  readonly limitHeadKiB: string;
  readonly limitTargetKiB: string;
  readonly limitFields: string;
  readonly limitRequestBodyMiB: string;
  readonly limitConnections: string;
  readonly limitHeadTimeoutMs: string;
  readonly limitBodyTimeoutMs: string;
  readonly limitIdleTimeoutMs: string;
  readonly limitUpgradeIdleMs: string;
  readonly maxBodyMiB: string;
  /** One a line. */
  readonly credentialCookies: string;
  /** One a line. */
  readonly allowedHosts: string;
}

export type DraftField = keyof SettingsDraft;
export type FieldProblems = Readonly<Partial<Record<DraftField | 'other', string>>>;

/** The dotted names of shared/settings.ts for the fields of the form. */
export const SETTING_NAMES: Readonly<Record<DraftField, string>> = {
  origin: 'origin',
  port: 'port',
  host: 'host',
  ttlSeconds: 'ttlSeconds',
  errorTtlSeconds: 'errorTtlSeconds',
  policy: 'policy',
  store: 'store',
  redisMode: 'redis.mode',
  redisHost: 'redis.host',
  redisPort: 'redis.port',
  redisNodes: 'redis.nodes',
  redisMasterName: 'redis.masterName',
  redisUsername: 'redis.username',
  redisDatabase: 'redis.database',
  redisTls: 'redis.tls',
  redisAcceptSelfSigned: 'redis.acceptSelfSigned',
  redisUrl: 'redis.url',
  redisKeyPrefix: 'redis.keyPrefix',
  redisNearCacheMiB: 'redis.nearCacheBytes',
  redisPoolSize: 'redis.poolSize',
  redisConnectTimeoutMs: 'redis.connectTimeoutMs',
  redisCommandTimeoutMs: 'redis.commandTimeoutMs',
  redisWriteTimeoutMs: 'redis.writeTimeoutMs',
  redisRetryMinMs: 'redis.retryMinMs',
  redisRetryMaxMs: 'redis.retryMaxMs',
  maxMemoryMiB: 'maxMemoryBytes',
  persist: 'persist',
  maxDiskMiB: 'maxDiskBytes',
  compressionLevel: 'compressionLevel',
  connectTimeoutMs: 'upstream.connectTimeoutMs',
  headTimeoutMs: 'upstream.headTimeoutMs',
  bodyTimeoutMs: 'upstream.bodyTimeoutMs',
  acceptSelfSigned: 'upstream.acceptSelfSigned',
  limitHeadKiB: 'limits.headBytes',
  limitTargetKiB: 'limits.targetBytes',
  limitFields: 'limits.fields',
  limitRequestBodyMiB: 'limits.requestBodyBytes',
  limitConnections: 'limits.connections',
  limitHeadTimeoutMs: 'limits.headTimeoutMs',
  limitBodyTimeoutMs: 'limits.bodyTimeoutMs',
  limitIdleTimeoutMs: 'limits.idleTimeoutMs',
  limitUpgradeIdleMs: 'limits.upgradeIdleMs',
  maxBodyMiB: 'maxBodyBytes',
  credentialCookies: 'credentialCookies',
  allowedHosts: 'allowedHosts',
};

const drafts = new WeakMap<Settings, SettingsDraft>();

export function draftOf(settings: Settings): SettingsDraft {
  const draft = drafts.get(settings) ?? newDraftOf(settings);
  drafts.set(settings, draft);
  return draft;
}

/** The fields whose edits differ from what is saved. */
export function changedFields(edits: Partial<SettingsDraft>, saved: Settings): DraftField[] {
  const draft = draftOf(saved);
  return (Object.keys(edits) as DraftField[]).filter((field) => edits[field] !== draft[field]);
}

function newDraftOf(settings: Settings): SettingsDraft {
  return {
    origin: settings.origin ?? '',
    port: String(settings.port),
    host: settings.host ?? '',
    ttlSeconds: nullAsEmpty(settings.ttlSeconds),
    errorTtlSeconds: nullAsEmpty(settings.errorTtlSeconds),
    policy: settings.policy,
    store: settings.store,
    ...redisDraftOf(settings.redis),
    maxMemoryMiB: mebibyteText(settings.maxMemoryBytes),
    persist: settings.persist,
    maxDiskMiB: mebibyteText(settings.maxDiskBytes),
    compressionLevel: String(settings.compressionLevel),
    connectTimeoutMs: String(settings.upstream.connectTimeoutMs),
    headTimeoutMs: String(settings.upstream.headTimeoutMs),
    bodyTimeoutMs: String(settings.upstream.bodyTimeoutMs),
    acceptSelfSigned: settings.upstream.acceptSelfSigned,
    ...limitsDraftOf(settings.limits),
    maxBodyMiB: mebibyteText(settings.maxBodyBytes),
    credentialCookies: settings.credentialCookies.join('\n'),
    allowedHosts: settings.allowedHosts.join('\n'),
  };
}

type RedisDraft = Pick<SettingsDraft, Extract<DraftField, `redis${string}`>>;

function redisDraftOf(redis: RedisSettings): RedisDraft {
  return {
    redisMode: redis.mode,
    redisHost: redis.host,
    redisPort: String(redis.port),
    redisNodes: redis.nodes.join('\n'),
    redisMasterName: redis.masterName,
    redisUsername: redis.username ?? '',
    redisDatabase: String(redis.database),
    redisTls: redis.tls,
    redisAcceptSelfSigned: redis.acceptSelfSigned,
    redisUrl: redis.url ?? '',
    redisKeyPrefix: redis.keyPrefix,
    redisNearCacheMiB: mebibyteText(redis.nearCacheBytes),
    redisPoolSize: String(redis.poolSize),
    redisConnectTimeoutMs: String(redis.connectTimeoutMs),
    redisCommandTimeoutMs: String(redis.commandTimeoutMs),
    redisWriteTimeoutMs: String(redis.writeTimeoutMs),
    redisRetryMinMs: String(redis.retryMinMs),
    redisRetryMaxMs: String(redis.retryMaxMs),
  };
}

type LimitsDraft = Pick<SettingsDraft, Extract<DraftField, `limit${string}`>>;

function limitsDraftOf(limits: Limits): LimitsDraft {
  return {
    limitHeadKiB: kibibyteText(limits.headBytes),
    limitTargetKiB: kibibyteText(limits.targetBytes),
    limitFields: String(limits.fields),
    limitRequestBodyMiB: mebibyteText(limits.requestBodyBytes),
    limitConnections: String(limits.connections),
    limitHeadTimeoutMs: String(limits.headTimeoutMs),
    limitBodyTimeoutMs: String(limits.bodyTimeoutMs),
    limitIdleTimeoutMs: String(limits.idleTimeoutMs),
    limitUpgradeIdleMs: String(limits.upgradeIdleMs),
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
    host: emptyAsNull(draft.host),
    ttlSeconds: numberOrNull(draft.ttlSeconds),
    errorTtlSeconds: numberOrNull(draft.errorTtlSeconds),
    policy: draft.policy,
    store: draft.store,
    redis: readRedisDraft(draft, base.redis),
    maxMemoryBytes: mebibytes(draft.maxMemoryMiB, base.maxMemoryBytes),
    persist: draft.persist,
    maxDiskBytes: mebibytes(draft.maxDiskMiB, base.maxDiskBytes),
    compressionLevel: numberOf(draft.compressionLevel),
    upstream: {
      connectTimeoutMs: numberOf(draft.connectTimeoutMs),
      headTimeoutMs: numberOf(draft.headTimeoutMs),
      bodyTimeoutMs: numberOf(draft.bodyTimeoutMs),
      acceptSelfSigned: draft.acceptSelfSigned,
    },
    limits: readLimitsDraft(draft, base.limits),
    maxBodyBytes: mebibytes(draft.maxBodyMiB, base.maxBodyBytes),
    credentialCookies: linesOf(draft.credentialCookies),
    allowedHosts: linesOf(draft.allowedHosts),
  });
  return parsed.ok ? parsed : { ok: false, problems: fieldProblems(parsed.problems) };
}

/** Not checked yet. */
function readRedisDraft(draft: SettingsDraft, base: RedisSettings): Record<keyof RedisSettings, unknown> {
  return {
    mode: draft.redisMode,
    url: emptyAsNull(draft.redisUrl),
    host: draft.redisHost,
    port: numberOf(draft.redisPort),
    nodes: linesOf(draft.redisNodes),
    masterName: draft.redisMasterName,
    username: emptyAsNull(draft.redisUsername),
    // A cluster has no other, and the form does not ask for it.
    database: draft.redisMode === 'cluster' ? 0 : numberOf(draft.redisDatabase),
    tls: draft.redisTls,
    acceptSelfSigned: draft.redisAcceptSelfSigned,
    keyPrefix: draft.redisKeyPrefix,
    poolSize: numberOf(draft.redisPoolSize),
    connectTimeoutMs: numberOf(draft.redisConnectTimeoutMs),
    commandTimeoutMs: numberOf(draft.redisCommandTimeoutMs),
    writeTimeoutMs: numberOf(draft.redisWriteTimeoutMs),
    retryMinMs: numberOf(draft.redisRetryMinMs),
    retryMaxMs: numberOf(draft.redisRetryMaxMs),
    nearCacheBytes: mebibytes(draft.redisNearCacheMiB, base.nearCacheBytes),
  };
}

/** Not checked yet. */
function readLimitsDraft(draft: SettingsDraft, base: Limits): Record<keyof Limits, unknown> {
  return {
    headBytes: kibibytes(draft.limitHeadKiB, base.headBytes),
    targetBytes: kibibytes(draft.limitTargetKiB, base.targetBytes),
    fields: numberOf(draft.limitFields),
    requestBodyBytes: mebibytes(draft.limitRequestBodyMiB, base.requestBodyBytes),
    connections: numberOf(draft.limitConnections),
    headTimeoutMs: numberOf(draft.limitHeadTimeoutMs),
    bodyTimeoutMs: numberOf(draft.limitBodyTimeoutMs),
    idleTimeoutMs: numberOf(draft.limitIdleTimeoutMs),
    upgradeIdleMs: numberOf(draft.limitUpgradeIdleMs),
  };
}

/** What the schema says in words for whoever writes the file. */
const FORM_MESSAGES: Readonly<Partial<Record<DraftField, string>>> = {
  maxMemoryMiB: 'must be a number of MiB, at least 1',
  maxDiskMiB: 'must be a number of MiB, at least 1',
  redisNearCacheMiB: 'must be a number of MiB; 0 is off',
  limitHeadKiB: 'must be a number of KiB from 1 to 1024',
  limitTargetKiB: 'must be a number of KiB from 0.25 to 1024',
  limitRequestBodyMiB: 'must be a number of MiB; 0 takes no body',
  maxBodyMiB: 'must be a number of MiB from 0 to 1024',
};

/** Problems by the field of the form that they stand at. */
export function fieldProblems(problems: readonly SettingProblem[]): FieldProblems {
  const fields = Object.keys(SETTING_NAMES) as DraftField[];
  const found: Partial<Record<DraftField | 'other', string>> = {};
  for (const { field: name, message } of problems) {
    const field = fields.find((candidate) => isPartOf(name, SETTING_NAMES[candidate]));
    if (field === undefined) found.other ??= `${name} ${message}`;
    else found[field] ??= `${linePrefix(name)}${FORM_MESSAGES[field] ?? message}`;
  }
  return found;
}

const isPartOf = (name: string, whole: string) => name === whole || name.startsWith(`${whole}.`);

/** `redis.nodes.1` is the second line of its field. */
function linePrefix(name: string): string {
  const index = /\.(\d+)$/.exec(name)?.[1];
  return index === undefined ? '' : `Line ${Number(index) + 1} `;
}

function linesOf(text: string): string[] {
  return text.split(/[\s,;]+/).filter((line) => line !== '');
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

const mebibyteText = (bytes: number) => textIn(MEBIBYTE, bytes);
const kibibyteText = (bytes: number) => textIn(KIBIBYTE, bytes);
const mebibytes = (text: string, saved: number) => bytesIn(MEBIBYTE, text, saved);
const kibibytes = (text: string, saved: number) => bytesIn(KIBIBYTE, text, saved);

function textIn(unit: number, bytes: number): string {
  return String(Number((bytes / unit).toFixed(2)));
}

/** Bytes that the form would show alike stay as they were saved. */
function bytesIn(unit: number, text: string, saved: number): number {
  return text === textIn(unit, saved) ? saved : Math.round(numberOf(text) * unit);
}
