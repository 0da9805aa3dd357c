/**
 * A request that a person puts together in the window, and what may be sent of it. Checked in the form while it
 * is typed, and again in main before anything is sent.
 */
import { z } from 'zod';
import type { FieldLines } from './exchange-summary';

export const COMPOSE_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
export type ComposeMethod = (typeof COMPOSE_METHODS)[number];

export interface ComposedRequest {
  readonly method: ComposeMethod;
  /** Path and query at the origin. */
  readonly target: string;
  /** In the order in which they are sent. */
  readonly fields: FieldLines;
  /** Sent as UTF-8; empty: no body. */
  readonly body: string;
}

/** What became of a request that was sent. */
export interface SentExchange {
  readonly status: number;
  /** Its row in the live log. */
  readonly exchangeId: number | null;
}

export const MOST_FIELDS = 100;
const LONGEST_TARGET = 8192;
const LONGEST_NAME = 256;
const LONGEST_VALUE = 16 * 1024;
const LONGEST_BODY = 4 * 1024 * 1024;

export const composedRequestSchema = z.strictObject({
  method: z.enum(COMPOSE_METHODS),
  target: z.string().startsWith('/').max(LONGEST_TARGET),
  fields: z.array(z.tuple([z.string().max(LONGEST_NAME), z.string().max(LONGEST_VALUE)])).max(MOST_FIELDS),
  body: z.string().max(LONGEST_BODY),
});

/** Fields that the connection makes by itself: the wrong ones break the message (RFC 9110 §7.6.1, RFC 9112 §6). */
const MADE_BY_LARDER: ReadonlyMap<string, string> = new Map([
  ['host', 'Larder sets it to the origin it forwards to'],
  ['content-length', 'it is counted from the body'],
  ['transfer-encoding', 'the body is sent whole, with its length'],
  ['connection', 'it belongs to the connection, which Larder makes'],
  ['keep-alive', 'it belongs to the connection, which Larder makes'],
  ['proxy-connection', 'it belongs to the connection, which Larder makes'],
  ['te', 'it belongs to the connection, which Larder makes'],
  ['trailer', 'the body is sent without trailers'],
  ['upgrade', 'the window cannot speak another protocol'],
  ['expect', 'the body is sent at once'],
  ['http2-settings', 'the window cannot speak another protocol'],
]);

const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/;
// Visible characters, space, tab and what Latin-1 adds: no line break, no NUL.
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** What is wrong with a field in words, or null where it can be sent. */
export function composedFieldProblem(name: string, value: string): string | null {
  if (name === '') return 'A field needs a name';
  if (!TOKEN.test(name)) return `${name} is not a field name: letters, digits and dashes only`;
  const made = MADE_BY_LARDER.get(name.toLowerCase());
  if (made !== undefined) return `${name} cannot be sent: ${made}`;
  if (name.length > LONGEST_NAME) return 'The name of a field may have 256 characters';
  if (value.length > LONGEST_VALUE) return `The value of ${name} is longer than 16 KiB`;
  if (!VALUE.test(value)) return `The value of ${name} holds a character that no field can carry`;
  return null;
}

/** What is wrong with a path in words, or null where it can be sent. */
export function composedTargetProblem(target: string): string | null {
  if (target === '') return 'A request needs a path such as /products';
  if (!target.startsWith('/')) return 'The path must start with /';
  if (target.length > LONGEST_TARGET) return 'The path is longer than 8192 characters';
  if (target.includes('#')) return 'A fragment (#…) is never sent; leave it out';
  return null;
}

/** The first thing that is wrong with the request, or null. */
export function composedRequestProblem({ target, fields, body }: ComposedRequest): string | null {
  const inTarget = composedTargetProblem(target);
  if (inTarget !== null) return inTarget;
  if (fields.length > MOST_FIELDS) return `A request may carry ${MOST_FIELDS} fields`;
  for (const [name, value] of fields) {
    const problem = composedFieldProblem(name, value);
    if (problem !== null) return problem;
  }
  return body.length > LONGEST_BODY ? 'The body is longer than 4 MiB' : null;
}

/** Reads `Name: value` lines as they are pasted from elsewhere; a line that is none comes back as a problem. */
export function parseFieldLines(text: string): { fields: FieldLines; problem: string | null } {
  const fields: [string, string][] = [];
  let problem: string | null = null;
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === '') continue;
    const parsed = /^\s*([^\s:]+)\s*:\s*(.*?)\s*$/.exec(line);
    if (parsed?.[1] === undefined) problem ??= `Not a field: ${line.trim().slice(0, 60)}`;
    else fields.push([parsed[1], parsed[2] ?? '']);
  }
  return { fields, problem };
}
