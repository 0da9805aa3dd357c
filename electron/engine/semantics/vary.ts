/** The secondary cache key (RFC 9111 §4.1): which request fields chose a response, and whether another's agree. */
import { fieldLines, listMembers, type RawFields } from '../http/raw-fields';
import { digest, sized } from './cache-key';
import type { StoredResponse, VaryingField } from './stored-response';

/** A response that varies on more is as good as `*`. */
const MAX_VARY_NAMES = 32;
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** Kept as a hash: stored responses are shown and may lie in Redis. */
const SECRET_FIELDS: ReadonlySet<string> = new Set(['authorization', 'cookie', 'proxy-authorization']);
const WEIGHTED_MEMBER = /^([a-z0-9*][a-z0-9*._-]*)(?:\s*;\s*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?$/;

/** Names in Vary: lower case, sorted, each once. `*` where it can never match, or is no list of field names. */
export function varyNames(responseFields: RawFields): readonly string[] | '*' {
  const lines = fieldLines(responseFields, 'vary');
  if (lines.length === 0) return [];
  const names = new Set(lines.flatMap((line) => listMembers(line.toLowerCase())));
  if (names.has('*') || names.size > MAX_VARY_NAMES) return '*';
  const sorted = [...names].sort();
  return sorted.every((name) => TOKEN.test(name)) ? sorted : '*';
}

/** The request's values of those fields, as they are compared. */
export function varyingFields(names: readonly string[], requestFields: RawFields): readonly VaryingField[] {
  return names.map((name) => [name, comparableValue(name, requestFields)]);
}

export function matchesVary(vary: readonly VaryingField[], requestFields: RawFields): boolean {
  for (const [name, value] of vary) {
    if (comparableValue(name, requestFields) !== value) return false;
  }
  return true;
}

/** Names of the fields in which the request differs from the one that was answered so. */
export function varyDifferences(stored: Pick<StoredResponse, 'vary'>, requestFields: RawFields): string[] {
  return stored.vary
    .filter(([name, value]) => comparableValue(name, requestFields) !== value)
    .map(([name]) => name);
}

/** Identifies a stored response: the same for the same method, key, partition and variant; 22 URL-safe characters.
 *  A part of a representation lies beside the whole. */
export function variantId(
  variant: Pick<StoredResponse, 'method' | 'key' | 'partition' | 'vary' | 'partial'>,
): string {
  const kind = variant.partial === null ? variant.method : 'PART';
  let text = kind + sized(variant.key) + sized(variant.partition);
  for (const [name, value] of variant.vary) text += sized(name) + (value === null ? '-' : sized(value));
  return digest(text);
}

/** Several lines are one list (RFC 9111 §4.1); null where the field is absent, which differs from empty. */
function comparableValue(name: string, requestFields: RawFields): string | null {
  const lines = fieldLines(requestFields, name);
  if (lines.length === 0) return null;
  const value = lines.map((line) => line.trim()).join(', ');
  if (SECRET_FIELDS.has(name)) return digest(value);
  if (name === 'accept-encoding') return normaliseWeighted(value, true);
  // Some origins read the order of languages as priority, so it stays.
  if (name === 'accept-language') return normaliseWeighted(value, false);
  return withoutListSpace(value);
}

/** Space beside a comma says nothing (RFC 9110 §5.6.1), except within a quoted string; a string that does not end is left alone. */
function withoutListSpace(value: string): string {
  if (!value.includes(',')) return value;
  if (!value.includes('"')) return value.replace(/[ \t]*,[ \t]*/g, ',');
  const parts = value.split(/("(?:[^"\\]|\\.)*")/);
  if (parts.some((part, index) => index % 2 === 0 && part.includes('"'))) return value;
  return parts.map((part, index) => (index % 2 === 0 ? part.replace(/[ \t]*,[ \t]*/g, ',') : part)).join('');
}

/** Case, space, `q=1` and zeros at a weight's end carry no meaning (RFC 9110 §12.4.2). Anything odd is left as it is. */
function normaliseWeighted(value: string, unordered: boolean): string {
  const members: string[] = [];
  for (const member of listMembers(value.toLowerCase())) {
    const match = WEIGHTED_MEMBER.exec(member);
    if (match === null) return value;
    members.push(weighted(match[1] ?? '', match[2]));
  }
  return (unordered ? members.sort() : members).join(',');
}

function weighted(name: string, weight: string | undefined): string {
  const value = Number(weight ?? 1);
  return value === 1 ? name : `${name};q=${value}`;
}
