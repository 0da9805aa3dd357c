/** What a stored response becomes when the origin has confirmed it: by 304, by HEAD, or by a part of the same (RFC 9111 §3.2, §4.3.4, §4.3.5). */
import { fieldLines, filterFields, hasField, type RawFields } from '../http/raw-fields';
import { initialAge, type ReceivedResponse } from './age';
import { freshnessLifetime, type CachePolicy } from './freshness';
import { formatHttpDate } from './http-date';
import { mustValidate, storableFields } from './storable';
import type { StoredResponse } from './stored-response';
import { entityTag, lastModified } from './validator';

/** What describes the stored body stays as it was (RFC 9111 §3.2). */
const NOT_FRESHENED: ReadonlySet<string> = new Set([
  'content-digest',
  'content-encoding',
  'content-length',
  'content-md5',
  'content-range',
  'etag',
  'transfer-encoding',
]);

/** The stored response with the fields that came, and age and lifetime by them; the body is the same. */
export function freshen(
  stored: StoredResponse,
  update: ReceivedResponse,
  policy: CachePolicy,
): StoredResponse {
  const fields = freshenedFields(stored, update, policy);
  const { requestTime, responseTime } = update;
  // Age is not stored, but counts for both.
  const age = fieldLines(update.fields, 'age').flatMap((line) => ['Age', line]);
  const received = { status: stored.status, fields: [...fields, ...age], requestTime, responseTime };
  const lifetime = freshnessLifetime(received, policy);
  return {
    ...stored,
    fields,
    requestTime,
    responseTime,
    initialAgeSeconds: initialAge(received),
    lifetimeSeconds: lifetime.seconds,
    lifetimeSource: lifetime.source,
    mustValidate: mustValidate(fields, policy),
  };
}

/** A stored GET after a 200 to HEAD (RFC 9111 §4.3.5): freshened where length and validators agree, else stale. */
export function freshenByHead(
  stored: StoredResponse,
  head: ReceivedResponse,
  policy: CachePolicy,
): StoredResponse {
  if (describesSame(stored, head.fields)) return freshen(stored, head, policy);
  return { ...stored, lifetimeSeconds: 0 };
}

/** The fields of two parts put together (RFC 9111 §3.4): those that came last, and what they do not name. */
export function combinedFields(held: RawFields, received: RawFields): string[] {
  const names = new Set<string>();
  for (let index = 0; index < received.length; index += 2) names.add((received[index] ?? '').toLowerCase());
  return [...received, ...filterFields(held, (name) => !names.has(name))];
}

/** What HEAD does not say differs in nothing. */
function describesSame(stored: StoredResponse, headFields: RawFields): boolean {
  const { fields, partial, bodyBytes } = stored;
  const length = fieldLines(headFields, 'content-length')[0];
  const knownLength = partial === null ? bodyBytes : partial.completeLength;
  if (length !== undefined && knownLength !== null && Number(length) !== knownLength) return false;
  const tag = entityTag(headFields);
  if (tag !== null && tag !== entityTag(fields)) return false;
  const modified = lastModified(headFields);
  return modified === null || modified === lastModified(fields);
}

function freshenedFields(stored: StoredResponse, update: ReceivedResponse, policy: CachePolicy): string[] {
  const received = storableFields(update.fields, policy);
  const replacing = filterFields(received, (name) => !NOT_FRESHENED.has(name));
  // RFC 9110 §6.6.1: who receives no date takes the time of receipt
  if (!hasField(replacing, 'date')) replacing.push('Date', formatHttpDate(update.responseTime));
  const replaced = new Set<string>();
  for (let index = 0; index < replacing.length; index += 2)
    replaced.add((replacing[index] ?? '').toLowerCase());
  const kept = filterFields(stored.fields, (name) => !replaced.has(name));
  const newTag = hasField(stored.fields, 'etag') ? [] : filterFields(received, (name) => name === 'etag');
  // Once more, for what the stored Cache-Control withholds and the update brought.
  return storableFields([...kept, ...newTag, ...replacing], policy);
}
