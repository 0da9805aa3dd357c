/** The client's own conditions, answered from the store (RFC 9110 §13; RFC 9111 §4.3.2). */
import type { EpochMs } from '../../../shared/units';
import { fieldLines, fieldValue, filterFields, hasField, type RawFields } from '../http/raw-fields';
import { dateOf } from './age';
import { parseHttpDate } from './http-date';
import type { StoredResponse } from './stored-response';
import { entityTag, entityTags, strongValidator, stronglyEqual, weaklyEqual } from './validator';

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

/** Whether Range counts (RFC 9110 §13.1.5): there is no If-Range, or its validator is, by strong comparison, the stored one. */
export function allowsRange(requestFields: RawFields, stored: StoredResponse): boolean {
  const [condition, ...others] = fieldLines(requestFields, 'if-range');
  if (condition === undefined) return true;
  if (others.length > 0) return false;
  const tag = entityTag(stored.fields);
  if (condition.startsWith('"') || condition.startsWith('W/'))
    return tag !== null && stronglyEqual(tag, condition);
  const time = parseHttpDate(condition, stored.responseTime);
  // A date is compared with Last-Modified, whatever the entity tag.
  const modified = strongValidator(filterFields(stored.fields, (name) => name !== 'etag'));
  return time !== null && modified !== null && parseHttpDate(modified, stored.responseTime) === time;
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
