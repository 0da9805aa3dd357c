/**
 * Which cache directives govern a response: Cache-Control, or the first
 * targeted field (RFC 9213) that is valid and not empty, which then stands in
 * place of Cache-Control and Expires.
 */
import { parseDictionary } from 'structured-headers';
import { fieldValue, hasField, type RawFields } from '../http/raw-fields';
import { cacheControlOf, MAX_FIELD_LENGTH, type CacheControl } from './cache-control';

export interface ResponseDirectives {
  readonly control: CacheControl;
  /** Name of the targeted field in lower case; null: Cache-Control. */
  readonly target: string | null;
}

/** In this order (RFC 9213 §2.2). */
const TARGETED_FIELDS = ['larder-cache-control', 'cdn-cache-control'] as const;

export function responseDirectives(fields: RawFields): ResponseDirectives {
  for (const target of TARGETED_FIELDS) {
    if (!hasField(fields, target)) continue;
    const control = parseTargeted(fieldValue(fields, target) ?? '');
    if (control !== null) return { control, target };
  }
  return { control: cacheControlOf(fields), target: null };
}

export function responseCacheControl(fields: RawFields): CacheControl {
  return responseDirectives(fields).control;
}

/** Null: empty, or no Dictionary (RFC 9213 §2.1: to be ignored). Parameters are ignored. */
function parseTargeted(value: string): CacheControl | null {
  if (value.length > MAX_FIELD_LENGTH) return null;
  let dictionary;
  try {
    dictionary = parseDictionary(value);
  } catch {
    // RFC 9213 §2.1: a field that does not parse counts as absent.
    return null;
  }
  const directives = new Map<string, string | null>();
  for (const [name, [member]] of dictionary) {
    if (member === false) continue;
    directives.set(name, argumentOf(member));
  }
  return dictionary.size === 0 ? null : directives;
}

/** An Integer or a String as Cache-Control would have it; of any other type: an argument that is invalid everywhere. */
function argumentOf(member: unknown): string | null {
  if (member === true) return null;
  if (typeof member === 'number' && Number.isInteger(member)) return String(member);
  return typeof member === 'string' && !/^\d+$/.test(member) ? member : '';
}
