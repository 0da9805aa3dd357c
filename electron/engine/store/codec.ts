/**
 * A stored response as bytes, for stores outside this process. On the request's
 * path behind a lookup: metadata is a line of text (format, version, time, checksum)
 * and JSON below it; the body is kept as it is, or gzip-compressed where that pays.
 * What was not written by this version, or not in one piece, decodes to null.
 */
import { createHash, randomBytes, webcrypto } from 'node:crypto';
import { promisify } from 'node:util';
import { constants, gunzip, gunzipSync, gzip, type ZlibOptions } from 'node:zlib';
import { z } from 'zod';
import { LIFETIME_SOURCES } from '../../../shared/exchange-summary';
import type { EpochMs } from '../../../shared/units';
import { fieldValue, hasField } from '../http/raw-fields';
import type { StoredResponse } from '../semantics/stored-response';

/** Version of the format; raised when it changes. Another version is as good as not stored. */
const FORMAT = 'larder3';
const CHECKSUM_CHARS = 16;
const VERSION_BYTES = 9;
const BODY_CHECKSUM_CHARS = 22;
const COMPRESS_FROM_BYTES = 1024;
/** Compressed only where that saves a tenth. */
const WORTH_KEEPING = 0.9;
/** Larger bodies are hashed by libuv's threads: hashing holds the event loop at about 1 ms a megabyte. */
const HASH_APART_FROM_BYTES = 128 * 1024;
/** Inflated in a tenth of a millisecond; the way to another thread and back takes about as long. */
const SMALL_BYTES = 32 * 1024;
const COMPRESSIBLE =
  /^(?:text\/|application\/(?:[\w.+-]*[+.-])?(?:json|xml|javascript|ecmascript|wasm|yaml|toml|graphql|x-ndjson|x-www-form-urlencoded)$|image\/(?:svg\+xml|bmp)|font\/(?:ttf|otf))/;

const gzipAsync = promisify(gzip);
const gunzipAsync = promisify(gunzip);

/**
 * What is written of a stored response besides its body. The first line repeats
 * the body's version and the response's time, so that a script can compare them.
 */
export interface StoredRecord {
  readonly stored: StoredResponse;
  readonly body: BodyRecord;
  /** When the store may forget it. */
  readonly keepUntil: EpochMs;
}

export interface BodyRecord {
  /** New with each put, kept when freshened: tells this body from any other ever stored under the id. */
  readonly version: string;
  /** Hash of the body as it is kept. */
  readonly checksum: string;
  readonly encoding: 'identity' | 'gzip';
  /** As the origin sent it. */
  readonly bytes: number;
  /** As it is kept. */
  readonly storedBytes: number;
}

const bytes = z.number().int().min(0);
const rawFields = z.array(z.string()).refine((fields) => fields.length % 2 === 0);

const byteRange = z.object({ first: bytes, last: bytes });
const partialContent = z.object({
  ranges: z.array(byteRange).min(1),
  completeLength: bytes.nullable(),
});

const recordSchema: z.ZodType<StoredRecord> = z.object({
  stored: z.object({
    id: z.string(),
    key: z.string(),
    partition: z.string(),
    vary: z.array(z.tuple([z.string(), z.string().nullable()])),
    method: z.enum(['GET', 'HEAD']),
    url: z.string(),
    status: z.number().int(),
    statusText: z.string(),
    fields: rawFields,
    trailers: rawFields,
    requestTime: z.number(),
    responseTime: z.number(),
    initialAgeSeconds: z.number(),
    lifetimeSeconds: z.number(),
    lifetimeSource: z.enum(LIFETIME_SOURCES),
    mustValidate: z.boolean(),
    forOneUser: z.boolean(),
    partial: partialContent.nullable(),
    bodyBytes: bytes,
    originMs: z.number(),
  }),
  body: z.object({
    version: z.string(),
    checksum: z.string(),
    encoding: z.enum(['identity', 'gzip']),
    bytes,
    storedBytes: bytes,
  }),
  keepUntil: z.number(),
});

export function encodeMetadata(record: StoredRecord): Buffer {
  const json = JSON.stringify(record);
  return Buffer.from(`${firstLine(record)} ${checksum(json)}\n${json}`);
}

/** Null: corrupt, foreign, or of another version. */
export function decodeMetadata(encoded: Uint8Array): StoredRecord | null {
  const text = Buffer.from(encoded.buffer, encoded.byteOffset, encoded.byteLength).toString();
  const end = text.indexOf('\n');
  const json = text.slice(end + 1);
  if (!text.startsWith(`${FORMAT} `) || !text.slice(0, Math.max(end, 0)).endsWith(` ${checksum(json)}`))
    return null;
  const record = parseRecord(parseJson(json));
  return record !== null && text.startsWith(`${firstLine(record)} `) ? record : null;
}

/** What was written elsewhere as JSON. Null: not a record of this version's shape. */
export function parseRecord(value: unknown): StoredRecord | null {
  const parsed = recordSchema.safeParse(value);
  return parsed.success ? parsed.data : null;
}

/** What stands before the bodies of records that are read again and again. */
const bodyLines = new WeakMap<BodyRecord, Buffer>();

/** A body with a line before it that tells what it is, so that it can be read and checked without its metadata. */
export function encodeBodyValue(body: BodyRecord, kept: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(bodyLine(body)), kept]);
}

/** The body as it was kept, without a copy. Null: corrupt, foreign, of another version, or another body. */
export function decodeBodyValue(body: BodyRecord, value: Buffer): Uint8Array | null {
  let line = bodyLines.get(body);
  if (line === undefined) bodyLines.set(body, (line = Buffer.from(bodyLine(body))));
  return value.subarray(0, line.length).equals(line) ? value.subarray(line.length) : null;
}

/** A line of words with format and checksum around them. */
export function encodeLine(words: string): string {
  const line = `${FORMAT} ${words}`;
  return `${line} ${checksum(line)}`;
}

/** The words. Null: corrupt, foreign, or of another version. */
export function decodeLine(line: string): string | null {
  const end = line.lastIndexOf(' ');
  const start = FORMAT.length + 1;
  const isOurs = line.startsWith(`${FORMAT} `) && end >= start;
  return isOurs && line.slice(end + 1) === checksum(line.slice(0, end)) ? line.slice(start, end) : null;
}

function bodyLine({ encoding, bytes: bodyBytes, checksum: bodySum }: BodyRecord): string {
  return `${FORMAT} ${encoding} ${bodyBytes} ${bodySum}\n`;
}

function firstLine(record: StoredRecord): string {
  return `${FORMAT} ${record.body.version} ${record.stored.responseTime}`;
}

/** The body as it is to be kept, and what must be known to read it. `level`: of gzip, 1 to 9; 0: not compressed. */
export async function encodeBody(
  stored: StoredResponse,
  body: Uint8Array,
  level: number,
): Promise<{ readonly record: BodyRecord; readonly kept: Uint8Array }> {
  const compressed = level > 0 && isCompressible(stored, body) ? await gzipAsync(body, { level }) : null;
  const pays = compressed !== null && compressed.byteLength <= body.byteLength * WORTH_KEEPING;
  const kept = pays ? compressed : body;
  const encoding = pays ? 'gzip' : 'identity';
  const sizes = { bytes: body.byteLength, storedBytes: kept.byteLength };
  const version = randomBytes(VERSION_BYTES).toString('base64url');
  return { record: { version, checksum: await bodyChecksum(kept), encoding, ...sizes }, kept };
}

/** The body as the origin sent it. Null: these are not the bytes that were kept. */
export async function decodeBody(record: BodyRecord, kept: Uint8Array): Promise<Uint8Array | null> {
  const isKept = kept.byteLength === record.storedBytes && (await bodyChecksum(kept)) === record.checksum;
  if (!isKept) return null;
  const body = record.encoding === 'gzip' ? await inflate(kept, record.bytes) : kept;
  return body?.byteLength === record.bytes ? body : null;
}

/** As `decodeBody`, at once. Null also where it is not small. */
export function decodeSmallBody(record: BodyRecord, kept: Uint8Array): Uint8Array | null {
  const isSmall = kept.byteLength <= SMALL_BYTES && record.bytes <= SMALL_BYTES;
  if (!isSmall || kept.byteLength !== record.storedBytes || digestOf(kept) !== record.checksum) return null;
  const body = record.encoding === 'gzip' ? inflateNow(kept, record.bytes) : kept;
  return body?.byteLength === record.bytes ? body : null;
}

/** Never inflates beyond the length that was recorded. */
function inflateNow(kept: Uint8Array, inflatedBytes: number): Uint8Array | null {
  try {
    return gunzipSync(kept, inflating(inflatedBytes));
  } catch {
    // As `inflate`.
    return null;
  }
}

/** As `inflateNow`, by libuv's threads. */
async function inflate(kept: Uint8Array, inflatedBytes: number): Promise<Uint8Array | null> {
  try {
    return await gunzipAsync(kept, inflating(inflatedBytes));
  } catch {
    // Not gzip, cut off, or larger than recorded: damaged in any case.
    return null;
  }
}

function inflating(inflatedBytes: number): ZlibOptions {
  return { maxOutputLength: Math.max(inflatedBytes, 1), finishFlush: constants.Z_FINISH };
}

/** Whether `encodeBody` would try to compress it. */
export function isCompressible(stored: StoredResponse, body: Uint8Array): boolean {
  if (body.byteLength < COMPRESS_FROM_BYTES || hasField(stored.fields, 'content-encoding')) return false;
  const type = fieldValue(stored.fields, 'content-type') ?? '';
  return COMPRESSIBLE.test((type.split(';')[0] ?? '').trim().toLowerCase());
}

async function bodyChecksum(body: Uint8Array): Promise<string> {
  if (body.byteLength < HASH_APART_FROM_BYTES) return digestOf(body);
  const digest = Buffer.from(await webcrypto.subtle.digest('SHA-256', body));
  return digest.toString('base64url').slice(0, BODY_CHECKSUM_CHARS);
}

function digestOf(body: Uint8Array): string {
  return createHash('sha256').update(body).digest('base64url').slice(0, BODY_CHECKSUM_CHARS);
}

function checksum(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, CHECKSUM_CHARS);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // The checksum held, so this is someone's forgery rather than damage; the schema refuses it.
    return undefined;
  }
}
