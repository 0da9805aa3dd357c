/** Validators of a representation (RFC 9110 §8.8): entity tags and modification dates. */
import { fieldLines, type RawFields } from '../http/raw-fields';
import { parseHttpDate } from './http-date';

/** One tag, quoted or, as some origins have it, not: in If-None-Match it is read as neither several nor `*`. */
const ONE_TAG = /^(?!\*?$)[^\s",]*(?:"[^"]*")?$/;

/** The response's entity tag as received; null where there is none, more than one, or `*`, which would match anything. */
export function entityTag(fields: RawFields): string | null {
  const [tag, ...others] = fieldLines(fields, 'etag');
  return tag !== undefined && others.length === 0 && ONE_TAG.test(tag) ? tag : null;
}

/** Last-Modified as received, where it is a date. */
export function lastModified(fields: RawFields): string | null {
  const [line] = fieldLines(fields, 'last-modified');
  return line !== undefined && parseHttpDate(line, 0) !== null ? line : null;
}

export function hasValidator(fields: RawFields): boolean {
  return entityTag(fields) !== null || lastModified(fields) !== null;
}

export function isStrongTag(tag: string): boolean {
  return tag.length >= 2 && tag.startsWith('"') && tag.endsWith('"');
}

/** What proves that two parts are of one representation (RFC 9111 §3.4): the entity tag if it is strong, or a
 *  Last-Modified that is strong by implication (RFC 9110 §8.8.2.2). As If-Range wants it; null: neither. */
export function strongValidator(fields: RawFields): string | null {
  const tag = entityTag(fields);
  if (tag !== null) return isStrongTag(tag) ? tag : null;
  const modified = lastModified(fields);
  if (modified === null) return null;
  const date = parseHttpDate(fieldLines(fields, 'date')[0], 0);
  const time = parseHttpDate(modified, 0);
  return date !== null && time !== null && time + 1000 <= date ? modified : null;
}

/** Weak comparison (RFC 9110 §8.8.3.2): the opaque tags agree. */
export function weaklyEqual(left: string, right: string): boolean {
  return opaqueTag(left) === opaqueTag(right);
}

/** Strong comparison (RFC 9110 §8.8.3.2): the same, and neither is weak. */
export function stronglyEqual(left: string, right: string): boolean {
  return isStrongTag(left) && left === right;
}

/** Members of If-None-Match and If-Match (RFC 9110 §13.1). A backslash in a tag escapes nothing. */
export function entityTags(value: string): string[] {
  const tags: string[] = [];
  let at = 0;
  while (at < value.length) {
    const end = tagEnd(value, at);
    const tag = value.slice(at, end).trim();
    if (tag !== '') tags.push(tag);
    at = end + 1;
  }
  return tags;
}

function opaqueTag(tag: string): string {
  return tag.startsWith('W/') ? tag.slice(2) : tag;
}

/** Where the next comma outside quotes is, or the end. */
function tagEnd(value: string, start: number): number {
  let quoted = false;
  for (let index = start; index < value.length; index += 1) {
    if (value[index] === '"') quoted = !quoted;
    else if (value[index] === ',' && !quoted) return index;
  }
  return value.length;
}
