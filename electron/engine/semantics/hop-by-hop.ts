/** Fields for one connection only (RFC 9110 §7.6.1): taken off in both directions, never stored. */
import { fieldValue, filterFields, listMembers, type RawFields } from '../http/raw-fields';

// Trailer is not among them: it tells every recipient what follows (RFC 9110 §6.6.2).
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
]);

/** Meant for every recipient: to name one in Connection is a mistake or an attack (RFC 9110 §7.6.1). */
const NEVER_NOMINATED: ReadonlySet<string> = new Set([
  'age',
  'cache-control',
  'content-encoding',
  'content-length',
  'content-range',
  'content-type',
  'date',
  'etag',
  'expires',
  'host',
  'vary',
]);

/** Nominated or not, these stay: to lose them would give one user's answer to another. */
const ALWAYS_KEPT: ReadonlySet<string> = new Set([
  ...NEVER_NOMINATED,
  'authorization',
  'cookie',
  'set-cookie',
]);

/** Names in lower case of the fields to take off: the well-known ones and those that Connection names. */
export function hopByHopNames(fields: RawFields): ReadonlySet<string> {
  const options = connectionOptions(fields);
  if (options.length === 0) return HOP_BY_HOP;
  const nominated = options.filter((name) => !HOP_BY_HOP.has(name) && !ALWAYS_KEPT.has(name));
  return nominated.length === 0 ? HOP_BY_HOP : new Set([...HOP_BY_HOP, ...nominated]);
}

/** The end-to-end fields, as received. */
export function withoutHopByHop(fields: RawFields): string[] {
  const names = hopByHopNames(fields);
  return filterFields(fields, (name) => !names.has(name));
}

/** What is wrong with the message's Connection field, in words, or null. */
export function connectionProblem(fields: RawFields): string | null {
  const wrong = connectionOptions(fields).filter((name) => NEVER_NOMINATED.has(name));
  if (wrong.length === 0) return null;
  return `Connection names ${wrong.join(', ')}, which every recipient needs (RFC 9110 §7.6.1)`;
}

function connectionOptions(fields: RawFields): readonly string[] {
  const value = fieldValue(fields, 'connection');
  if (value === undefined || value === 'keep-alive' || value === 'close') return [];
  return listMembers(value.toLowerCase());
}
