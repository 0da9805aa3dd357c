/** Validation (RFC 9111 §4.3): asking the origin with stored validators, and answering those who ask us. */
import type { EpochMs } from '../../../shared/units';
import { fieldLines, fieldValue, filterFields, hasField, type RawFields } from '../http/raw-fields';
import { dateOf, initialAge, type ReceivedResponse } from './age';
import { freshnessLifetime, type CachePolicy } from './freshness';
import { formatHttpDate, parseHttpDate } from './http-date';
import { mustValidate, storableFields } from './storable';
import type { StoredResponse } from './stored-response';
import { entityTag, entityTags, isStrongTag, lastModified, weaklyEqual } from './validator';

/** What describes the stored body stays as it was (RFC 9111 §3.2); Vary too, since the variant was chosen by it. */
const NOT_FRESHENED: ReadonlySet<string> = new Set([
  'content-encoding',
  'content-length',
  'content-range',
  'content-type',
  'transfer-encoding',
  'vary',
]);

/** Fields that ask whether `stored` is still right (RFC 9111 §4.3.1); empty where it has no validator. */
export function conditionsFor(stored: Pick<StoredResponse, 'fields'>): string[] {
  const conditions: string[] = [];
  const tag = entityTag(stored.fields);
  if (tag !== null) conditions.push('If-None-Match', tag);
  const modified = lastModified(stored.fields);
  if (modified !== null) conditions.push('If-Modified-Since', modified);
  return conditions;
}

/** The request with `conditions` in place of its own If-None-Match and If-Modified-Since. */
export function withConditions(requestFields: RawFields, conditions: RawFields): string[] {
  const others = filterFields(
    requestFields,
    (name) => name !== 'if-none-match' && name !== 'if-modified-since',
  );
  return [...others, ...conditions];
}

export function hasOwnConditions(requestFields: RawFields): boolean {
  return hasField(requestFields, 'if-none-match') || hasField(requestFields, 'if-modified-since');
}

/** Whether the client already has what is stored, so that 304 answers it (RFC 9111 §4.3.2). */
export function isNotModified(requestFields: RawFields, stored: StoredResponse): boolean {
  // RFC 9110 §13.2.1: conditions count only where the answer would succeed
  if (stored.status < 200 || stored.status > 299) return false;
  const tags = fieldValue(requestFields, 'if-none-match');
  if (tags !== undefined) return matchesTags(tags, stored);
  const [since, ...others] = fieldLines(requestFields, 'if-modified-since');
  if (since === undefined || others.length > 0) return false;
  const time = parseHttpDate(since, stored.responseTime);
  return time !== null && modificationTime(stored) <= time;
}

/** Whether a 304 speaks of `stored` (RFC 9111 §4.3.4): its strong tag, if it has one, is the stored one. */
export function identifies(notModifiedFields: RawFields, stored: StoredResponse): boolean {
  const tag = entityTag(notModifiedFields);
  if (tag === null) return true;
  const storedTag = entityTag(stored.fields);
  if (storedTag === null) return !isStrongTag(tag);
  return isStrongTag(tag) ? storedTag === tag : weaklyEqual(storedTag, tag);
}

/** The stored response after a 304 (RFC 9111 §3.2, §4.3.4): new fields, age and lifetime, the same body. */
export function freshen(
  stored: StoredResponse,
  response304: ReceivedResponse,
  policy: CachePolicy,
): StoredResponse {
  const fields = freshenedFields(stored.fields, response304, policy);
  const { requestTime, responseTime } = response304;
  // Age is not stored, but counts for both.
  const age = fieldLines(response304.fields, 'age').flatMap((line) => ['Age', line]);
  const received = { status: stored.status, fields: [...fields, ...age], requestTime, responseTime };
  return {
    ...stored,
    fields,
    requestTime,
    responseTime,
    initialAgeSeconds: initialAge(received),
    lifetimeSeconds: freshnessLifetime(received, policy).seconds,
    mustValidate: mustValidate(fields, policy),
  };
}

function freshenedFields(
  storedFields: RawFields,
  response304: ReceivedResponse,
  policy: CachePolicy,
): string[] {
  const replacing = filterFields(
    storableFields(response304.fields, policy),
    (name) => !NOT_FRESHENED.has(name),
  );
  // RFC 9110 §6.6.1: who receives no date takes the time of receipt
  if (!hasField(replacing, 'date')) replacing.push('Date', formatHttpDate(response304.responseTime));
  const replaced = new Set<string>();
  for (let index = 0; index < replacing.length; index += 2)
    replaced.add((replacing[index] ?? '').toLowerCase());
  const kept = filterFields(storedFields, (name) => !replaced.has(name));
  // Once more, for what the stored Cache-Control withholds and the 304 brought.
  return storableFields([...kept, ...replacing], policy);
}

function matchesTags(value: string, stored: StoredResponse): boolean {
  const tags = entityTags(value);
  if (tags.includes('*')) return true;
  const storedTag = entityTag(stored.fields);
  return storedTag !== null && tags.some((tag) => weaklyEqual(tag, storedTag));
}

/** Last-Modified, else Date, else when it was received (RFC 9111 §4.3.2). */
function modificationTime(stored: StoredResponse): EpochMs {
  const modified = parseHttpDate(fieldLines(stored.fields, 'last-modified')[0], stored.responseTime);
  return modified ?? dateOf(stored);
}
