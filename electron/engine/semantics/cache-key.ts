/**
 * The primary cache key (RFC 9111 §2), and the partition that keeps users
 * apart under it. Equal keys mean the same URL byte for byte; equal partitions
 * the same credentials and the same host asked for.
 */
import * as crypto from 'node:crypto';
import type { Policy } from '../../../shared/settings';
import { fieldLines, hasField, type RawFields } from '../http/raw-fields';
import { cookieSelector } from './cookie-patterns';

export interface CredentialsInput {
  readonly fields: RawFields;
  /** With `respect` credentials are not kept apart: RFC 9111 §3.5 decides whether they are stored. */
  readonly policy: Policy;
  /** `settings.credentialCookies`, the same array each time: what is made of it is kept by its identity. */
  readonly cookiePatterns: readonly string[];
}

export interface PartitionInput extends CredentialsInput {
  /** The store's `keySecret()`. */
  readonly secret: Uint8Array;
  /** Host that the client asked for, which the origin is told; null: a loopback name, which says nothing. */
  readonly forwardedHost: string | null;
}

/** The target URI. `originBase` has passed `originProblem`, `target` `targetProblem`. GET and HEAD share it. */
export function cacheKey(originBase: string, target: string): string {
  return originUrl(originBase, target);
}

/**
 * What keeps variants of one key apart besides Vary: a keyed hash of credentials and host, or ''
 * without them. The policies have partitions of their own: what `override` stored, against the
 * origin's word, is nothing that `respect` may serve.
 */
export function partitionOf(input: PartitionInput): string {
  const { forwardedHost, secret } = input;
  const host = forwardedHost === null ? null : `h${sized(forwardedHost.toLowerCase())}`;
  if (input.policy === 'respect') return host === null ? RESPECT : `${RESPECT}.${keyedHash(secret, host)}`;
  const credentials = credentialsHash(input.fields, input.cookiePatterns, secret);
  if (host === null) return credentials ?? '';
  return keyedHash(secret, credentials === null ? host : `${host}u${sized(credentials)}`);
}

/** Whether both partitions are of one policy. */
export function isSamePolicy(left: string, right: string): boolean {
  return isRespect(left) === isRespect(right);
}

const RESPECT = 'respect';

function isRespect(partition: string): boolean {
  return partition === RESPECT || partition.startsWith(`${RESPECT}.`);
}

/** Whether a response to this request is for one user only. */
export function hasCredentials({ fields, policy, cookiePatterns }: CredentialsInput): boolean {
  return policy === 'override' && credentialParts(fields, cookiePatterns).length > 0;
}

/** Joins base and target by string: a target never chooses the host. */
export function originUrl(originBase: string, target: string): string {
  return normalisedBase(originBase) + target;
}

/** Authorization (RFC 9110 §11.6.2) and the fields that APIs commonly use in its place. */
const CREDENTIAL_FIELDS = [
  'authorization',
  'x-api-key',
  'api-key',
  'x-auth-token',
  'x-access-token',
  'x-session-token',
  'private-token',
] as const;

const ORIGIN_FORM = /^\/[\x21\x22\x24-\x7e]*$/;
// eslint-disable-next-line no-control-regex -- they are what it looks for
const CONTROL_CHARACTER = /[\x00-\x1f\x7f]/;

/** What keeps a request target from being forwarded, in words, or null (origin-form, RFC 9112 §3.2.1). */
export function targetProblem(target: string): string | null {
  if (ORIGIN_FORM.test(target)) return null;
  if (!target.startsWith('/')) return 'must start with / (origin-form)';
  if (target.includes('#')) return 'must not carry a fragment';
  if (CONTROL_CHARACTER.test(target)) return 'must not contain control characters';
  if (target.includes(' ')) return 'must not contain spaces; write %20';
  return 'must be ASCII; percent-encode other characters';
}

/** Keyed hash of what tells users apart: Authorization and its like, and the cookies that `cookiePatterns` choose.
 *  Null where there is neither. The order of cookies does not matter. */
export function credentialsHash(
  fields: RawFields,
  cookiePatterns: readonly string[],
  secret: Uint8Array,
): string | null {
  const parts = credentialParts(fields, cookiePatterns);
  return parts.length === 0 ? null : keyedHash(secret, parts.join(''));
}

/** 132 bits of SHA-256 in 22 URL-safe characters. */
export function digest(text: string): string {
  return sha256(text).slice(0, 22);
}

/** At once where this Node can: Node 18, in the oldest Electron, makes an object of it. */
const hashAtOnce: typeof crypto.hash | undefined = crypto.hash;

function sha256(text: string): string {
  if (hashAtOnce !== undefined) return hashAtOnce('sha256', text, 'base64url');
  return crypto.createHash('sha256').update(text).digest('base64url');
}

/** Length before text, so that joined parts can be told apart. */
export function sized(text: string): string {
  return `${text.length}:${text}`;
}

/** 128 bits of HMAC-SHA-256 in 22 URL-safe characters. */
function keyedHash(secret: Uint8Array, text: string): string {
  return crypto.createHmac('sha256', secret).update(text).digest().subarray(0, 16).toString('base64url');
}

function credentialParts(fields: RawFields, patterns: readonly string[]): string[] {
  const parts: string[] = [];
  for (const name of CREDENTIAL_FIELDS) {
    if (!hasField(fields, name)) continue;
    for (const line of fieldLines(fields, name)) parts.push(`a${sized(name)}${sized(line)}`);
  }
  if (hasField(fields, 'cookie')) parts.push(...credentialCookies(fields, patterns));
  return parts;
}

/** Cookies of one name stay in order, since the first of them counts. */
function credentialCookies(fields: RawFields, patterns: readonly string[]): string[] {
  const selects = cookieSelector(patterns);
  const cookies: { name: string; part: string }[] = [];
  for (const line of fieldLines(fields, 'cookie')) {
    for (const pair of line.split(';')) {
      const text = pair.trim();
      const equals = text.indexOf('=');
      const name = equals < 0 ? text : text.slice(0, equals).trim();
      if (text === '' || !selects(name)) continue;
      const value = equals < 0 ? '-' : sized(text.slice(equals + 1).trim());
      cookies.push({ name, part: `c${sized(name)}${value}` });
    }
  }
  cookies.sort((left, right) => (left.name < right.name ? -1 : left.name > right.name ? 1 : 0));
  return cookies.map(({ part }) => part);
}

let lastBase = '';
let lastNormalised = '';

/** Scheme and host in lower case, no default port, no slash at the end. The origin seldom changes: the last is kept. */
function normalisedBase(originBase: string): string {
  if (originBase !== lastBase) {
    const { origin, pathname } = new URL(originBase);
    lastNormalised = origin + (pathname.endsWith('/') ? pathname.slice(0, -1) : pathname);
    lastBase = originBase;
  }
  return lastNormalised;
}
