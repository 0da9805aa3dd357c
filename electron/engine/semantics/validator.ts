/** Validators of a representation (RFC 9110 §8.8): entity tags and modification dates. */
import { fieldLines, type RawFields } from '../http/raw-fields';
import { parseHttpDate } from './http-date';

/** The response's entity tag as received; null where there is none, or more than one line. */
export function entityTag(fields: RawFields): string | null {
  const [tag, ...others] = fieldLines(fields, 'etag');
  return tag === undefined || tag === '' || others.length > 0 ? null : tag;
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
  return tag.startsWith('"');
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
