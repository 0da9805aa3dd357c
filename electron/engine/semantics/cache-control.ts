/**
 * Cache-Control (RFC 9111 §5.2) as a map from directive to argument. Names are
 * in lower case, quotes are taken off. Whatever is doubtful is read in the way
 * that stores and reuses less.
 */
import type { Seconds } from '../../../shared/units';
import { fieldLines, fieldValue, hasField, listMembers, type RawFields } from '../http/raw-fields';

/** Argument by directive; null: the directive has none. */
export type CacheControl = ReadonlyMap<string, string | null>;

/** A field longer than this, or with more directives, is not read: it counts as `no-store`. */
export const MAX_FIELD_LENGTH = 8192;
const MAX_DIRECTIVES = 64;

/** Seconds a directive can hold; larger ones count as this (RFC 9111 §1.2.2). */
export const MAX_DELTA_SECONDS = 2 ** 31;

const NONE: CacheControl = new Map();
const NO_CACHE: CacheControl = new Map([['no-cache', null]]);
const NO_STORE: CacheControl = new Map([['no-store', null]]);
const DELTA_SECONDS = /^[0-9]+$/;
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const WITH_FIELD_NAMES: ReadonlySet<string> = new Set(['no-cache', 'private']);
const LOWEST_WINS: ReadonlySet<string> = new Set([
  'max-age',
  's-maxage',
  'max-stale',
  'stale-while-revalidate',
  'stale-if-error',
]);

/** Cache-Control of a message, all its lines as one list (RFC 9110 §5.3). A quoted string that does not end within
 *  its line hides no directive of the next. */
export function cacheControlOf(fields: RawFields): CacheControl {
  const lines = fieldLines(fields, 'cache-control');
  return parseCacheControl(lines.join(', '), lines.length > 1 && lines.some(endsWithinQuotes));
}

export function parseCacheControl(value: string, everyCommaDivides = false): CacheControl {
  if (value === '') return NONE;
  if (value.length > MAX_FIELD_LENGTH) return NO_STORE;
  const directives = new Map<string, string | null>();
  const members = everyCommaDivides ? value.split(',') : directiveMembers(value);
  for (const member of members) addDirective(directives, member);
  return directives.size > MAX_DIRECTIVES ? NO_STORE : directives;
}

/** The request's directives; `Pragma: no-cache` counts only where there is no Cache-Control (RFC 9111 §5.4). */
export function requestCacheControl(fields: RawFields): CacheControl {
  if (hasField(fields, 'cache-control')) return cacheControlOf(fields);
  const pragma = fieldValue(fields, 'pragma');
  if (pragma === undefined) return NONE;
  return listMembers(pragma).some((member) => member.toLowerCase() === 'no-cache') ? NO_CACHE : NONE;
}

/** The directive's delta-seconds. Null: no such directive; 0: its argument is invalid (RFC 9111 §4.2.1: stale). */
export function deltaSeconds(control: CacheControl, directive: string): Seconds | null {
  const argument = control.get(directive);
  if (argument === undefined) return null;
  return argument === null ? 0 : (parseDeltaSeconds(argument) ?? 0);
}

/** delta-seconds (RFC 9111 §1.2.2), at most 2^31; null where it is anything else. */
export function parseDeltaSeconds(value: string): Seconds | null {
  return DELTA_SECONDS.test(value) ? Math.min(Number(value), MAX_DELTA_SECONDS) : null;
}

/** Whether `no-cache` or `private` applies to the whole response (RFC 9111 §5.2.2.4, §5.2.2.7).
 *  A list that is empty or names something that is no field counts as none. */
export function isUnqualified(control: CacheControl, directive: 'no-cache' | 'private'): boolean {
  return control.has(directive) && qualifyingFields(control, directive).length === 0;
}

/** The fields that a qualified `no-cache` or `private` names, in lower case; empty where it is not qualified. */
export function qualifyingFields(
  control: CacheControl,
  directive: 'no-cache' | 'private',
): readonly string[] {
  const argument = control.get(directive);
  if (argument === undefined || argument === null) return [];
  const names = listMembers(argument).map((name) => name.toLowerCase());
  return names.every((name) => TOKEN.test(name)) ? names : [];
}

/** Where a quoted string does not end, every comma divides, so that it hides no directive. */
function directiveMembers(value: string): readonly string[] {
  if (!value.includes('"')) return value.split(',');
  return endsWithinQuotes(value) ? value.split(',') : listMembers(value);
}

function endsWithinQuotes(value: string): boolean {
  let quoted = false;
  for (let index = 0; index < value.length; index += 1) {
    const char = value[index];
    if (quoted && char === '\\') index += 1;
    else if (char === '"') quoted = !quoted;
  }
  return quoted;
}

function addDirective(directives: Map<string, string | null>, member: string): void {
  const equals = member.indexOf('=');
  const name = (equals < 0 ? member : member.slice(0, equals)).trim().toLowerCase();
  if (name === '') return;
  const argument = equals < 0 ? null : directiveArgument(member, equals);
  const earlier = directives.get(name);
  directives.set(name, earlier === undefined ? argument : stricter(name, earlier, argument));
}

/** Space about the equals sign is kept, which makes delta-seconds invalid (RFC 9111 §5.2 allows none). */
function directiveArgument(member: string, equals: number): string {
  const argument = member.slice(equals + 1).trimEnd();
  const spaced = equals > 0 && /\s/.test(member.charAt(equals - 1));
  return spaced ? ` ${unquoted(argument)}` : unquoted(argument);
}

function unquoted(argument: string): string {
  if (argument.length < 2 || !argument.startsWith('"') || !argument.endsWith('"')) return argument;
  return argument.slice(1, -1).replace(/\\(.)/gs, '$1');
}

/** Of a directive given twice (RFC 9111 §4.2.1: the first, or stale): the one that allows less. */
function stricter(name: string, first: string | null, second: string | null): string | null {
  if (WITH_FIELD_NAMES.has(name)) {
    return namesNothing(first) || namesNothing(second) ? null : `${first},${second}`;
  }
  if (name === 'min-fresh') return seconds(second) > seconds(first) ? second : first;
  if (name === 'max-stale' && first === null) return second;
  if (name === 'max-stale' && second === null) return first;
  if (LOWEST_WINS.has(name)) return seconds(second) < seconds(first) ? second : first;
  return first;
}

function namesNothing(argument: string | null): boolean {
  return argument === null || listMembers(argument).length === 0;
}

function seconds(argument: string | null): Seconds {
  return argument === null ? 0 : (parseDeltaSeconds(argument) ?? 0);
}
