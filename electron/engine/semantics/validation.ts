/** Asking the origin whether what is stored is still right, and what its 304 speaks of (RFC 9111 §4.3). */
import { filterFields, type RawFields } from '../http/raw-fields';
import type { StoredResponse } from './stored-response';
import { entityTag, isStrongTag, lastModified, stronglyEqual, weaklyEqual } from './validator';

/** Tags that go into one If-None-Match at most, the most recent first. */
const MAX_TAGS = 16;
const MAX_TAG_LENGTH = 512;

/** What is asked about: `asked[0]` is what the request would get. */
export interface ValidationRequest {
  /** If-None-Match, If-Modified-Since. */
  readonly conditions: RawFields;
  /** In the order of their tags. */
  readonly asked: readonly StoredResponse[];
}

/**
 * Asks about the stored response that the request would get, and about the other variants by their tags (RFC 9111
 * §4.3.1); `selected` null: only about those. Null: there is no validator to ask with.
 * @param others most recent first
 */
export function validationFor(
  selected: StoredResponse | null,
  others: readonly StoredResponse[],
): ValidationRequest | null {
  const selectedTag = selected === null ? null : entityTag(selected.fields);
  // Tags of others would make the origin ignore If-Modified-Since (RFC 9110 §13.1.3).
  const askOthers = selected === null || selectedTag !== null;
  const tagged = askOthers ? withTags(selected, others) : [];
  const tags = [...new Set(tagged.map(({ fields }) => entityTag(fields)))];
  const conditions = tags.length === 0 ? [] : ['If-None-Match', tags.join(', ')];
  const modified = selected === null ? null : lastModified(selected.fields);
  if (modified !== null) conditions.push('If-Modified-Since', modified);
  if (conditions.length === 0) return null;
  return { conditions, asked: tagged.length === 0 && selected !== null ? [selected] : tagged };
}

function withTags(selected: StoredResponse | null, others: readonly StoredResponse[]): StoredResponse[] {
  const all = selected === null ? others : [selected, ...others.filter((other) => other !== selected)];
  return all
    .filter(({ fields }, index) => {
      const tag = entityTag(fields);
      return tag !== null && (tag.length <= MAX_TAG_LENGTH || (index === 0 && selected !== null));
    })
    .slice(0, MAX_TAGS);
}

/** The request with `conditions` in place of its own If-None-Match and If-Modified-Since. */
export function withConditions(requestFields: RawFields, conditions: RawFields): string[] {
  const others = filterFields(
    requestFields,
    (name) => name !== 'if-none-match' && name !== 'if-modified-since',
  );
  return [...others, ...conditions];
}

/**
 * Which of `asked` a 304 confirms (RFC 9111 §4.3.4): the one with its tag. Where only one was asked about, that one,
 * whatever tag the 304 carries: nothing else can have matched (RFC 9110 §15.4.5), and origins that compress
 * on the fly are known to answer with the tag of the other form. Null: it cannot be told.
 */
export function confirmedBy(
  notModifiedFields: RawFields,
  asked: readonly StoredResponse[],
): StoredResponse | null {
  const [only, ...others] = asked;
  if (only === undefined || others.length === 0) return only ?? null;
  const tag = entityTag(notModifiedFields);
  return tag === null ? null : (asked.find((stored) => hasTag(stored, tag)) ?? null);
}

/** Whether `stored` is freshened too by the 304 that confirmed `confirmed` (RFC 9111 §4.3.4): they have one strong tag. */
export function isFreshenedWith(stored: StoredResponse, confirmed: StoredResponse): boolean {
  const [left, right] = [entityTag(stored.fields), entityTag(confirmed.fields)];
  return stored.id !== confirmed.id && left !== null && right !== null && stronglyEqual(left, right);
}

function hasTag(stored: StoredResponse, tag: string): boolean {
  const storedTag = entityTag(stored.fields);
  if (storedTag === null) return false;
  return isStrongTag(tag) ? storedTag === tag : weaklyEqual(storedTag, tag);
}
